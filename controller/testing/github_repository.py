"""The state of one repository at the fake GitHub: statuses, comments, pull requests, rules.

No HTTP here. Text that GitHub would refuse is refused here too, by the same limits.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from controller.testing.clock import Clock
from controller.testing.github_refs import MemoryRefs, Refs

LONGEST_DESCRIPTION: Final = 140
LONGEST_BODY: Final = 65_536
MOST_STATUSES: Final = 1_000
_STATES: Final = ("error", "failure", "pending", "success")
_ASKED_BEFORE_KNOWN: Final = 2


class ApiError(Exception):
    """What the API answers instead of a success.

    Args:
        status: 404, 422 and so on.
        message: GitHub's own sentence.
        details: Its list `errors`, where there is one.
    """

    def __init__(self, status: int, message: str, *details: Mapping[str, str]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details


@dataclass(frozen=True, slots=True)
class FakeActor:
    """Somebody at the fake GitHub: a person, or an app's bot."""

    id: int
    login: str

    @property
    def kind(self) -> str:
        """GitHub's word for what it is."""
        return "Bot" if self.login.endswith("[bot]") else "User"


@dataclass(frozen=True, slots=True)
class FakeStatus:
    """A status as it was posted. Time is seconds since 1970."""

    id: int
    commit: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: FakeActor
    created_at: float


@dataclass(slots=True)
class FakeComment:
    """A comment at a pull request."""

    id: int
    number: int
    body: str
    author: FakeActor
    created_at: float
    updated_at: float


@dataclass(slots=True)
class FakePull:
    """A pull request.

    Attributes:
        fork: The other repository that its head is in, as `owner/name`; None for this one.
        head: The commit of its head, as far as the branch does not tell it.
        conflicts: Whether it cannot be merged.
        asked: How often it was asked for alone; GitHub computes its mergeability meanwhile.
    """

    number: int
    title: str
    body: str
    author: FakeActor
    head_branch: str
    base_branch: str
    head: str
    base: str
    created_at: float
    updated_at: float
    fork: str | None = None
    labels: list[str] = field(default_factory=list)
    is_draft: bool = False
    state: str = "open"
    merged_at: float | None = None
    conflicts: bool = False
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """A status that must be green before a merge into a branch."""

    branch: str
    context: str
    by: str
    app: int | None = None
    strict: bool = False


