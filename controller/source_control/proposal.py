"""A proposal: one commit on a branch of its own, made without touching what is checked out.

Promotion and rollback end here. Made twice it is there once: a branch that would already bring the
wanted files when merged is left as it is.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from controller.errors import Refused, UsageError
from controller.source_control import objects
from controller.source_control.command import git
from controller.source_control.merging import merge, write_commit

OUR_BRANCHES: Final = "rolloutctl/"
"""Every branch that we write begins so."""

_TRAILER: Final = "Rolloutctl"


class State(StrEnum):
    """What became of a proposal."""

    CREATED = "created"
    EXISTS = "exists"  # the branch is there already and brings just this
    PLANNED = "planned"  # nothing was written, as asked
    NOTHING_TO_DO = "nothing_to_do"  # the files say it already


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a proposal.

    Attributes:
        path: From the folder that holds `flags/` and `rollout/`.
        before: Its text.
        after: Its text then.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a flag's phase, ready to be pushed and reviewed.

    Attributes:
        environments: Where it moves.
        start: The full id of the commit it is made on.
        branch: Its name; the same change always has the same one.
        commit: The full id of its commit; None where there is nothing to do.
        reverted: The full id of the commit that it reverts; None for an edited line.
        why_edited: For a rollback by an edited line, why it is no revert; else empty.
        title: One line, for a commit and a pull request.
        body: More lines; may be empty.
    """

    flag: str
    environments: tuple[str, ...]
    from_phase: str
    to_phase: str
    start: str
    branch: str
    commit: str | None
    files: tuple[FileChange, ...]
    state: State
    title: str
    body: str = ""
    reverted: str | None = None
    why_edited: str = ""


def write(
    root: Path,
    draft: Proposal,
    tree: str,
    files: tuple[FileChange, ...],
    *,
    dry_run: bool,
) -> Proposal:
    """Make the commit and the branch of a proposal, unless they are there.

    Args:
        root: A folder of the repository.
        draft: What it is about.
        tree: What the commit is to hold.
        files: The same, as it is shown.
        dry_run: Whether to leave out the commit and the branch.

    Raises:
        Refused: There is a branch of that name that holds something else.
        UsageError: Git does not know who commits, or the branch is checked out.
    """
    draft = replace(draft, files=files, state=State.PLANNED)
    if dry_run:
        return draft
    what = f"{draft.flag} {draft.from_phase} -> {draft.to_phase} ({', '.join(draft.environments)})"
    text = "\n\n".join(part for part in (draft.title, draft.body, f"{_TRAILER}: {what}") if part)
    commit, state = put_on_branch(root, draft.branch, draft.start, tree, f"{text}\n")
    return replace(draft, commit=commit, state=state)


def tree_with(root: Path, start: str, files: Mapping[str, bytes | None]) -> str:
    """The tree of a commit with the content of some files replaced, and others removed.

    Args:
        root: The folder that the paths are relative to.
        start: The commit.
        files: New content by path, None to remove it; what is there already keeps its mode.
    """
    prefix = git(root, "rev-parse", "--show-prefix").text
    with tempfile.TemporaryDirectory(prefix="rolloutctl-") as folder:
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        _done(root, "read-tree", start, variables=index)
        for path, data in files.items():
            if data is None:
                nothing = f"0 {'0' * len(start)}\t{prefix}{path}\0".encode()
                _done(root, "update-index", "-z", "--index-info", given=nothing, variables=index)
                continue
            listed = _done(root, "ls-tree", start, "--", path).split()
            blob = _done(root, "hash-object", "-w", "--no-filters", "--stdin", given=data)
            entry = f"{listed[0] if listed else '100644'},{blob},{prefix}{path}"
            _done(root, "update-index", "--add", "--cacheinfo", entry, variables=index)
        return _done(root, "write-tree", variables=index)


def changed_paths(root: Path, before: str, after: str) -> tuple[str, ...]:
    """Which files differ between two commits or trees, from the root of the repository."""
    listed = git(root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after)
    return tuple(p for p in listed.out.decode("utf-8", "surrogateescape").split("\0") if p)


def put_on_branch(
    root: Path, branch: str, start: str, tree: str, message: str
) -> tuple[str, State]:
    """Make the commit and the branch, unless a branch of that name brings the same already.

    Args:
        root: A folder of the repository.
        branch: Its name.
        start: The full id of the commit to make it on.
        tree: What the commit is to hold.
        message: Its text; the last line is our trailer, by which we know it again.

    Returns:
        The full id of the commit, and whether it was there.

    Raises:
        Refused: There is a branch of that name that holds something else.
        UsageError: Git does not know who commits, or the branch is checked out.

    A branch that we made on an older base, and nobody has added to, is made anew. One that was
    fetched counts like one of this clone, so that two machines make one branch.
    """
    for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        stands = git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        if not stands.is_ok:
            continue
        if _brings(root, stands.text, start, tree):
            _point(root, branch, stands.text)
            return stands.text, State.EXISTS
        if not _is_ours(root, stands.text, start):
            name = ref.split("/", 2)[2]
            raise Refused(
                f"there is a branch {name} already, and it holds something else",
                f"look at it: git log {name}; if it is not needed: git branch -D {branch}, and on "
                f"the remote: git push origin --delete {branch}",
            )
    commit = write_commit(root, tree, (start,), message)
    _point(root, branch, commit)
    return commit, State.CREATED


def _point(root: Path, branch: str, commit: str) -> None:
    """Let a branch point to a commit, unless it does."""
    if git(root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").text == commit:
        return
    made = git(root, "branch", "--force", "--no-track", "--", branch, commit)
    if not made.is_ok:
        raise UsageError(
            f"git could not make the branch {branch}: {made.complaint[:200]}",
            "if it is checked out somewhere, switch to another branch there; else look at: "
            "git branch --list 'rolloutctl*'",
        )


def _brings(root: Path, tip: str, start: str, tree: str) -> bool:
    """Whether merging the branch gives just the wanted files."""
    if git(root, "merge-base", tip, start).is_ok:
        merged = merge(root, start, tip)
        return not merged.conflicts and merged.tree == tree
    return False


def _is_ours(root: Path, tip: str, start: str) -> bool:
    """Whether a branch is one commit of ours on what the start already has, or merged long ago."""
    if objects.is_ancestor(root, tip, start):
        return True
    made_on = objects.parents(root, tip)
    said = git(root, "log", "--max-count=1", "--format=%B", tip, "--").text
    is_signed = said.splitlines()[-1:] != [] and said.splitlines()[-1].startswith(f"{_TRAILER}: ")
    return is_signed and len(made_on) == 1 and objects.is_ancestor(root, made_on[0], start)


def _done(
    root: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
) -> str:
    answer = git(root, *arguments, given=given, variables=variables)
    if not answer.is_ok:
        raise UsageError(
            f"git {arguments[0]} failed: {answer.complaint[:200]}", "git fsck; git status"
        )
    return answer.text
