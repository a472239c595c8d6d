"""Removal: the files of flags that are finished go, in one commit on a branch of its own.

There is one such branch. Made again it holds what is finished then; one that somebody else has
added to is left alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from controller.config.layout import Kind, Located, locate
from controller.config.loader import examine, load_files
from controller.config.problems import ProblemsFound
from controller.source_control import objects
from controller.source_control.command import git
from controller.source_control.merging import write_commit
from controller.source_control.proposal import OUR_BRANCHES, State, put_on_branch, tree_with
from controller.source_control.tree import read_tree

BRANCH: Final = f"{OUR_BRANCHES}tidy"
REMOTE: Final = "origin"
_KEPT: Final = "flags/.gitkeep"
"""Git keeps no empty folder, and a missing one is refused."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One commit without the files of some flags.

    Attributes:
        flags: Their keys, sorted.
        start: The full id of the commit it is made on.
        files: What is removed, by path.
        branch: Its name.
        commit: The full id; None where there is nothing to remove.
        title: One line, for the commit and its pull request.
    """

    flags: tuple[str, ...]
    start: str
    files: tuple[str, ...]
    branch: str
    commit: str | None
    title: str
    state: State


def draft_removal(root: Path, flags: Sequence[str], *, start: str = "HEAD") -> Removal:
    """Make the commit, which no branch names yet: to be judged before it is proposed.

    Args:
        root: The folder that holds `flags/` and `rollout/`; only commits are read and made.
        flags: Keys of flags that the commit has.
        start: The revision to make it on.

    Raises:
        ProblemsFound: The files are wrong, or would be without these.
        UsageError: There is no such revision, or git does not know who commits.
    """
    start = objects.resolve(root, start)
    keys = tuple(sorted(flags))
    title = f"Remove {'the finished flag' if len(keys) == 1 else 'finished flags'} "
    title += ", ".join(keys)
    gone = tuple(sorted(_files_of(root, start, frozenset(keys)))) if keys else ()
    if not gone:
        return Removal((), start, (), BRANCH, None, "", State.NOTHING_TO_DO)
    files = read_tree(root, start).files
    left = {path: data for path, data in files.items() if path not in gone}
    added = {} if any(path.startswith("flags/") for path in left) else {_KEPT: b""}
    load_files({**left, **added})
    tree = tree_with(root, start, {**dict.fromkeys(gone), **added})
    commit = write_commit(root, tree, (start,), _message(title, keys))
    return Removal(keys, start, gone, BRANCH, commit, title, State.PLANNED)


def keep(root: Path, drafted: Removal) -> Removal:
    """Point the branch at what was drafted, unless it brings the same already.

    Raises:
        Refused: Somebody else has added to the branch.
        UsageError: The branch is checked out.
        ValueError: There is nothing to remove.
    """
    if drafted.commit is None:
        raise ValueError("a removal of nothing has no branch")
    ours = f"refs/heads/{BRANCH}"
    # What somebody has pushed must be known here, or it would be overwritten.
    git(root, "fetch", "--quiet", "--no-tags", REMOTE, f"+{ours}:refs/remotes/{REMOTE}/{BRANCH}")
    message = _message(drafted.title, drafted.flags)
    tree = git(root, "rev-parse", f"{drafted.commit}^{{tree}}").text
    commit, state = put_on_branch(root, BRANCH, drafted.start, tree, message)
    return replace(drafted, commit=commit, state=state)


def _message(title: str, keys: Sequence[str]) -> str:
    return f"{title}\n\nRolloutctl: tidy {' '.join(keys)}\n"


def _files_of(root: Path, start: str, keys: frozenset[str]) -> Iterator[str]:
    """The flags' own files, their rollouts', and the waivers that were granted them."""
    examined = examine(read_tree(root, start))
    if examined.configuration is None:
        raise ProblemsFound(examined.problems)
    for path, document in examined.configuration.documents.items():
        located = locate(path)
        if not isinstance(located, Located):
            continue
        of_flag = located.kind in {Kind.FLAG, Kind.ROLLOUT} and located.stem in keys
        if of_flag or (located.kind is Kind.WAIVER and document.value_at("flag") in keys):
            yield path
