"""From a commit on a branch to a pull request: pushed, opened or brought up to date.

`promote`, `rollback`, `guard` and `stale` end here. Run twice there is one pull request: the same
change has the same branch, and the forge keeps one for it.
"""

from pathlib import Path
from typing import Final, Protocol

from controller.errors import Refused, Unreachable
from controller.forge import interface as forges
from controller.forge.interface import Forge, Opened
from controller.source_control import objects
from controller.source_control.command import git

REMOTE: Final = "origin"


class OnBranch(Protocol):
    """A commit on a branch of its own, such as a promotion or a removal."""

    @property
    def branch(self) -> str:
        """The branch's name."""

    @property
    def commit(self) -> str | None:
        """The full id; None where there is nothing to propose."""

    @property
    def title(self) -> str:
        """One line for the pull request."""


def open_pull_request(
    root: Path, forge: Forge, made: OnBranch, *, base_branch: str, body: str
) -> Opened | None:
    """Push a proposal's branch and open its pull request.

    Args:
        root: A folder of the repository.
        forge: Where pull requests live.
        made: The commit on its branch.
        base_branch: What it is to be merged into.
        body: Markdown, with everything foreign in it escaped.

    Returns:
        The pull request; None where there is nothing to propose.

    Raises:
        Refused: The remote or the forge does not let us, or somebody else has pushed to the branch.
        Unreachable: One of them did not answer.
    """
    if made.commit is None:
        return None
    _push(root, made.branch, made.commit, forge.branch(made.branch))
    proposal = forges.Proposal(made.branch, base_branch, made.title, body)
    return forge.propose(proposal)


def _push(root: Path, branch: str, commit: str, stands: str | None) -> None:
    """Push a branch of ours, and only over what we know of."""
    if stands == commit:
        return
    name = f"refs/heads/{branch}"
    lease = f"--force-with-lease={name}:{stands or ''}"
    answer = git(root, "push", "--quiet", "--no-verify", lease, REMOTE, f"{commit}:{name}")
    if answer.is_ok:
        return
    said = " ".join(answer.complaint.split())[-300:]
    if "stale info" in said or "rejected" in said:
        raise Refused(
            f"{branch} could not be pushed: {said}",
            "somebody has pushed to it, or a rule forbids it; look at the branch on the forge",
        )
    raise Unreachable(
        f"{branch} could not be pushed: {said}",
        "check that the job may write to the repository (contents: write), then run again",
    )


def fetch_pull_request(root: Path, number: int, base_branch: str) -> str:
    """Bring a pull request's objects, and its base's, into this clone; nothing is checked out.

    Returns:
        The full id of its head.

    Raises:
        Unreachable: The remote did not answer.
    """
    ours = f"refs/rolloutctl/pull/{number}"
    answer = git(
        root,
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        REMOTE,
        f"+refs/pull/{number}/head:{ours}",
        f"+refs/heads/{base_branch}:refs/remotes/{REMOTE}/{base_branch}",
    )
    if not answer.is_ok:
        said = " ".join(answer.complaint.split())[-300:]
        raise Unreachable(f"pull request {number} could not be fetched: {said}", "run again")
    return objects.resolve(root, ours)
