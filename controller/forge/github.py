"""GitHub: what to call for each method of the port, and what its answers mean.

The way of one request is `github_client.py`'s, the one comment `github_comments.py`'s.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Self
from urllib.parse import quote

from controller.errors import Refused, UsageError
from controller.forge import github_texts as texts
from controller.forge.github_client import GitHubClient, Invalid, NotFound
from controller.forge.github_comments import put_comment
from controller.forge.github_options import GitHubOptions
from controller.forge.github_requirements import required_check
from controller.forge.github_shapes import (
    StoredStatus,
    branch_head,
    is_commit,
    pull_request,
    status,
)
from controller.forge.interface import (
    STATUS_CONTEXT,
    Mergeability,
    Opened,
    Proposal,
    PullRequest,
    RequiredCheck,
    StatusState,
)
from controller.http_calls.caller import Patience

_LOOKS: Final = 5
_BETWEEN_LOOKS: Final = 2.0


class GitHubForge:
    """One repository at GitHub, or at an Enterprise Server."""

    def __init__(self, options: GitHubOptions, patience: Patience | None = None) -> None:
        self._options = options
        self._patience = patience or Patience()
        self._client = GitHubClient(options, self._patience)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Make it from GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL.

        Raises:
            UsageError: One is missing or malformed.
        """
        return cls(GitHubOptions.parse(variables))

    def set_status(
        self,
        commit: str,
        state: StatusState,
        description: str,
        context: str = STATUS_CONTEXT,
    ) -> bool:
        """Show a verdict at a commit, linked to the run that found it.

        GitHub keeps at most 1,000 statuses of one context at one commit, so what is shown already
        is not sent again.

        Raises:
            Refused: The token lacks `statuses: write`, or GitHub does not have the commit.
            ForgeUnreachable: There was no answer.
        """
        _check_commit(commit)
        shown = texts.description(description)
        newest = self._newest_status(commit, context)
        wanted = (state.value, shown)
        if newest and (newest.state, newest.description) == wanted and self._is_ours(newest):
            return False
        body: dict[str, object] = {
            "state": state.value,
            "description": shown,
            "context": context,
        }
        if self._options.run_url:
            body["target_url"] = self._options.run_url
        what = f"set the status of {commit[:12]}"
        path = f"/statuses/{commit}"
        self._client.write("POST", path, body, what, "statuses: write", repeatable=True)
        return True

    def put_comment(self, number: int, name: str, body: str) -> str:
        """Keep one comment at a pull request; see `github_comments.py`.

        Raises:
            Refused: The token lacks `pull-requests: write`, or there is no such pull request.
            ForgeUnreachable: There was no answer.
        """
        return put_comment(self._client, number, name, body)

    def open_pull_requests(self, base_branch: str | None = None) -> tuple[PullRequest, ...]:
        """Every open pull request, by number.

        Raises:
            Refused: The token lacks `pull-requests: read`.
            ForgeUnreachable: There was no answer.
        """
        query = {"state": "open", "sort": "created", "direction": "asc"}
        return self._list(query | ({"base": base_branch} if base_branch else {}))

    def pull_request(self, number: int, *, settle: bool = False) -> PullRequest:
        """One pull request; GitHub computes its mergeability only after it was asked.

        Raises:
            Refused: There is no such pull request, or the token may not see it.
            ForgeUnreachable: There was no answer.
        """
        found = self._read(number)
        for _ in range(_LOOKS if settle else 0):
            if not found.is_open or found.mergeability is not Mergeability.UNKNOWN:
                break
            self._patience.clock.sleep(_BETWEEN_LOOKS)
            found = self._read(number)
        return found

    def propose(self, proposal: Proposal) -> Opened:
        """Open a pull request, or bring the one that is open for the branch up to date.

        GitHub itself refuses a second one for the same two branches, so a lost reply is simply sent
        again.

        Raises:
            Refused: The token lacks `pull-requests: write`; the branch is not there, or has nothing
                new.
            ForgeUnreachable: There was no answer.
        """
        standing = self._open_for(proposal)
        if standing is None:
            body = {
                "title": texts.title(proposal.title),
                "body": texts.body(proposal.body),
                "head": proposal.head_branch,
                "base": proposal.base_branch,
            }
            what = f"open a pull request for {proposal.head_branch}"
            try:
                told = self._write_pull("POST", "/pulls", body, what)
            except Invalid as error:
                standing = self._open_for(proposal)  # another run, or a lost reply, was faster
                if standing is None:
                    raise _not_opened(proposal, error) from error
            else:
                return Opened(pull_request(told), was_open=False)
        return Opened(self._update(standing, proposal), was_open=True)

    def branch(self, name: str) -> str | None:
        """The commit that a branch points at; None where there is none.

        Raises:
            Refused: The token lacks `contents: read`.
            ForgeUnreachable: There was no answer.
        """
        path = f"/git/ref/heads/{quote(name)}"
        with suppress(NotFound):
            found = self._client.get(path, f"read the branch {name}", "contents: read")
            return branch_head(found)
        return None

    def required_check(self, branch: str, context: str = STATUS_CONTEXT) -> RequiredCheck:
        """Whether merging into a branch needs this status; by rulesets or branch protection.

        Raises:
            Refused: There is no such branch, or the token lacks `contents: read`.
            ForgeUnreachable: There was no answer.
        """
        return required_check(self._client, branch, context)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _newest_status(self, commit: str, context: str) -> StoredStatus | None:
        what = f"read the statuses of {commit[:12]}"
        for page in self._client.pages(f"/commits/{commit}/statuses", what, "statuses: read"):
            for told in page:
                found = status(told)
                if found.context.lower() == context.lower():
                    return found
        return None

    def _is_ours(self, found: StoredStatus) -> bool:
        return found.author == self._client.whoami().id

    def _read(self, number: int) -> PullRequest:
        what = f"read the pull request {number}"
        return pull_request(self._client.get(f"/pulls/{number}", what, "pull-requests: read"))

    def _list(self, query: Mapping[str, str]) -> tuple[PullRequest, ...]:
        pages = self._client.pages("/pulls", "list the pull requests", "pull-requests: read", query)
        found = {told.number: told for page in pages for told in map(pull_request, page)}
        return tuple(found[number] for number in sorted(found))

    def _open_for(self, proposal: Proposal) -> PullRequest | None:
        """The open pull request for the branch; a fork's branch of the same name is another."""
        query = {"state": "open", "head": f"{self._options.owner}:{proposal.head_branch}"}
        for found in self._list(query):
            if found.head_branch == proposal.head_branch and not found.is_fork:
                return found
        return None

    def _update(self, standing: PullRequest, proposal: Proposal) -> PullRequest:
        body = {
            "title": texts.title(proposal.title),
            "body": texts.body(proposal.body),
            "base": proposal.base_branch,
        }
        what = f"update the pull request {standing.number}"
        return pull_request(self._write_pull("PATCH", f"/pulls/{standing.number}", body, what))

    def _write_pull(self, method: str, path: str, body: Mapping[str, object], what: str) -> object:
        needs = "pull-requests: write"
        return self._client.write(method, path, body, what, needs, repeatable=True)


def _check_commit(commit: str) -> None:
    if not is_commit(commit):
        raise UsageError(
            f"{commit[:60]!r} is not the full id of a commit", "git rev-parse HEAD tells it"
        )


def _not_opened(proposal: Proposal, error: Invalid) -> Refused:
    if "no commits between" in error.message.lower():
        hint = f"nothing to do: {proposal.base_branch} has all that {proposal.head_branch} has"
    else:
        hint = f"push the branch first: git push origin HEAD:refs/heads/{proposal.head_branch}"
    return Refused(error.message, hint)
