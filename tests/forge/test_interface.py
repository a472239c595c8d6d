"""What every forge must do, held by the one for GitHub: a pull request's whole life."""

import pytest

from controller.errors import Refused, UsageError
from controller.forge.interface import (
    STATUS_CONTEXT,
    Forge,
    Mergeability,
    Proposal,
    RequiredCheck,
    StatusState,
)
from controller.testing import FakeGitHub

BRANCH = "rolloutctl/promote-flag"
PROPOSAL = Proposal(BRANCH, "main", "Promote flag", "from pilot to 10%")


def test_a_status_goes_from_pending_to_its_verdict(github: FakeGitHub, forge: Forge) -> None:
    head = github.head(github.open_pull("change"))
    assert forge.set_status(head, StatusState.PENDING, "looking")
    assert forge.set_status(head, StatusState.FAILURE, "12 more runs")
    shown = github.status(head)
    assert (shown.context, shown.state, shown.description) == (
        "rollout gate",
        "failure",
        "12 more runs",
    )


def test_what_is_shown_already_is_not_sent_again(github: FakeGitHub, forge: Forge) -> None:
    head = github.head(github.open_pull("change"))
    assert forge.set_status(head, StatusState.FAILURE, "12 more runs")
    assert not forge.set_status(head, StatusState.FAILURE, "12 more runs")
    assert forge.set_status(head, StatusState.FAILURE, "11 more runs")
    assert len(github.statuses(head)) == 2


def test_a_green_status_by_somebody_else_is_not_taken_for_ours(
    github: FakeGitHub, forge: Forge
) -> None:
    head = github.head(github.open_pull("change"))
    forge.set_status(head, StatusState.SUCCESS, "")
    github.post_status(head, "success", STATUS_CONTEXT)
    assert forge.set_status(head, StatusState.SUCCESS, "")
    assert forge.set_status(head, StatusState.FAILURE, "no")
    github.post_status(head, "success", STATUS_CONTEXT)
    assert forge.set_status(head, StatusState.FAILURE, "no")
    assert github.status(head).state == "failure"


def test_a_status_among_many_of_others_is_found(github: FakeGitHub, forge: Forge) -> None:
    head = github.head(github.open_pull("change"))
    forge.set_status(head, StatusState.SUCCESS, "")
    for number in range(7):
        github.post_status(head, "success", f"ci {number}")
    assert not forge.set_status(head, StatusState.SUCCESS, "")


@pytest.mark.parametrize("commit", ["", "main", "abc123", "a" * 39, "A" * 40, "../../user"])
def test_only_a_full_commit_gets_a_status(commit: str, github: FakeGitHub, forge: Forge) -> None:
    with pytest.raises(UsageError, match="is not the full id of a commit"):
        forge.set_status(commit, StatusState.SUCCESS, "")
    assert not github.requests


def test_open_pull_requests_come_from_every_page(github: FakeGitHub, forge: Forge) -> None:
    numbers = [github.open_pull(f"change-{number}") for number in range(8)]
    github.close_pull(numbers[0])
    github.push("release")
    github.open_pull("hotfix", "release")
    assert [found.number for found in forge.open_pull_requests("main")] == numbers[1:]
    assert len(forge.open_pull_requests()) == 8


def test_a_pull_request_is_told_as_it_is(github: FakeGitHub, forge: Forge) -> None:
    number = github.open_pull("change", title="Turn it on", labels=("rollout", "urgent"))
    (found,) = forge.open_pull_requests()
    assert found == forge.pull_request(number)
    assert (found.title, found.author, found.head_branch) == ("Turn it on", "ada", "change")
    assert found.head == github.head(number) == github.branch("change")
    assert (found.base_branch, found.base) == ("main", github.branch("main"))
    assert found.labels == {"rollout", "urgent"}
    assert (found.is_open, found.is_merged, found.is_fork, found.is_draft) == (
        True,
        False,
        False,
        False,
    )


def test_a_pull_request_follows_its_branch_and_its_end(github: FakeGitHub, forge: Forge) -> None:
    number = github.open_pull("change", is_draft=True)
    assert forge.pull_request(number).is_draft
    pushed = github.push("change")
    assert forge.pull_request(number).head == pushed
    github.close_pull(number, merged=True)
    found = forge.pull_request(number)
    assert (found.is_open, found.is_merged) == (False, True)


