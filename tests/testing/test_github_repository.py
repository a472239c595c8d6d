"""The fake's rules are GitHub's: what it refuses, and what it works out."""

import pytest

from controller.testing import FakeClock
from controller.testing.github_refs import MemoryRefs
from controller.testing.github_repository import (
    ApiError,
    FakeActor,
    FakeRepository,
    Requirement,
)

ADA = FakeActor(7, "ada")
HEAD, BASE = "a" * 40, "b" * 40


@pytest.fixture
def repository() -> FakeRepository:
    refs = MemoryRefs()
    refs.put("main", BASE)
    refs.put("change", HEAD)
    return FakeRepository("acme/shop", FakeClock(), refs)


@pytest.fixture
def number(repository: FakeRepository) -> int:
    asked = {"head": "change", "base": "main", "title": "T"}
    return repository.open_pull(asked, ADA).number


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "green"},
        {"state": "success", "description": "x" * 141},
        {"state": "success", "target_url": "javascript:alert(1)"},
    ],
)
def test_a_status_that_github_refuses_is_refused(repository: FakeRepository, asked) -> None:
    with pytest.raises(ApiError) as caught:
        repository.post_status(HEAD, asked, ADA)
    assert caught.value.status == 422
    assert repository.statuses == []


def test_the_newest_status_comes_first(repository: FakeRepository) -> None:
    for state in ("pending", "failure"):
        repository.post_status(HEAD, {"state": state, "context": "x"}, ADA)
    assert [status.state for status in repository.statuses_of(HEAD)] == ["failure", "pending"]
    assert repository.statuses_of(BASE) == []
    with pytest.raises(ApiError, match="No commit found"):
        repository.statuses_of("0" * 40)


@pytest.mark.parametrize("body", ["x" * 65_537, None, 7])
def test_a_body_that_github_refuses_is_refused(
    repository: FakeRepository, number: int, body: object
) -> None:
    with pytest.raises(ApiError):
        repository.add_comment(number, body, ADA)
    kept = repository.add_comment(number, "x" * 65_536, ADA)
    with pytest.raises(ApiError):
        repository.edit_comment(kept.id, body)
    assert repository.comment(kept.id).body == "x" * 65_536


@pytest.mark.parametrize(
    ("head", "base", "said"),
    [
        ("change", "main", "already exists"),
        ("main", "main", "No commits between"),
        ("nowhere", "main", "head"),
        ("change", "nowhere", "base"),
    ],
)
def test_a_pull_request_that_github_refuses_is_refused(
    repository: FakeRepository, number: int, head: str, base: str, said: str
) -> None:
    with pytest.raises(ApiError) as caught:
        repository.open_pull({"head": head, "base": base, "title": "T"}, ADA)
    assert said in str(caught.value.details)


def test_a_closed_one_makes_room_and_keeps_its_head(
    repository: FakeRepository, number: int
) -> None:
    repository.edit_pull(number, {"state": "closed"})
    repository.refs.put("change", "c" * 40)
    assert repository.pull(number).head == HEAD
    again = repository.open_pull({"head": "change", "base": "main", "title": "T"}, ADA)
    assert repository.pull(again.number).head == "c" * 40


def test_mergeability_is_worked_out_after_it_was_asked_for(
    repository: FakeRepository, number: int
) -> None:
    pull = repository.pull(number)
    assert repository.merge_state(pull) == (None, "unknown")
    assert repository.merge_state(pull) == (True, "clean")
    repository.requirements.append(Requirement("main", "gate", "ruleset"))
    assert repository.merge_state(pull) == (True, "blocked")
    repository.post_status(HEAD, {"state": "success", "context": "gate"}, ADA)
    assert repository.merge_state(pull) == (True, "clean")
    repository.post_status(HEAD, {"state": "failure", "context": "gate"}, ADA)
    assert repository.merge_state(pull) == (True, "blocked")
    pull.conflicts = True
    assert repository.merge_state(pull) == (False, "dirty")


def test_what_is_not_there_is_not_found(repository: FakeRepository) -> None:
    for look in (repository.pull, repository.comment, repository.remove_comment):
        with pytest.raises(ApiError, match="Not Found"):
            look(99)
