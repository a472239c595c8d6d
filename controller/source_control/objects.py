"""Commits by what people call them, and whether everything needed of them is in this clone.

A clone in CI is shallow by default, a base may have been force-pushed away, a branch may share no
history with it: each is an error that says what to fetch, never a guess.
"""

import shlex
from pathlib import Path
from typing import Final

from controller.errors import UsageError
from controller.source_control.command import git

UNSHALLOW: Final = "git fetch --unshallow (in a workflow: fetch-depth: 0), then run again"


def resolve(root: Path, revision: str) -> str:
    """The full id of the commit that a revision names.

    Args:
        root: A folder of the repository.
        revision: A branch, a tag, an id, `HEAD~2`; never taken for an option.

    Raises:
        UsageError: There is no such commit in this clone, or no repository at all.
    """
    asked = f"{revision.replace(chr(0), '?')}^{{commit}}"
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    if found.is_ok and found.text:
        return found.text
    if not git(root, "rev-parse", "--git-dir").is_ok:
        raise UsageError(
            f"{root} is not in a git repository", "run it in one, or name it: -C FOLDER"
        )
    raise UsageError(
        f"there is no revision {revision} in this clone: it was never fetched, or its branch was "
        "force-pushed away",
        UNSHALLOW
        if is_shallow(root)
        else f"git fetch origin {shlex.quote(revision)}, then run again",
    )


def is_shallow(root: Path) -> bool:
    """Whether the clone lacks a part of its history."""
    return git(root, "rev-parse", "--is-shallow-repository").text == "true"


def is_ancestor(root: Path, older: str, newer: str) -> bool:
    """Whether one commit is another one or comes before it, as far as this clone knows."""
    return git(root, "merge-base", "--is-ancestor", older, newer).is_ok


def parents(root: Path, commit: str) -> tuple[str, ...]:
    """The parents of a commit, the first one first; none of a root or at the edge of a clone."""
    listed = git(root, "rev-list", "--parents", "--max-count=1", commit, "--").text.split()
    return tuple(listed[1:])


def merge_base(root: Path, base: str, head: str) -> str:
    """The newest commit that both have in their history.

    In a shallow clone it can be trusted only where one is in the history of the other: the part
    that is missing could hold a newer common commit.

    Raises:
        UsageError: The clone is shallow, or they share no history.
    """
    for older, newer in ((base, head), (head, base)):
        if is_ancestor(root, older, newer):
            return older
    if is_shallow(root):
        raise UsageError(
            f"this clone is shallow: where {head[:12]} left {base[:12]} is not in it", UNSHALLOW
        )
    found = git(root, "merge-base", base, head)
    if not found.is_ok or not found.text:
        raise UsageError(
            f"{base[:12]} and {head[:12]} share no history: one of them was rewritten",
            "rebase the branch on its base: git rebase --onto BASE, then push it again",
        )
    return found.text.split()[0]


def missing(root: Path, tree: str) -> UsageError:
    """What to raise where a part of a commit or tree is not in this clone."""
    return UsageError(
        f"objects of {tree[:12]} are not in this clone",
        UNSHALLOW if is_shallow(root) else f"git fetch --refetch origin {tree}, then run again",
    )
