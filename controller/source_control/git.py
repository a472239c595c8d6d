"""Git, by its own command line: which revision this is, and how it relates to the one applied last.

Git dates order nothing; only ancestry does. Everything is read from the repository that holds the
configuration folder; no git at all is a state of its own, not an error.
"""

import os
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Final

from controller.errors import Unreachable, UsageError

WATCHED: Final = ("flags", "rollout")
"""The folders whose uncommitted changes mean that no commit says what is desired."""


_OF_THE_CALLER: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"})
"""Set inside git hooks; they would point at the caller's repository instead of the folder's."""


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
    """What git printed, or None where it said no.

    Hooks, pagers and the caller's GIT_DIR play no part.
    """
    command = ["git", "--no-pager", "-C", str(root), *arguments]
    environment = {k: v for k, v in os.environ.items() if k not in _OF_THE_CALLER}
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program; arguments are a list, never a shell line
            command,
            capture_output=True,
            check=False,
            timeout=60,
            env=environment,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired as error:
        raise Unreachable(
            "git did not answer within a minute", "look at the repository's disk"
        ) from error
    if "dubious ownership" in done.stderr:
        raise UsageError(
            f"git refuses to read {root}: the folder belongs to another user",
            f"git config --global --add safe.directory {root}",
        )
    return done.stdout.strip() if done.returncode == 0 else None
