"""Rollback: the revert of the commit that advanced a flag, or the same by its one line.

A rollback is never blocked: where the revert conflicts, would undo more than the phase, or is out
of this clone's reach, the line is edited instead, and the proposal says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from controller.config.configuration import Configuration
from controller.config.loader import examine, load_files
from controller.config.phase_edit import set_global_off, set_phase
from controller.config.sources import Sources
from controller.domain.rollout import OFF
from controller.source_control import objects
from controller.source_control.advances import Advance, files_of, find_advance
from controller.source_control.command import git
from controller.source_control.ground import Ground, stand_on
from controller.source_control.merging import merge_from
from controller.source_control.proposal import (
    FileChange,
    Proposal,
    State,
    changed_paths,
    tree_with,
    write,
)
from controller.source_control.tree import read_tree

GLOBALLY_ON: Final = "global: true"
"""What the step above the last phase is called."""


@dataclass(frozen=True, slots=True)
class _Reverted:
    """What a revert would give."""

    tree: str
    to_phase: str
    files: tuple[FileChange, ...]


def rollback(
    root: Path,
    flag: str,
    *,
    environment: str | None = None,
    start: str = "HEAD",
    dry_run: bool = False,
) -> Proposal:
    """Propose that a flag goes back to where it was before its last advance.

    Args:
        root: The folder that holds `flags/` and `rollout/`; only commits are read and made, what is
            checked out stays as it is.
        flag: The flag's key.
        environment: Where; see `ground.stand_on`.
        start: The revision to make it on.
        dry_run: Whether to leave out the commit and the branch.

    Raises:
        Refused: The branch holds something else, or the file cannot be edited.
        ProblemsFound: The files are wrong.
        UsageError: There is no such flag, environment or revision.
    """
    ground = stand_on(root, start, flag, environment)
    stands = GLOBALLY_ON if ground.flag.flag.globally_on else ground.flag.phase
    draft = Proposal(
        flag=flag,
        environments=_concerned(ground),
        from_phase=stands,
        to_phase=OFF,
        start=ground.start,
        branch=ground.branch("rollback", stands),
        commit=None,
        files=(),
        state=State.NOTHING_TO_DO,
        title=f"{flag} is off in {ground.where} already",
    )
    if stands == OFF:
        return draft
    advance = find_advance(root, ground.start, flag, ground.environments[0])
    if advance is not None:
        draft = replace(draft, branch=f"{draft.branch}-{advance.commit[:8]}")
    reverted = _revert(ground, advance)
    if isinstance(reverted, str):
        return _by_line(ground, draft, advance, reverted, dry_run=dry_run)
    return _by_revert(ground, draft, advance, reverted, dry_run=dry_run)


def _concerned(ground: Ground) -> tuple[str, ...]:
    """Where it moves: a global value is the same everywhere."""
    everywhere = tuple(ground.configuration.environments)
    return everywhere if ground.flag.flag.globally_on else ground.environments


def _revert(ground: Ground, advance: Advance | None) -> _Reverted | str:
    """What the revert gives; or in words why it is not what is wanted."""
    if advance is None or not advance.parents:
        return _out_of_reach(ground, advance)
    name = advance.commit[:12]
    merged = merge_from(ground.root, advance.commit, ground.start, advance.parents[0])
    if merged.conflicts:
        return f"the revert of {name} conflicts with what came after it"
    if not _only_its_files(ground, merged.tree):
        return f"the revert of {name} would undo changes of other files, too"
    sources = read_tree(ground.root, merged.tree)
    configuration = examine(sources).configuration
    to_phase = _only_the_phase(ground, configuration) if configuration else None
    if to_phase is None:
        return f"the revert of {name} would undo more than the phase"
    return _Reverted(merged.tree, to_phase, tuple(_changed(ground, sources)))


def _out_of_reach(ground: Ground, advance: Advance | None) -> str:
    if advance is not None:
        return f"{advance.commit[:12]}, which advanced it, is the first commit"
    if objects.is_shallow(ground.root):
        return "this shallow clone does not reach back to the commit that advanced it"
    return "no commit of this history advanced it"


def _only_its_files(ground: Ground, tree: str) -> bool:
    prefix = git(ground.root, "rev-parse", "--show-prefix").text
    ours = {f"{prefix}{file}" for file in files_of(ground.flag.key)}
    return set(changed_paths(ground.root, ground.start, tree)) <= ours


def _changed(ground: Ground, after: Sources) -> Iterator[FileChange]:
    for file in files_of(ground.flag.key):
        if after.files[file] != ground.sources.files[file]:
            yield FileChange(file, ground.text(file), after.files[file].decode())


def _only_the_phase(ground: Ground, after: Configuration) -> str | None:
    """The phase that it would go back to; None where anything else would change, too."""
    key = ground.flag.key
    rollout = after.rollouts.get(ground.environments[0], {}).get(key)
    if rollout is None or after.flags[key].globally_on:
        return None
    is_lower = rollout.position < ground.rollout.position or ground.flag.flag.globally_on
    return rollout.phase if is_lower and _only_it_moves(ground, after, rollout.phase) else None


def _only_it_moves(ground: Ground, after: Configuration, phase: str) -> bool:
    """Whether all is as it was, but that the flag is in this phase and not on globally."""
    before, key = ground.configuration, ground.flag.key
    rollouts = {
        name: {**rollouts, key: replace(rollouts[key], phase=phase)}
        if name in ground.environments
        else dict(rollouts)
        for name, rollouts in before.rollouts.items()
    }
    flags = {**before.flags, key: replace(before.flags[key], globally_on=False)}
    found = {name: dict(rollouts) for name, rollouts in after.rollouts.items()}
    return (found, dict(after.flags), after.gates) == (rollouts, flags, before.gates)


def _by_revert(
    ground: Ground,
    draft: Proposal,
    advance: Advance | None,
    reverted: _Reverted,
    *,
    dry_run: bool,
) -> Proposal:
    assert advance is not None  # noqa: S101 -- there is nothing to revert without one
    body = f"This reverts commit {advance.commit}"
    if len(advance.parents) > 1:
        body += f", reversing\nchanges made to {advance.parents[0]}"
    draft = replace(
        draft,
        to_phase=reverted.to_phase,
        title=f'Revert "{advance.subject}"',
        body=f"{body}.",
        reverted=advance.commit,
    )
    return write(ground.root, draft, reverted.tree, reverted.files, dry_run=dry_run)


def _by_line(
    ground: Ground, draft: Proposal, advance: Advance | None, why: str, *, dry_run: bool
) -> Proposal:
    if ground.flag.flag.globally_on:
        target, file = ground.flag.phase, files_of(ground.flag.key)[0]
        after = set_global_off(ground.text(file))
    else:
        target, file = _below(ground, advance), ground.file
        known = ground.configuration.environments
        after = set_phase(ground.text(file), target, ground.only, known)
    load_files({**ground.sources.files, file: after.encode()})
    draft = replace(
        draft,
        to_phase=target,
        title=f"Roll back {draft.flag} from {draft.from_phase} to {target} in "
        f"{' and '.join(draft.environments)}",
        body=f"Not a revert: {why}.",
        why_edited=why,
    )
    tree = tree_with(ground.root, ground.start, {file: after.encode()})
    change = FileChange(file, ground.text(file), after)
    return write(ground.root, draft, tree, (change,), dry_run=dry_run)


def _below(ground: Ground, advance: Advance | None) -> str:
    """Where it was before, if the ladder still has that below; else one phase down."""
    names = (OFF, *(phase.name for phase in ground.rollout.phases))[: ground.rollout.position]
    return advance.from_phase if advance and advance.from_phase in names else names[-1]
