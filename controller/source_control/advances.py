"""Which commit brought a flag to the phase that it is in: history read by meaning, not by text.

The first parents of the revision are walked, so a squash counts as one step and a merge as what it
brought. A phase that was reached by a retreat was reached before, by an advance: that one is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.activity import busy
from controller.config.layout import Kind, Located, locate
from controller.config.loader import examine
from controller.domain.desired import DesiredFlag
from controller.domain.movement import movement
from controller.domain.plan import Move
from controller.domain.rollout import OFF
from controller.source_control import objects
from controller.source_control.command import git
from controller.source_control.tree import read_tree

_NEEDED: Final = frozenset({Kind.ENVIRONMENT, Kind.GATE})


@dataclass(frozen=True, slots=True)
class Advance:
    """The commit that advanced a flag to the phase that it is in.

    Attributes:
        parents: Of the commit; the first one is what it was made on.
        subject: The first line of its message.
        from_phase: Where the flag stood before it; off where it was not there.
        to_phase: Where it stands since.
        to_global: Whether the step was to on for everyone through the deploy environment.
    """

    commit: str
    parents: tuple[str, ...]
    subject: str
    from_phase: str
    to_phase: str
    to_global: bool


def files_of(flag: str) -> tuple[str, str]:
    """The two files that say where a flag stands."""
    return f"flags/{flag}.yaml", f"rollout/{flag}.yaml"


def find_advance(root: Path, start: str, flag: str, environment: str) -> Advance | None:
    """The newest commit that advanced a flag to the phase in which `start` has it.

    Args:
        root: The folder that holds `flags/` and `rollout/`.
        start: The full id of the commit to look back from.
        flag: The flag's key.
        environment: In which environment.

    Returns:
        None where the flag is off, or where this clone's history does not reach back that far.
    """
    present: DesiredFlag | None = None
    newer: tuple[str, DesiredFlag] | None = None
    with busy(f"looking for the last advance of {flag}"):
        for commit, state in _states(root, start, flag, environment):
            present = present or state
            if newer and present and _is_the_step(state, newer[1], present):
                return _advance(root, newer[0], state, newer[1])
            newer = (commit, state) if state else None
    if newer and present and _is_the_step(None, newer[1], present) and not _is_cut(root, newer[0]):
        return _advance(root, newer[0], None, newer[1])
    return None


def _states(
    root: Path, start: str, flag: str, environment: str
) -> Iterator[tuple[str, DesiredFlag | None]]:
    """Each commit that touched the flag's files, the newest first, and the flag as of it.

    Commits whose files are wrong are left out: nothing was ever applied from them.
    """
    touched = git(root, "rev-list", "--first-parent", start, "--", *files_of(flag)).text.split()
    for commit in touched:
        sources = read_tree(root, commit, only=lambda path: _is_needed(path, flag))
        configuration = examine(sources).configuration
        if configuration is not None and environment in configuration.environments:
            yield commit, configuration.desired(environment).find(flag)


def _is_needed(path: str, flag: str) -> bool:
    located = locate(path)
    in_general = isinstance(located, Located) and located.kind in _NEEDED
    return in_general or path in files_of(flag)


def _is_the_step(before: DesiredFlag | None, after: DesiredFlag, present: DesiredFlag) -> bool:
    """Whether it advanced the flag from another phase to the present one."""
    if _rung(after) != _rung(present) or (before is not None and _rung(before) == _rung(after)):
        return False
    return movement(before, after).move is Move.ADVANCE


def _rung(desired: DesiredFlag) -> tuple[str, bool]:
    return desired.phase, desired.flag.globally_on


def _is_cut(root: Path, commit: str) -> bool:
    """Whether a commit only looks like the first one because the clone ends there."""
    return objects.is_shallow(root) and not objects.parents(root, commit)


def _advance(root: Path, commit: str, before: DesiredFlag | None, after: DesiredFlag) -> Advance:
    was_global = before is not None and before.flag.globally_on
    return Advance(
        commit=commit,
        parents=objects.parents(root, commit),
        subject=git(root, "log", "--max-count=1", "--format=%s", commit, "--").text,
        from_phase=before.phase if before else OFF,
        to_phase=after.phase,
        to_global=after.flag.globally_on and not was_global,
    )
