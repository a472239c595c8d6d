"""GitHub's JSON is read, or refused; never guessed."""

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.forge import github_shapes as shapes
from controller.forge.github_shapes import UnexpectedShape
from controller.forge.interface import Mergeability
from controller.testing import FakeClock
from controller.testing import github_replies as replies
from controller.testing.github_refs import MemoryRefs
from controller.testing.github_repository import FakeActor, FakeRepository

ADA = FakeActor(7, "ada")
HEAD, BASE = "a" * 40, "b" * 40


def _pull(**changes: object) -> dict[str, Any]:
    refs = MemoryRefs()
    refs.put("main", BASE)
    refs.put("change", HEAD)
    repository = FakeRepository("acme/shop", FakeClock(), refs)
    opened = repository.open_pull({"head": "change", "base": "main", "title": "T"}, ADA)
    return replies.pull(repository, opened) | changes


def test_a_pull_request_is_read() -> None:
    found = shapes.pull_request(_pull())
    assert (found.number, found.title, found.author) == (1, "T", "ada")
    assert (found.head, found.base) == (HEAD, BASE)


def test_an_author_and_a_fork_may_be_gone() -> None:
    told = _pull(user=None)
    told["head"] = told["head"] | {"repo": None}
    found = shapes.pull_request(told)
    assert (found.author, found.is_fork) == ("ghost", True)


def test_the_case_of_a_repositorys_name_is_no_fork() -> None:
    told = copy.deepcopy(_pull())
    told["head"]["repo"]["full_name"] = "Acme/Shop"
    assert not shapes.pull_request(told).is_fork


@pytest.mark.parametrize(
    ("mergeable", "state", "found"),
    [
        (None, "unknown", Mergeability.UNKNOWN),
        (True, "clean", Mergeability.CLEAN),
        (True, "has_hooks", Mergeability.CLEAN),
        (True, "unstable", Mergeability.UNSTABLE),
        (True, "blocked", Mergeability.BLOCKED),
        (True, "behind", Mergeability.BEHIND),
        (True, "draft", Mergeability.DRAFT),
        (False, "dirty", Mergeability.CONFLICTS),
        (False, "unknown", Mergeability.CONFLICTS),
        (True, "something new", Mergeability.UNKNOWN),
        (True, 7, Mergeability.UNKNOWN),
    ],
)
def test_mergeability(*, mergeable: bool | None, state: object, found: Mergeability) -> None:
    told = _pull(mergeable=mergeable, mergeable_state=state)
    assert shapes.pull_request(told).mergeability is found


@pytest.mark.parametrize("name", ["number", "html_url", "title", "head", "base", "state", "labels"])
@pytest.mark.parametrize("value", [None, True, {}, "x", 1, [1]])
def test_what_is_missing_or_odd_is_refused(name: str, value: object) -> None:
    if isinstance(value, type(_pull()[name])) and not isinstance(value, bool | dict):
        return
    with pytest.raises(UnexpectedShape, match="GitHub's answer is not what it should be"):
        shapes.pull_request(_pull(**{name: value}))


@pytest.mark.parametrize("sha", ["", "main", "A" * 40, "a" * 39, "../" + "a" * 37])
def test_a_commit_is_a_commit(sha: str) -> None:
    told = copy.deepcopy(_pull())
    told["head"]["sha"] = sha
    with pytest.raises(UnexpectedShape, match="is not the id of a commit"):
        shapes.pull_request(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "body", "user", "data", "viewer", "object", "sha"]),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON)
@pytest.mark.parametrize(
    "read",
    [shapes.pull_request, shapes.comment, shapes.viewer, shapes.branch_head, shapes.objects],
)
def test_nonsense_is_refused_and_nothing_else_happens(
    read: Callable[[object], object], body: object
) -> None:
    with contextlib.suppress(UnexpectedShape):
        read(body)
