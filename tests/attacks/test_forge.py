"""What other people post at a pull request, and pull requests of people who may not push.

The defences: a verdict is set afresh and last (`cli/pull_requests.py`), a comment is ours by its
author and not by its marker alone (`forge/github_comments._mine`), and a pull request from a fork
is never judged (`cli/check._refuse_fork`, `cli/recheck._recheck`). Each was taken out once, and its
tests failed.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.errors import ExitCode
from controller.forge.github_comments import marker
from controller.testing import FakeGitHub, Fault
from tests.cli.desk import FLAG, Desk, Done
from tests.cli.test_jobs import remote_of

CONTEXT = "rollout gate"


class Shop:
    """A desk with a remote, and a pull request that goes two phases up at once."""

    def __init__(self, desk: Desk, github: FakeGitHub) -> None:
        self.desk, self.github = desk, github
        desk.run("reconcile")
        desk.git("checkout", "--quiet", "-b", "attack")
        desk.promote("pilot", "50%")
        desk.git("push", "--quiet", "origin", "attack")
        desk.git("checkout", "--quiet", "main")
        self.number = github.open_pull("attack", author="mallory")

    def run(self, *arguments: str, **more: str) -> Done:
        return self.desk.run(*arguments, env={**self.github.variables(), **more})

    @property
    def head(self) -> str:
        return self.github.head(self.number)

    def state(self) -> str:
        found = self.github.status(self.head)
        return found.state if found else "none"

    def event(self, folder: Path, *, fork: bool) -> str:
        """The file that GitHub gives to the job of a pull request."""
        theirs = "mallory/shop" if fork else "acme/shop"
        told = {
            "number": self.number,
            "pull_request": {
                "number": self.number,
                "head": {"sha": self.head, "ref": "attack", "repo": {"full_name": theirs}},
                "base": {
                    "sha": self.desk.git("rev-parse", "origin/main"),
                    "ref": "main",
                    "repo": {"full_name": "acme/shop"},
                },
            },
        }
        path = folder / "event.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        return str(path)


@pytest.fixture
def shop(desk: Desk, tmp_path: Path) -> Iterator[Shop]:
    class _Lent:
        """What `remote_of` needs of a shop."""

    lent = _Lent()
    lent.desk = desk  # type: ignore[attr-defined]
    with FakeGitHub(git=remote_of(lent, tmp_path / "origin.git")) as github:  # type: ignore[arg-type]
        yield Shop(desk, github)


def test_a_green_status_of_somebody_else_is_corrected(shop: Shop):
    shop.run("recheck")
    shop.github.post_status(shop.head, "success", CONTEXT, author="mallory")
    assert shop.state() == "success"
    done = shop.run("recheck")
    assert shop.state() == "failure", done.out


def test_a_verdict_that_could_not_be_posted_is_not_left_green(shop: Shop):
    """Green by mallory; the comment fails, and what is left says that it was not judged."""
    shop.github.post_status(shop.head, "success", CONTEXT, author="mallory")
    shop.github.fail(Fault.FORBIDDEN, method="POST", path="/comments", times=9)
    shop.run("recheck")
    assert shop.state() == "error"


def test_a_comment_of_somebody_else_with_our_marker_is_left_alone(shop: Shop):
    forged = f"{marker('check')}\n### May merge"
    theirs = shop.github.comment(shop.number, forged, author="mallory")
    for _ in range(2):
        shop.run("recheck")
    first, ours = shop.github.comments(shop.number)
    assert (first.id, first.body) == (theirs, forged)
    assert "May not merge" in ours.body


def test_our_marker_in_the_text_of_others_makes_no_second_comment(shop: Shop):
    for author in ("mallory", "github-actions"):
        shop.github.comment(shop.number, f"look: {marker('check')}", author=author)
    for _ in range(2):
        shop.run("recheck")
    assert len(shop.github.comments(shop.number)) == 3


def test_a_fork_is_red_and_nothing_of_it_is_read(shop: Shop, tmp_path: Path):
    event = shop.event(tmp_path, fork=True)
    done = shop.run("check", "--report", GITHUB_EVENT_PATH=event)
    assert done.code == ExitCode.REFUSED
    assert shop.state() == "failure"
    assert "from a fork" in done.err
    assert shop.github.comments(shop.number) == ()


def test_a_fork_without_secrets_is_red_although_it_cannot_say_so(shop: Shop, tmp_path: Path):
    """Its token may read only: the job fails, and no status is no green status."""
    event = shop.event(tmp_path, fork=True)
    reader = shop.github.grant("mallory", {"contents": "read", "metadata": "read"})
    variables = {"GITHUB_EVENT_PATH": event, "GITHUB_TOKEN": reader, "DATABASE_URL": ""}
    done = shop.run("check", "--report", **variables)
    assert done.code == ExitCode.REFUSED
    assert shop.state() == "none"


def test_a_branch_of_ours_without_secrets_is_red(shop: Shop, tmp_path: Path):
    event = shop.event(tmp_path, fork=False)
    done = shop.run("check", "--report", GITHUB_EVENT_PATH=event, DATABASE_URL="")
    assert done.code != 0
    assert shop.state() in {"failure", "error"}


def test_the_head_that_was_judged_is_the_one_that_gets_the_status(shop: Shop):
    """A push while it is judged: the new head has no verdict of the old one."""
    shop.run("recheck")
    old = shop.head
    shop.desk.git("checkout", "--quiet", "attack")
    shop.desk.edit(f"rollout/{FLAG}.yaml", "phase: 50%", "phase: 100%")
    shop.desk.commit("more")
    shop.desk.git("push", "--quiet", "origin", "attack")
    assert shop.github.status(old) is not None
    assert shop.head != old
    assert shop.state() == "none"
