"""Git, by its own command line: which revision this is, and how it relates to the one applied last.

Git dates order nothing; only ancestry does. Everything is read from the repository that holds the
configuration folder; no git at all is a state of its own, not an error.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

from controller.source_control.command import GitMissing, git

WATCHED: Final = ("flags", "rollout")
"""The folders whose uncommitted changes mean that no commit says what is desired."""


class Relation(StrEnum):
    """How the revision at hand relates to the one that was applied last."""

    SAME = "same"
    NEWER = "newer"  # it descends from the applied one
    OLDER = "older"  # the applied one descends from it
    UNRELATED = "unrelated"  # history was rewritten, or it is another branch
    UNKNOWN = "unknown"  # the applied one is not in this clone
    UNKNOWN_SHALLOW = "unknown_shallow"  # the same, in a shallow clone: more can be fetched


def revision(root: Path) -> str | None:
    """The full id of the commit checked out.

    None outside git, before the first commit or with local changes.
    """
    head = _git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head is None:
        return None
    changes = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *WATCHED)
    return head if changes == "" else None


def is_shallow(root: Path) -> bool | None:
    """Whether the clone lacks a part of its history; None outside git."""
    said = _git(root, "rev-parse", "--is-shallow-repository")
    return None if said is None else said == "true"


def relation(root: Path, current: str, applied: str) -> Relation:
    """How `current` relates to `applied`, both full commit ids."""
    if current == applied:
        return Relation.SAME
    if _git(root, "cat-file", "-e", f"{applied}^{{commit}}") is None:
        return Relation.UNKNOWN_SHALLOW if is_shallow(root) else Relation.UNKNOWN
    if _is_ancestor(root, applied, current):
        return Relation.NEWER
    return Relation.OLDER if _is_ancestor(root, current, applied) else Relation.UNRELATED


def _is_ancestor(root: Path, older: str, newer: str) -> bool:
    return _git(root, "merge-base", "--is-ancestor", older, newer) is not None


def _git(root: Path, *arguments: str) -> str | None:
    """What git printed, or None where it said no or is not there."""
    try:
        answer = git(root, *arguments)
    except GitMissing:
        return None
    return answer.text if answer.is_ok else None
