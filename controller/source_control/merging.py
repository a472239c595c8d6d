"""What a merge or a revert would give, computed on git objects: no checkout, no hook, no branch.

A pull request is judged by what the base will be once it is merged, whichever way it is merged: by
a merge commit, a squash, a rebase or a merge queue. And the revert of a commit is a merge, too: of
what is now with what was before the commit, seen from the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.errors import UsageError
from controller.source_control.command import git

_NOBODY: Final = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "rolloutctl"),
        ("EMAIL", "rolloutctl@localhost"),
        ("DATE", "1970-01-01T00:00:00Z"),
    )
}
"""Of commits that no branch ever names: the same input makes the same commit again."""

_CONFLICTS: Final = 1


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome of a merge.

    Attributes:
        tree: The id of the tree; where there are conflicts, with the markers in it.
        conflicts: The paths that could not be merged, from the root of the repository.
    """

    tree: str
    conflicts: tuple[str, ...]


def merge(root: Path, ours: str, theirs: str) -> Merged:
    """Merge two commits that share history.

    Raises:
        UsageError: This git is too old, or the objects are not in this clone.
    """
    answer = git(
        root, "merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", ours, theirs
    )
    parts = answer.out.decode("utf-8", "surrogateescape").split("\0")
    if answer.code > _CONFLICTS or not parts[0]:
        raise UsageError(
            f"git could not merge {ours[:12]} and {theirs[:12]}: {answer.complaint[:200]}",
            "git 2.38 or newer is needed, and both histories (git fetch --unshallow)",
        )
    return Merged(parts[0], tuple(sorted({part for part in parts[1:] if part})))


def merge_from(root: Path, origin: str, ours: str, theirs: str) -> Merged:
    """Merge two trees as if both came from a third one: the revert of `origin` on `ours`.

    Args:
        root: A folder of the repository.
        origin: The commit or tree that both are compared with; for a revert the commit itself.
        ours: What is now.
        theirs: What is wanted; for a revert the commit's parent.
    """
    base = write_commit(root, origin, (), "origin", _NOBODY)
    sides = [write_commit(root, side, (base,), "side", _NOBODY) for side in (ours, theirs)]
    return merge(root, sides[0], sides[1])


def write_commit(
    root: Path,
    tree: str,
    parents: tuple[str, ...],
    message: str,
    identity: Mapping[str, str] | None = None,
) -> str:
    """A commit that no branch names yet.

    Args:
        root: A folder of the repository.
        tree: A tree, or a commit whose tree it is.
        parents: Full ids, the first parent first.
        message: Its text.
        identity: Author and committer as git's variables. By default the configured ones, whose
            commits are signed where git is set to sign.

    Raises:
        UsageError: Git does not know who commits, or cannot sign.
    """
    arguments = [word for parent in parents for word in ("-p", parent)]
    if identity is None and _signs(root):
        arguments.append("-S")
    answer = git(
        root,
        "commit-tree",
        *arguments,
        f"{tree}^{{tree}}",
        given=message.encode(),
        variables=identity,
    )
    if not answer.is_ok:
        raise UsageError(
            f"git could not make a commit: {answer.complaint[:200]}",
            'git config user.name "..." and git config user.email "...", then run again',
        )
    return answer.text


def _signs(root: Path) -> bool:
    return git(root, "config", "--type=bool", "--get", "commit.gpgSign").text == "true"
