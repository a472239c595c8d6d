"""A GitHub of one's own: real HTTP on loopback, one repository, and any failure on demand.

It keeps what it is told, as GitHub does: statuses, comments, pull requests, branches, and who wrote
them; tokens may do what they were given, and no more.

    with FakeGitHub() as github:
        number = github.open_pull("feature")
        github.fail(Fault.REPLY_LOST, method="POST")
        forge = GitHubForge.from_environment(github.variables())
        ...
        assert github.status(github.head(number)).state == "success"

With `git=PATH` its branches are those of a real repository, so that a `git push` to it moves the
heads of pull requests.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import controller.testing.github_replies as replies
from controller.testing.clock import Clock, FakeClock
from controller.testing.fake_server import (
    FakeServer,
    Received,
    Reply,
    bad_gateway,
    json_reply,
)
from controller.testing.fake_service import FakeService
from controller.testing.faults import Fault
from controller.testing.github_api import FakeToken, GitHubApi
from controller.testing.github_refs import GitRefs, MemoryRefs
from controller.testing.github_repository import (
    FakeActor,
    FakeComment,
    FakePull,
    FakeRepository,
    FakeStatus,
    Requirement,
)

_ACTIONS: Final = FakeActor(41_898_282, "github-actions[bot]")
_PERMISSIONS: Final = {
    "metadata": "read",
    "contents": "write",
    "statuses": "write",
    "pull_requests": "write",
}


class FakeGitHub(FakeService):
    """One repository behind GitHub's API. A context manager: it serves inside `with`.

    Args:
        name: The repository, as `owner/name`.
        clock: By which things happen; a `FakeClock` of its own where none is given.
        git: A real repository whose branches it shows; None for branches that are only names.
        page_size: How many entries a page of a list has at most.
        hold_seconds: How long `Fault.TIMEOUT` and `Fault.SLOW` hold a connection. Real seconds.

    Attributes:
        token: Like the GITHUB_TOKEN of a job; opens nothing but this fake.
    """

    token: Final = "ghs_fakeAq7Lw2Xc9PzR4"  # noqa: S105 -- opens nothing but this fake

    def __init__(
        self,
        name: str = "acme/shop",
        *,
        clock: Clock | None = None,
        git: Path | None = None,
        page_size: int = 100,
        hold_seconds: float = 0.05,
    ) -> None:
        self.clock = clock or FakeClock()
        self._repository = FakeRepository(name, self.clock, GitRefs(git) if git else MemoryRefs())
        self._tokens = {self.token: FakeToken(_ACTIONS, _PERMISSIONS)}
        self._api = GitHubApi(self._repository, self._tokens, page_size)
        super().__init__(FakeServer(self._answer, self.clock.time, hold_seconds, _refuse))
        if git is None:
            self.push("main")

    # What the code under test is given

    def variables(self, token: str | None = None, **more: str) -> dict[str, str]:
        """The variables of a job that runs for this repository."""
        given = {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": self._repository.name,
            "GITHUB_TOKEN": self.token if token is None else token,
        }
        return given | more

    def grant(
        self,
        login: str,
        permissions: Mapping[str, str] | None = None,
        *,
        opens_pulls: bool = True,
    ) -> str:
        """Make a token; its text is returned.

        Args:
            login: Whose it is; a bot's ends in `[bot]`.
            permissions: From `pull_requests` and the like to `read` or `write`; None for all.
            opens_pulls: Whether it may open pull requests.
        """
        text = f"ghs_fake{hashlib.sha256(f'{login}{len(self._tokens)}'.encode()).hexdigest()[:16]}"
        self._tokens[text] = FakeToken(_actor(login), permissions, opens_pulls)
        return text

    # What the world does

    def push(self, branch: str, commit: str | None = None) -> str:
        """Point a branch at a commit, a new one where none is given. Returns its id."""
        with self._lock:
            made = commit or _made_up(branch, len(self._server.requests), self._repository)
            self._repository.refs.put(branch, made)
            return made

    def open_pull(
        self,
        head_branch: str,
        base_branch: str = "main",
        *,
        author: str = "ada",
        title: str = "A change",
        labels: tuple[str, ...] = (),
        fork: str | None = None,
        is_draft: bool = False,
    ) -> int:
        """Open a pull request, as a person does. Returns its number.

        Args:
            head_branch: Pushed first where it is not there yet.
            base_branch: The branch it wants to be merged into.
            author: Who opens it.
            title: Its title.
            labels: Its labels.
            fork: The other repository that its head is in, as `owner/name`.
            is_draft: Whether it is a draft.
        """
        branch = f"{fork}/{head_branch}" if fork else head_branch
        if self._repository.refs.get(branch) is None:
            self.push(branch)
        with self._lock:
            asked = {"title": title, "head": branch, "base": base_branch, "draft": is_draft}
            pull = self._repository.open_pull(asked, _actor(author))
            pull.labels, pull.fork, pull.head_branch = list(labels), fork, head_branch
            return pull.number

    def edit_pull(self, number: int, **changes: object) -> None:
        """Change a pull request, as a person does: its attributes, as `FakePull` names them."""
        with self._lock:
            for name, value in changes.items():
                setattr(self._repository.pull(number), name, value)

    def close_pull(self, number: int, *, merged: bool = False) -> None:
        """Close a pull request; the merge itself is git's."""
        with self._lock:
            pull = self._repository.edit_pull(number, {"state": "closed"})
            pull.merged_at = self.clock.time() if merged else None

    def comment(self, number: int, body: str, author: str = "mallory") -> int:
        """Comment on a pull request, as a person does. Returns the comment's id."""
        with self._lock:
            return self._repository.add_comment(number, body, _actor(author)).id

    def remove_comment(self, identifier: int) -> None:
        """Remove a comment, as a person does."""
        with self._lock:
            self._repository.remove_comment(identifier)

    def post_status(self, commit: str, state: str, context: str, author: str = "mallory") -> None:
        """Set a status, as somebody with another token does."""
        with self._lock:
            asked = {"state": state, "context": context}
            self._repository.post_status(commit, asked, _actor(author))

    def require(
        self,
        context: str,
        branch: str = "main",
        *,
        by: str = "ruleset",
        app: int | None = None,
        strict: bool = False,
    ) -> None:
        """Require a status before a merge, by `ruleset` or `branch protection`."""
        self._repository.requirements.append(Requirement(branch, context, by, app, strict))

    def queue_merges(self, branch: str = "main") -> None:
        """Let merges into a branch go through a merge queue."""
        self._repository.merge_queues.add(branch)

    # What became of it

    @property
    def pulls(self) -> tuple[FakePull, ...]:
        """Every pull request, oldest first, open or not."""
        with self._lock:
            return tuple(map(self._repository.pull, sorted(self._repository.pulls)))

    def head(self, number: int) -> str:
        """The commit that a pull request's head is at."""
        with self._lock:
            return self._repository.pull(number).head

    def branch(self, name: str) -> str | None:
        """The commit that a branch points at."""
        with self._lock:
            return self._repository.refs.get(name)

    def comments(self, number: int) -> tuple[FakeComment, ...]:
        """The comments at a pull request, oldest first."""
        with self._lock:
            found = self._repository.comments.values()
            return tuple(comment for comment in found if comment.number == number)

    def statuses(self, commit: str) -> tuple[FakeStatus, ...]:
        """Every status ever posted to a commit, oldest first."""
        with self._lock:
            return tuple(reversed(self._repository.statuses_of(commit)))

    def status(self, commit: str, context: str = "rollout gate") -> FakeStatus | None:
        """What a commit shows now; None where it shows nothing."""
        found = [status for status in self.statuses(commit) if status.context == context]
        return found[-1] if found else None

    def _answer(self, received: Received, fault: Fault | None) -> Reply:
        del fault  # none of them is GitHub's own
        with self._lock:
            reply = self._api.answer(
                received.method,
                received.path,
                received.query,
                received.authorization,
                received.content,
            )
        if reply.body is None:
            return Reply(reply.status, b"", dict(reply.headers))
        return json_reply(reply.status, reply.body, **_limits(4_999, 3_600), **reply.headers)


