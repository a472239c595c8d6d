"""What GitHub's JSON means: pull requests, comments and statuses as values, or a refusal to guess.

Whatever is missing or of another kind than documented raises `UnexpectedShape`: an answer that is
not understood is no answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from controller.forge.github_manners import ReplyLost
from controller.forge.interface import Mergeability, PullRequest
from controller.http_calls.caller import RUN_AGAIN

Json = Mapping[str, object]
_T = TypeVar("_T")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STATES: Final = {
    "clean": Mergeability.CLEAN,
    "has_hooks": Mergeability.CLEAN,
    "unstable": Mergeability.UNSTABLE,
    "blocked": Mergeability.BLOCKED,
    "behind": Mergeability.BEHIND,
    "dirty": Mergeability.CONFLICTS,
    "draft": Mergeability.DRAFT,
}


class UnexpectedShape(ReplyLost):
    """GitHub answered, but not in the form that its documentation gives."""

    def __init__(self, what: str) -> None:
        super().__init__(f"GitHub's answer is not what it should be: {what}", RUN_AGAIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at GitHub. The id never changes; the login may."""

    id: int
    login: str


@dataclass(frozen=True, slots=True)
class StoredComment:
    """A comment at a pull request. A later one has a higher id."""

    id: int
    url: str
    body: str
    author: int | None


@dataclass(frozen=True, slots=True)
class StoredStatus:
    """A status at a commit."""

    context: str
    state: str
    description: str
    author: int | None


def is_commit(text: str) -> bool:
    """Whether it is the full id of a commit."""
    return bool(_COMMIT.fullmatch(text))


def objects(body: object) -> list[Json]:
    """A list of objects."""
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise UnexpectedShape("a list of objects was expected")
    return body


def viewer(body: object) -> Actor:
    """The answer to who we are."""
    told = _part(_part(_whole(body, "the answer"), "data"), "viewer")
    return Actor(_get(told, "databaseId", int), _get(told, "login", str))


def comment(found: object) -> StoredComment:
    """A comment, listed or just written."""
    told = _whole(found, "a comment")
    body = told.get("body")
    return StoredComment(
        _get(told, "id", int),
        _get(told, "html_url", str),
        body if isinstance(body, str) else "",
        _author(told, "user"),
    )


def status(found: Json) -> StoredStatus:
    """A status in a list."""
    description = found.get("description")
    return StoredStatus(
        _get(found, "context", str),
        _get(found, "state", str),
        description if isinstance(description, str) else "",
        _author(found, "creator"),
    )


def pull_request(found: object) -> PullRequest:
    """A pull request, listed or asked for alone."""
    told = _whole(found, "a pull request")
    head, base = _part(told, "head"), _part(told, "base")
    user = told.get("user")
    return PullRequest(
        number=_get(told, "number", int),
        url=_get(told, "html_url", str),
        title=_get(told, "title", str),
        author=_get(user, "login", str) if isinstance(user, dict) else "ghost",
        head=_commit(head),
        head_branch=_get(head, "ref", str),
        base=_commit(base),
        base_branch=_get(base, "ref", str),
        labels=frozenset(_get(label, "name", str) for label in objects(told.get("labels"))),
        is_fork=_is_fork(head, base),
        is_draft=told.get("draft") is True,
        is_open=_get(told, "state", str) == "open",
        is_merged=told.get("merged_at") is not None,
        mergeability=_mergeability(told),
    )


def branch_head(found: object) -> str:
    """The commit that a git reference points at."""
    return _commit(_part(_whole(found, "a reference"), "object"))


def _mergeability(told: Json) -> Mergeability:
    if told.get("mergeable") is False:
        return Mergeability.CONFLICTS
    return _STATES.get(str(told.get("mergeable_state")), Mergeability.UNKNOWN)


def _is_fork(head: Json, base: Json) -> bool:
    repository = head.get("repo")
    if not isinstance(repository, dict):
        return True  # the fork is gone
    ours = _get(_part(base, "repo"), "full_name", str)
    return _get(repository, "full_name", str).lower() != ours.lower()


def _author(told: Json, name: str) -> int | None:
    user = told.get(name)
    return _get(user, "id", int) if isinstance(user, dict) else None


def _commit(told: Json) -> str:
    found = _get(told, "sha", str)
    if not is_commit(found):
        raise UnexpectedShape("`sha` is not the id of a commit")
    return found


def _whole(body: object, what: str) -> Json:
    if not isinstance(body, dict):
        raise UnexpectedShape(f"{what} is not an object")
    return body


def _part(told: Json, name: str) -> Json:
    return _whole(told.get(name), f"`{name}`")


def _get(told: Json, name: str, kind: type[_T]) -> _T:
    value = told.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise UnexpectedShape(f"`{name}` is missing or of another kind")
    return value
