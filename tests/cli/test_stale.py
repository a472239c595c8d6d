"""`rolloutctl stale`: which flags should go away, why, and where the code still names them."""

import subprocess

import pytest

from tests.cli.desk import COLUMN, FLAG, VARIABLE
from tests.golden_files import assert_golden, same_every_day

FILE = f"flags/{FLAG}.yaml"


@pytest.fixture
def app(desk):
    """The app's checkout: it names the flag by its column and its variable."""
    folder = desk.root.parent / "app"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "checkout.ts").write_text(
        f"const on = process.env.{VARIABLE} === '1' ||\n"
        f"  (await config.findUnique({{select: {{{COLUMN}: true}}}}))?.{COLUMN};\n"
        f"// {COLUMN}d is another word\n"
    )
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "--all"], check=True)
    return folder


def stale(desk, *arguments):
    done = desk.run("stale", "--format", "json", *arguments)
    assert done.code == 0, done.err
    return done.json["stale"]


def reasons(desk, *arguments):
    return [found["reason"] for flag in stale(desk, *arguments) for found in flag["reasons"]]


def grown_old(desk, days=100):
    """What was applied was applied long ago."""
    desk.sql(
        "UPDATE rollout.flag SET since = since - make_interval(days => %s), "
        "phase_since = phase_since - make_interval(days => %s)",
        days,
        days,
    )


def complete(desk):
    desk.promote("pilot", "100%")
    done = desk.run("reconcile", "--allow", "skips_phase", "--reason", "a test")
    assert done.code == 0, done.err
    grown_old(desk)


def seen(desk, name, *arguments):
    done = desk.run("stale", *arguments)
    assert done.code == 0, done.err
    text = same_every_day(done.out).replace(str(desk.root.parent), "")
    assert_golden(f"cli/stale_{name}.txt", text)


def test_nothing_is_stale(desk, app):
    desk.run("reconcile")
    seen(desk, "none", "--code", str(app))
    assert desk.run("stale", "--detailed-exitcode").code == 0


def test_everyone_has_it_and_the_code_asks_for_it(desk, app):
    complete(desk)
    seen(desk, "everyone", "--code", str(app))
    (found,) = stale(desk, "--code", str(app))
    assert [(r["path"], r["line"], r["name"]) for r in found["references"]] == [
        ("src/checkout.ts", 1, "variable"),
        ("src/checkout.ts", 2, "column"),
    ]
    assert desk.run("stale", "--detailed-exitcode").code == 3


def test_everyone_has_it_and_nothing_asks_for_it(desk, app):
    (app / "src" / "checkout.ts").write_text("")
    complete(desk)
    seen(desk, "unreferenced", "--code", str(app))
    assert reasons(desk) == ["everyone"]


def test_overrides_must_be_settled_first(desk):
    complete(desk)
    desk.edit(
        FILE, "deploy_env:", "overrides:\n  - {merchant: m02, value: false, reason: x}\ndeploy_env:"
    )
    seen(desk, "overrides")


def test_past_its_last_day_in_the_middle_of_the_ladder(desk):
    desk.edit(FILE, "expires: 2099-01-31", "expires: 2026-01-31")
    desk.commit("It was to be over")
    desk.run("reconcile")
    (found,) = stale(desk)
    assert [one["reason"] for one in found["reasons"]] == ["expired"]
    assert found["step"] == "finish"
    out = desk.run("stale").out
    assert "its last day, 2026-01-31, was over" in out
    assert f"give it a later date in {FILE} for review" in out


def test_halted_for_long(desk):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", "orders are lost")
    assert reasons(desk) == []
    desk.sql("UPDATE rollout.halt SET since = since - interval '91 days'")
    assert reasons(desk) == ["halted"]
    assert f"rolloutctl resume {FLAG}" in desk.run("stale").out


def test_how_long_is_long_can_be_said(desk):
    desk.promote("pilot", "off")
    desk.run("reconcile")
    grown_old(desk, days=10)
    assert reasons(desk) == []
    assert reasons(desk, "--off-for", "9d") == ["off"]
    assert desk.run("stale", "--off-for", "soon").code == 2


def test_before_the_first_run_it_answers_too(desk):
    assert reasons(desk) == []
    desk.edit(FILE, "expires: 2099-01-31", "expires: 2026-01-31")
    assert reasons(desk) == ["expired"]


def test_the_files_of_the_flags_are_no_code(desk):
    desk.run("reconcile")
    desk.git("init", "--quiet")
    assert reasons(desk, "--code", str(desk.root)) == ["unreferenced"]


def test_the_other_environments_are_thought_of(desk):
    complete(desk)
    text = desk.read("rollout/environments/test.yaml").replace("name: test", "name: staging")
    desk.write("rollout/environments/staging.yaml", text)
    (found,) = stale(desk, "--env", "test")
    assert found["next"].endswith("look at the other environments before: staging")


def test_a_folder_without_git_is_said(desk, tmp_path):
    (tmp_path / "plain").mkdir()
    done = desk.run("stale", "--code", str(tmp_path / "plain"))
    assert done.code == 2
    assert "cannot be searched" in done.err


def test_a_file_with_a_hostile_name_steers_nothing(desk, app):
    (app / "\x1b[31m\nred").write_text(COLUMN)
    subprocess.run(["git", "-C", str(app), "add", "--all"], check=True)
    complete(desk)
    out = desk.run("stale", "--code", str(app)).out
    assert "\x1b" not in out
    assert "\\x1b[31m\\nred:1" in out
