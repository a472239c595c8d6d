"""What the shapes say; that they are GitHub's is held by tests/forge/contract.py."""

import pytest

from controller.testing import FakeClock
from controller.testing import github_replies as replies
from controller.testing.github_refs import MemoryRefs
from controller.testing.github_repository import FakeActor, FakePull, FakeRepository, Requirement

HEAD, BASE = "a" * 40, "b" * 40


@pytest.fixture
def repository() -> FakeRepository:
    refs = MemoryRefs()
    refs.put("main", BASE)
    refs.put("change", HEAD)
    return FakeRepository("acme/shop", FakeClock(), refs)


@pytest.fixture
def pull(repository: FakeRepository) -> FakePull:
    asked = {"head": "change", "base": "main", "title": "T"}
    return repository.open_pull(asked, FakeActor(7, "ada"))


def test_a_person_and_a_bot_are_told_apart() -> None:
    assert replies.user(FakeActor(7, "ada"))["type"] == "User"
    assert replies.user(FakeActor(8, "app[bot]"))["type"] == "Bot"


def test_only_a_pull_request_alone_tells_its_mergeability(
    repository: FakeRepository, pull: FakePull
) -> None:
    assert "mergeable" not in replies.listed_pull(repository, pull)
    assert replies.pull(repository, pull)["mergeable"] is None
    assert replies.pull(repository, pull)["mergeable"] is True


def test_an_open_one_has_no_end(repository: FakeRepository, pull: FakePull) -> None:
    assert replies.listed_pull(repository, pull)["closed_at"] is None
    pull.state, pull.merged_at = "closed", 0.0
    shown = replies.listed_pull(repository, pull)
    assert shown["merged_at"] == "1970-01-01T00:00:00Z"
    assert shown["closed_at"] is not None


def test_rules_and_protection_are_two_places(repository: FakeRepository) -> None:
    repository.requirements += [
        Requirement("main", "a", "ruleset", app=5),
        Requirement("main", "b", "branch protection"),
    ]
    repository.merge_queues.add("main")
    kinds = [rule["type"] for rule in replies.rules(repository, "main")]
    assert kinds == ["deletion", "required_status_checks", "merge_queue"]
    assert replies.rules(repository, "change") == []
    shown = replies.branch(repository, "main", BASE)
    assert shown["protection"]["required_status_checks"]["contexts"] == ["b"]
    assert replies.branch(repository, "change", HEAD)["protected"] is False


def test_an_error_has_details_only_where_there_are_some() -> None:
    assert "errors" not in replies.error(404, "Not Found")
    assert replies.error(422, "no", [{"code": "custom"}])["errors"] == [{"code": "custom"}]