def test_a_fork_is_told(github: FakeGitHub, forge: Forge) -> None:
    number = github.open_pull("change", fork="mallory/shop", author="mallory")
    found = forge.pull_request(number)
    assert found.is_fork
    assert found.head_branch == "change"


def test_mergeability_is_waited_for(github: FakeGitHub, forge: Forge) -> None:
    github.require(STATUS_CONTEXT)
    number = github.open_pull("change")
    assert forge.pull_request(number).mergeability is Mergeability.UNKNOWN
    assert forge.pull_request(number, settle=True).mergeability is Mergeability.BLOCKED
    forge.set_status(github.head(number), StatusState.SUCCESS, "")
    assert forge.pull_request(number, settle=True).mergeability is Mergeability.CLEAN
    github.edit_pull(number, conflicts=True)
    assert forge.pull_request(number).mergeability is Mergeability.CONFLICTS


def test_mergeability_is_not_waited_for_without_end(github: FakeGitHub, forge: Forge) -> None:
    number = github.open_pull("change")
    github.edit_pull(number, asked=-1_000)
    began = github.clock.time()
    assert forge.pull_request(number, settle=True).mergeability is Mergeability.UNKNOWN
    assert github.clock.time() - began == 10


def test_proposing_twice_opens_one(github: FakeGitHub, forge: Forge) -> None:
    github.push(BRANCH)
    first = forge.propose(PROPOSAL)
    again = forge.propose(Proposal(BRANCH, "main", "Promote flag", "with newer evidence"))
    assert (first.was_open, again.was_open) == (False, True)
    (pull,) = github.pulls
    assert pull.number == first.pull_request.number == again.pull_request.number
    assert pull.body == "with newer evidence"


def test_a_closed_one_is_not_opened_again_but_anew(github: FakeGitHub, forge: Forge) -> None:
    github.push(BRANCH)
    first = forge.propose(PROPOSAL)
    github.close_pull(first.pull_request.number)
    assert not forge.propose(PROPOSAL).was_open
    assert len(github.pulls) == 2


def test_a_forks_branch_of_the_same_name_is_another(github: FakeGitHub, forge: Forge) -> None:
    github.open_pull(BRANCH, fork="mallory/shop", author="mallory")
    github.open_pull(BRANCH, fork="acme/shop-fork", author="mallory")
    github.push(BRANCH)
    assert not forge.propose(PROPOSAL).was_open


def test_nothing_new_is_said(github: FakeGitHub, forge: Forge) -> None:
    github.push(BRANCH, github.branch("main"))
    with pytest.raises(Refused, match="No commits between") as caught:
        forge.propose(PROPOSAL)
    assert caught.value.hint.startswith("nothing to do")


def test_a_branch_that_is_not_there_is_said(forge: Forge) -> None:
    with pytest.raises(Refused) as caught:
        forge.propose(PROPOSAL)
    assert f"git push origin HEAD:refs/heads/{BRANCH}" in caught.value.hint


def test_a_branch_tells_where_it_points(github: FakeGitHub, forge: Forge) -> None:
    assert forge.branch(BRANCH) is None
    assert forge.branch("main") == github.branch("main")
    assert github.push(BRANCH) == forge.branch(BRANCH)


@pytest.mark.parametrize("by", ["ruleset", "branch protection"])
def test_the_required_check_is_found(by: str, github: FakeGitHub, forge: Forge) -> None:
    assert forge.required_check("main") == RequiredCheck("")
    github.require("another check", by=by)
    assert not forge.required_check("main").is_required
    github.require(STATUS_CONTEXT, by=by, app=15368)
    github.queue_merges()
    found = forge.required_check("main")
    assert (found.is_required, found.by, found.only_from_app) == (True, by, 15368)
    assert found.has_merge_queue


def test_a_branch_with_a_slash_has_rules_too(github: FakeGitHub, forge: Forge) -> None:
    github.push("release/2026")
    github.require(STATUS_CONTEXT, "release/2026", strict=True)
    found = forge.required_check("release/2026")
    assert (found.is_required, found.is_strict, found.only_from_app) == (True, True, None)


def test_closes_twice(forge: Forge) -> None:
    forge.close()
    forge.close()
