"""The port to a forge such as GitHub: what a pull request shows, and the ones that we open.

Stands at both ends of a change: `check` reports here before the merge, `promote`, `guard` and
`rollback` propose here after it. Nothing is decided here. Adapters are found through the entry
point group `rolloutctl.forges`; a company publishes its own without a fork.

What is git's job stays git's: the forge never makes a commit. `git push` brings one to the forge
and points the branch at it; `branch` tells what the push has to expect there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, Self

STATUS_CONTEXT: Final = "rollout gate"
"""The name of the commit status that carries the verdict. Branch protection requires it by it."""


class StatusState(StrEnum):
    """What a commit status says. Only `success` lets a pull request merge."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"  # it could not be judged


class Mergeability(StrEnum):
    """Whether the forge would merge a pull request now, by its own rules."""

    UNKNOWN = "unknown"  # not computed yet, or not told
    CLEAN = "clean"
    UNSTABLE = "unstable"  # may merge, although a check that is not required has failed
    BLOCKED = "blocked"  # a required check, a review or a rule is missing
    BEHIND = "behind"  # must be brought up to date with its base first
    CONFLICTS = "conflicts"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request. Title, branches, author and labels are other people's text.

    Attributes:
        url: Where people look at it.
        head: The full id of its last commit.
        base: The full id of the commit that its base branch was at, as the forge tells it.
        is_fork: Whether its head is in another repository; also where that one is gone.
        mergeability: `UNKNOWN` in a list: it is told for one pull request at a time.
    """

    number: int
    url: str
    title: str
    author: str
    head: str
    head_branch: str
    base: str
    base_branch: str
    labels: frozenset[str]
    is_fork: bool
    is_draft: bool
    is_open: bool
    is_merged: bool
    mergeability: Mergeability = Mergeability.UNKNOWN


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request to be opened.

    Attributes:
        head_branch: A branch of the repository itself, already pushed.
        body: Markdown; foreign text in it is already escaped.
    """

    head_branch: str
    base_branch: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a proposal.

    Attributes:
        was_open: Whether there was one for the branch already; it was brought up to date.
    """

    pull_request: PullRequest
    was_open: bool


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """Whether a branch can only be merged into when a status is green.

    Attributes:
        by: What requires it: `ruleset` or `branch protection`; empty where nothing does.
        is_strict: Whether a pull request must be up to date with its base as well.
        only_from_app: The id of the app whose status counts; None where anybody's does, so that
            whoever may write to the repository can set it to green by hand.
        has_merge_queue: Whether merges go through a queue, so that `merge_group` must be judged.
    """

    by: str
    is_strict: bool = False
    only_from_app: int | None = None
    has_merge_queue: bool = False

    @property
    def is_required(self) -> bool:
        """Whether anything requires it."""
        return bool(self.by)


class Forge(Protocol):
    """A forge, seen from one repository.

    Every call raises `ForgeUnreachable` where there was no answer that can be trusted (try again),
    and `Refused` where the forge said no (a permission is missing, the thing is not there); the
    hint names the permission. Whatever writes may be called again: done already is done.
    """

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Make the adapter. Nothing outside this process is asked yet.

        Args:
            variables: The process's environment variables.

        Raises:
            UsageError: One is missing or malformed.
        """

    def set_status(
        self,
        commit: str,
        state: StatusState,
        description: str,
        context: str = STATUS_CONTEXT,
    ) -> bool:
        """Show a verdict at a commit. What is shown already is not sent again.

        Args:
            commit: The full id.
            state: Whether it may merge.
            description: One line; cut where the forge allows less.
            context: The name of the status.

        Returns:
            Whether anything had to be sent.
        """

    def put_comment(self, number: int, name: str, body: str) -> str:
        """Keep one comment at a pull request, edited in place.

        It is found by a hidden marker, and only among our own comments: one with our marker by
        somebody else is left alone. Two runs at once end with one comment.

        Args:
            number: The pull request.
            name: Which of our comments; small letters and hyphens.
            body: Markdown; foreign text in it is already escaped.

        Returns:
            Where people look at it.
        """

    def open_pull_requests(self, base_branch: str | None = None) -> tuple[PullRequest, ...]:
        """Every open pull request, by number; only those into one branch if one is given."""

    def pull_request(self, number: int, *, settle: bool = False) -> PullRequest:
        """One pull request.

        Args:
            number: Its number.
            settle: Whether to wait a little until its mergeability has been computed. It may
                still be unknown then.
        """

    def propose(self, proposal: Proposal) -> Opened:
        """Open a pull request; the one that is open for its branch is updated instead.

        Raises:
            Refused: The branch has nothing that the base lacks, is not there, or the forge does
                not let us.
        """

    def branch(self, name: str) -> str | None:
        """The full id of the commit that a branch points at; None where there is no such branch."""

    def required_check(self, branch: str, context: str = STATUS_CONTEXT) -> RequiredCheck:
        """Whether merging into a branch needs this status to be green."""

    def close(self) -> None:
        """Release connections."""