class FakeRepository:
    """One repository, by a clock that may be a fake one too."""

    def __init__(self, name: str, clock: Clock, refs: Refs | None = None) -> None:
        self.name = name
        self.refs: Refs = refs or MemoryRefs()
        self.statuses: list[FakeStatus] = []
        self.comments: dict[int, FakeComment] = {}
        self.pulls: dict[int, FakePull] = {}
        self.requirements: list[Requirement] = []
        self.merge_queues: set[str] = set()
        self._clock = clock
        self._ids = itertools.count(1_001)
        self._numbers = itertools.count(1)

    @property
    def owner(self) -> str:
        """The account that it belongs to."""
        return self.name.partition("/")[0]

    def post_status(self, commit: str, asked: Mapping[str, object], creator: FakeActor) -> None:
        """Add a status; the newest of a context counts."""
        self._check_commit(commit)
        _check_status(asked)
        context = str(asked.get("context", "default"))
        if sum(s.commit == commit and s.context == context for s in self.statuses) >= MOST_STATUSES:
            raise _invalid("Status", "base", "This SHA and context has reached the maximum number")
        status = FakeStatus(
            id=next(self._ids),
            commit=commit,
            context=context,
            state=str(asked.get("state")),
            description=_optional(asked.get("description")),
            target_url=_optional(asked.get("target_url")),
            creator=creator,
            created_at=self._clock.time(),
        )
        self.statuses.append(status)

    def statuses_of(self, commit: str) -> list[FakeStatus]:
        """Every status of a commit, newest first."""
        self._check_commit(commit)
        return [status for status in reversed(self.statuses) if status.commit == commit]

    def add_comment(self, number: int, body: object, author: FakeActor) -> FakeComment:
        """Add a comment to a pull request."""
        self.pull(number)
        now = self._clock.time()
        comment = FakeComment(next(self._ids), number, _body(body), author, now, now)
        self.comments[comment.id] = comment
        return comment

    def comment(self, identifier: int) -> FakeComment:
        """One comment."""
        if identifier not in self.comments:
            raise ApiError(404, "Not Found")
        return self.comments[identifier]

    def edit_comment(self, identifier: int, body: object) -> FakeComment:
        """Give a comment another body; whoever may write to the repository may."""
        comment = self.comment(identifier)
        comment.body, comment.updated_at = _body(body), self._clock.time()
        return comment

    def remove_comment(self, identifier: int) -> None:
        """Remove a comment."""
        del self.comments[self.comment(identifier).id]

    def open_pull(self, asked: Mapping[str, object], author: FakeActor) -> FakePull:
        """Open a pull request between two branches of this repository."""
        head_branch, base_branch = str(asked.get("head")), str(asked.get("base"))
        head, base = self.refs.get(head_branch), self.refs.get(base_branch)
        if head is None or base is None:
            field_name = "head" if head is None else "base"
            raise ApiError(
                422,
                "Validation Failed",
                {"resource": "PullRequest", "field": field_name, "code": "invalid"},
            )
        if any(p.head_branch == head_branch and not p.fork for p in self._open(base_branch)):
            said = f"A pull request already exists for {self.owner}:{head_branch}."
            raise _custom("PullRequest", said)
        if not self.refs.is_ahead(base, head):
            raise _custom("PullRequest", f"No commits between {base_branch} and {head_branch}")
        now = self._clock.time()
        pull = FakePull(
            number=next(self._numbers),
            title=str(asked.get("title")),
            body=_body(asked.get("body", "")),
            author=author,
            head_branch=head_branch,
            base_branch=base_branch,
            head=head,
            base=base,
            created_at=now,
            updated_at=now,
            is_draft=asked.get("draft") is True,
        )
        self.pulls[pull.number] = pull
        self.refs.put_pull(pull.number, head)
        return pull

    def pull(self, number: int) -> FakePull:
        """One pull request, its head where its branch is now."""
        if number not in self.pulls:
            raise ApiError(404, "Not Found")
        pull = self.pulls[number]
        if pull.state == "open":
            pull.base = self.refs.get(pull.base_branch) or pull.base
            if pull.fork is None:
                pull.head = self.refs.get(pull.head_branch) or pull.head
                self.refs.put_pull(number, pull.head)
        return pull

    def edit_pull(self, number: int, asked: Mapping[str, object]) -> FakePull:
        """Change title, body, state or base branch."""
        pull = self.pull(number)
        pull.title = str(asked.get("title", pull.title))
        pull.body = _body(asked.get("body", pull.body))
        pull.state = str(asked.get("state", pull.state))
        pull.base_branch = str(asked.get("base", pull.base_branch))
        pull.updated_at = self._clock.time()
        return pull

    def merge_state(self, pull: FakePull) -> tuple[bool | None, str]:
        """`mergeable` and `mergeable_state`: not known at once, as at GitHub."""
        pull.asked += 1
        if pull.asked < _ASKED_BEFORE_KNOWN or pull.state != "open":
            return None, "unknown"
        if pull.conflicts:
            return False, "dirty"
        if pull.is_draft:
            return True, "draft"
        return True, "clean" if self._has_what_it_needs(pull) else "blocked"

    def moment(self, seconds: float) -> str:
        """A moment as GitHub writes it."""
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _open(self, base_branch: str) -> Iterator[FakePull]:
        return (
            pull
            for pull in self.pulls.values()
            if pull.state == "open" and pull.base_branch == base_branch
        )

    def _has_what_it_needs(self, pull: FakePull) -> bool:
        shown = {status.context: status.state for status in reversed(self.statuses_of(pull.head))}
        wanted = [r.context for r in self.requirements if r.branch == pull.base_branch]
        return all(shown.get(context) == "success" for context in wanted)

    def _check_commit(self, commit: str) -> None:
        if not self.refs.has(commit):
            raise ApiError(422, f"No commit found for SHA: {commit}")


def _invalid(resource: str, name: str, said: str) -> ApiError:
    """A refusal of one field."""
    detail = {"resource": resource, "code": "custom", "field": name, "message": f"{name} {said}"}
    return ApiError(422, "Validation Failed", detail)


def _custom(resource: str, said: str) -> ApiError:
    return ApiError(
        422, "Validation Failed", {"resource": resource, "code": "custom", "message": said}
    )


def _check_status(asked: Mapping[str, object]) -> None:
    """Refuse what GitHub refuses of a status, whatever was posted before."""
    link = asked.get("target_url")
    if asked.get("state") not in _STATES:
        raise _invalid("Status", "state", "is not included in the list")
    if len(str(asked.get("description") or "")) > LONGEST_DESCRIPTION:
        raise _invalid("Status", "description", "is too long (maximum is 140 characters)")
    if link is not None and not str(link).startswith(("http://", "https://")):
        raise _invalid("Status", "target_url", "must use http(s) scheme")


def _optional(told: object) -> str | None:
    return None if told is None else str(told)


def _body(body: object) -> str:
    if not isinstance(body, str):
        raise _invalid("Issue", "body", "is not a string")
    if len(body) > LONGEST_BODY:
        raise _invalid("Issue", "body", "is too long (maximum is 65536 characters)")
    return body
