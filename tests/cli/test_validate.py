"""`rolloutctl validate`: text for people, annotations for GitHub, JSON for machines."""

from tests.cli.desk import FLAG


def test_valid_files_are_counted(desk):
    done = desk.run("validate")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "valid: 1 flag, 1 environment, 3 files"


def test_warnings_are_shown_and_fail_nothing(desk):
    done = desk.run("validate")
    assert done.code == 0
    assert "warning RC410" in done.out


def test_every_problem_has_its_place_code_and_suggestion(desk):
    desk.edit(f"rollout/{FLAG}.yaml", "percent: 10}", "percnt: 10}")
    desk.edit(f"flags/{FLAG}.yaml", "owner:", "ower:")
    done = desk.run("validate")
    assert done.code == 2
    assert f"rollout/{FLAG}.yaml:7:17: error RC" in done.out
    assert "did you mean `percent`" in done.out
    assert f"flags/{FLAG}.yaml:4:1: error RC" in done.out


def test_github_gets_annotations_on_the_lines(desk):
    desk.edit(f"rollout/{FLAG}.yaml", "percent: 10}", "percnt: 10}")
    done = desk.run("validate", "--format", "github")
    assert done.code == 2
    assert done.out.startswith(f"::error file=rollout/{FLAG}.yaml,line=7,col=17,title=RC")
    assert all(line.startswith(("::error", "::warning")) for line in done.out.splitlines())


def test_a_file_cannot_smuggle_in_a_workflow_command(desk):
    desk.edit(f"flags/{FLAG}.yaml", "owner:", '"x\\n::set-output name=a::b": 1\nowner:')
    done = desk.run("validate", "--format", "github")
    assert done.code == 2
    assert all(line.startswith(("::error", "::warning")) for line in done.out.splitlines())


def test_machines_get_the_same(desk):
    desk.edit(f"rollout/{FLAG}.yaml", "percent: 10}", "percnt: 10}")
    document = desk.run("validate", "--format", "json").json
    assert document["valid"] is False
    places = {(p["file"], p["line"], p["column"]) for p in document["problems"]}
    assert (f"rollout/{FLAG}.yaml", 7, 17) in places


def test_a_folder_without_configuration_is_not_empty_configuration(desk, tmp_path):
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    done = desk.run("validate", "-C", str(nothing))
    assert done.code == 2
    assert "flags/ and rollout/" in done.err