def _actor(login: str) -> FakeActor:
    if login == _ACTIONS.login:
        return _ACTIONS
    return FakeActor(int(hashlib.sha256(login.encode()).hexdigest()[:7], 16), login)


def _made_up(branch: str, number: int, repository: FakeRepository) -> str:
    """The id of a commit that nobody has used yet."""
    while True:
        commit = hashlib.sha1(f"{branch} {number}".encode(), usedforsecurity=False).hexdigest()
        if not repository.refs.has(commit):
            return commit
        number += 1


def _limits(remaining: int, over_at: float) -> dict[str, str]:
    """GitHub tells them with every answer, limited or not."""
    return {"X-RateLimit-Remaining": str(remaining), "X-RateLimit-Reset": str(int(over_at))}


def _refuse(fault: Fault, over_at: float) -> Reply:
    """A fault as an answer, in GitHub's form: it limits with 403 as well as with 429."""
    if fault is Fault.BAD_GATEWAY:
        return bad_gateway()
    secondary = "You have exceeded a secondary rate limit. Please wait a few minutes"
    primary = "API rate limit exceeded for installation ID 1."
    no_permission = "Resource not accessible by integration"
    later = _limits(4_999, over_at + 3_000)
    answers: dict[Fault, tuple[int, str, dict[str, str]]] = {
        Fault.SERVER_ERROR: (500, "Server Error", {}),
        Fault.FORBIDDEN: (403, no_permission, {}),
        Fault.RATE_LIMITED: (429, secondary, {"Retry-After": "2"}),
        Fault.RATE_LIMITED_RESET: (403, primary, _limits(0, over_at)),
        Fault.RATE_LIMITED_BODY: (403, secondary, later),
    }
    status, message, headers = answers.get(fault, (429, "Too many requests", {}))
    return json_reply(status, replies.error(status, message), **headers)
