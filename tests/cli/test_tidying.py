"""`rolloutctl stale --open-pr`: one pull request that removes what is finished, nothing else."""

import subprocess
from collections.abc import Iterator

import pytest

from controller.testing import FakeGitHub
from tests.cli.desk import COLUMN, FLAG, Desk, Done
from tests.cli.test_stale import complete, grown_old

BRANCH = "rolloutctl/tidy"


@pytest.fixture
def github(desk: Desk, tmp_path) -> Iterator[FakeGitHub]:
    remote = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    desk.git("remote", "add", "origin", str(remote))
    with FakeGitHub(git=remote) as fake:
        yield fake


@pytest.fixture
def app(desk: Desk):
    """All of the app's code, which does not know the flag any more."""
    folder = desk.root.parent / "app"
    folder.mkdir()
    (folder / "main.ts").write_text("checkout();\n")
    for words in (("init", "--quiet"), ("add", "--all")):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder


def names_it(app) -> None:
    (app / "main.ts").write_text(f"if (config.{COLUMN}) checkout();\n")


def tidy(desk: Desk, github: FakeGitHub, app) -> Done:
    desk.git("push", "--quiet", "origin", "main")
    desk.git("fetch", "--quiet", "origin")
    done = desk.run("stale", "--open-pr", "--code", str(app), env=github.variables())
    assert done.code == 0, done.err
    return done


def finish(desk: Desk) -> None:
    """Everybody has had it for long."""
    desk.run("reconcile")
    grown_old(desk)
    complete(desk)


def files(desk: Desk, revision: str) -> set[str]:
    return set(desk.git("ls-tree", "-r", "--name-only", revision).split())


def test_the_files_of_a_finished_flag_go_in_one_pull_request(desk, github, app):
    finish(desk)
    assert "pull request opened" in tidy(desk, github, app).out
    (pull,) = github.pulls
    assert (pull.head_branch, pull.title) == (BRANCH, f"Remove the finished flag {FLAG}")
    gone = files(desk, "main") - files(desk, BRANCH)
    assert gone == {f"flags/{FLAG}.yaml", f"rollout/{FLAG}.yaml"}
    status = github.status(github.head(pull.number))
    assert status is not None
    assert status.state == "success"
    for said in (
        "on for everyone (in 100%) for 100 days",
        "the flag is released, no value changes (20 of 20 merchants have it)",
        "names it any more",
        f"the column {COLUMN}",
    ):
        assert said in pull.body, pull.body


def test_run_again_it_is_the_same_pull_request(desk, github, app):
    finish(desk)
    tidy(desk, github, app)
    head = github.head(1)
    assert "brought up to date" in tidy(desk, github, app).out
    assert (len(github.pulls), github.head(1)) == (1, head)
    desk.write("notes.md", "the base moves on")
    desk.commit("Notes")
    assert "brought up to date" in tidy(desk, github, app).out
    assert len(github.pulls) == 1


def test_what_the_merge_leaves_is_valid_and_reconciled(desk, github, app):
    finish(desk)
    tidy(desk, github, app)
    desk.git("merge", "--quiet", BRANCH)
    assert desk.run("validate").code == 0
    assert desk.run("reconcile").code == 0
    assert len(desk.on()) == 20
    assert "nothing to remove" in tidy(desk, github, app).out


def test_a_flag_that_the_code_still_names_stays(desk, github, app):
    finish(desk)
    names_it(app)
    assert "nothing to remove" in tidy(desk, github, app).out
    assert not github.pulls


def test_a_new_flag_that_no_code_names_yet_stays(desk, github, app):
    desk.edit(f"rollout/{FLAG}.yaml", "phase: pilot\n", "phase: off\n")
    desk.commit("Not begun")
    desk.run("reconcile")
    assert "nothing to remove" in tidy(desk, github, app).out


def test_a_flag_that_some_have_stays_whatever_its_date(desk, github, app):
    desk.edit(f"flags/{FLAG}.yaml", "expires: 2099-01-31", "expires: 2026-01-31")
    desk.commit("It is late")
    desk.run("reconcile")
    grown_old(desk)
    assert "nothing to remove" in tidy(desk, github, app).out


def test_what_check_objects_to_stays_and_is_said(desk, github, app):
    finish(desk)
    desk.set_by_hand("m03", value=False)
    done = tidy(desk, github, app)
    assert f"{FLAG}: stays: {FLAG}: its file is gone while 19 of 20 merchants have it" in done.out
    assert not github.pulls


def test_what_a_person_has_added_is_not_overwritten(desk, github, app):
    finish(desk)
    tidy(desk, github, app)
    desk.git("checkout", "--quiet", BRANCH)
    desk.write("notes.md", "by hand")
    by_hand = desk.commit("A person's commit")
    desk.git("push", "--quiet", "origin", BRANCH)
    desk.git("checkout", "--quiet", "main")
    desk.git("branch", "--quiet", "--delete", "--force", BRANCH)
    desk.git("update-ref", "-d", f"refs/remotes/origin/{BRANCH}")
    done = desk.run("stale", "--open-pr", "--code", str(app), env=github.variables())
    assert done.code == 5
    assert "holds something else" in done.err
    assert github.head(1) == by_hand


def test_without_the_code_nothing_is_removed(desk):
    done = desk.run("stale", "--open-pr")
    assert done.code == 2
    assert "--code FOLDER" in done.err


def test_a_flag_that_another_file_names_stays_and_the_file_is_named(desk, github, app):
    finish(desk)
    allowed = "{guardrail: soak_not_over, flag: %s, reason: r, approved_by: a, expires: 2099-01-01}"
    path = "rollout/environments/test.yaml"
    desk.write(path, f"{desk.read(path)}allow: [{allowed % FLAG}]\n")
    desk.commit("Allow it")
    done = tidy(desk, github, app)
    assert f"{FLAG}: stays: without it {path}:" in done.out
    assert not github.pulls
