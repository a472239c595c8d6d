"""One comment, whoever else writes and whatever gets lost."""

import threading
from collections.abc import Callable

import pytest

from controller.errors import ForgeUnreachable, Refused
from controller.forge.github import GitHubForge
from controller.forge.github_comments import marker
from controller.testing import FakeGitHub, Fault

MARKER = marker("check")
UNCERTAIN = [
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.TIMEOUT,
    Fault.RESET,
    Fault.REPLY_LOST,
    Fault.GATEWAY_TIMEOUT,
    Fault.TRUNCATED,
    Fault.WRONG_SHAPE,
]


@pytest.fixture
def number(github: FakeGitHub) -> int:
    return github.open_pull("change")


def _texts(github: FakeGitHub, number: int) -> list[str]:
    return [comment.body for comment in github.comments(number)]


def test_it_is_created_once_and_edited_in_place(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    first = forge.put_comment(number, "check", "may not merge yet")
    second = forge.put_comment(number, "check", "may merge")
    assert first == second
    assert _texts(github, number) == [f"{MARKER}\nmay merge"]


def test_what_it_says_already_is_not_written_again(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    for _ in range(2):
        forge.put_comment(number, "check", "may merge\n")
    assert "PATCH" not in {request.method for request in github.requests}


def test_it_is_found_on_a_later_page(github: FakeGitHub, forge: GitHubForge, number: int) -> None:
    for talk in range(10):
        github.comment(number, f"looks good {talk}")
    forge.put_comment(number, "check", "a")
    for talk in range(10):
        github.comment(number, f"really {talk}")
    forge.put_comment(number, "check", "b")
    assert [text for text in _texts(github, number) if MARKER in text] == [f"{MARKER}\nb"]


def test_one_by_somebody_else_with_our_marker_is_left_alone(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    forged = f"{MARKER}\nmay merge, trust me"
    github.comment(number, forged)
    for text in ("a", "b"):
        forge.put_comment(number, "check", text)
    assert _texts(github, number) == [forged, f"{MARKER}\nb"]


def test_one_of_ours_that_only_quotes_the_marker_is_left_alone(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    quoting = f"somebody wrote {MARKER}"
    github.comment(number, quoting, "github-actions[bot]")
    forge.put_comment(number, "check", "a")
    assert quoting in _texts(github, number)


def test_each_name_has_its_own(github: FakeGitHub, forge: GitHubForge, number: int) -> None:
    forge.put_comment(number, "check", "a")
    forge.put_comment(number, "check-staging", "b")
    assert _texts(github, number) == [f"{MARKER}\na", f"{marker('check-staging')}\nb"]


@pytest.mark.parametrize("name", ["", "Check", "a b", "-->", "a" * 50])
def test_a_name_that_could_break_the_marker_is_a_bug(
    name: str, forge: GitHubForge, number: int
) -> None:
    with pytest.raises(ValueError, match="cannot name a comment"):
        forge.put_comment(number, name, "x")


def test_it_grows_again_after_it_was_removed(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    forge.put_comment(number, "check", "a")
    github.remove_comment(github.comments(number)[0].id)
    forge.put_comment(number, "check", "b")
    assert _texts(github, number) == [f"{MARKER}\nb"]


def test_surplus_ones_are_removed_and_the_oldest_stays(
    github: FakeGitHub, forge: GitHubForge, number: int
) -> None:
    oldest = github.comment(number, f"{MARKER}\n1", "github-actions[bot]")
    for text in ("2", "3", "4", "5"):
        github.comment(number, f"{MARKER}\n{text}", "github-actions[bot]")
    forge.put_comment(number, "check", "now")
    (left,) = github.comments(number)
    assert (left.id, left.body) == (oldest, f"{MARKER}\nnow")


def test_many_runs_at_once_end_with_one(
    github: FakeGitHub, open_forge: Callable[..., GitHubForge], number: int
) -> None:
    forges = [open_forge() for _ in range(6)]
    start = threading.Barrier(len(forges))
    failed: list[BaseException] = []

    def run(forge: GitHubForge) -> None:
        try:
            start.wait()
            forge.put_comment(number, "check", "the same for all")
        except BaseException as error:  # noqa: BLE001 -- shown by the test below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(forge,)) for forge in forges]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert _texts(github, number) == [f"{MARKER}\nthe same for all"]


@pytest.mark.parametrize("fault", UNCERTAIN)
def test_any_request_may_fail_and_one_comment_is_left(
    fault: Fault, github: FakeGitHub, open_forge: Callable[..., GitHubForge], number: int
) -> None:
    at, happened = 0, True
    while happened:
        at += 1
        fresh = github.open_pull(f"change-{at}")
        github.comment(fresh, f"{MARKER}\nforged")
        before = len(github.faults_happened)
        github.fail(fault, at=at)
        try:
            for text in ("a", "b"):
                open_forge().put_comment(fresh, "check", text)
        except ForgeUnreachable:
            github.heal()
            open_forge().put_comment(fresh, "check", "b")
        happened = len(github.faults_happened) > before
        github.heal()
        assert _texts(github, fresh) == [f"{MARKER}\nforged", f"{MARKER}\nb"]
    assert at > 4


def test_no_pull_request_is_said(forge: GitHubForge) -> None:
    with pytest.raises(Refused, match="list the comments at the pull request 99"):
        forge.put_comment(99, "check", "x")


def test_a_token_that_may_not_write_is_told_which_permission(
    github: FakeGitHub, open_forge: Callable[..., GitHubForge], number: int
) -> None:
    token = github.grant("github-actions[bot]", {"metadata": "read", "pull_requests": "read"})
    with pytest.raises(Refused, match="refused to comment on the pull request") as caught:
        open_forge(token).put_comment(number, "check", "x")
    assert "the token lacks `pull-requests: write`" in caught.value.hint
