"""Gathering for `gate`: which phase is left for which, whether a gate stands between, its answer.

What is asked is decided here from the ledger and the ladder; `controller.judging` asks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import Freeze
from controller.domain.flag_policy import FlagPolicy, policy_of
from controller.domain.halt import Halt
from controller.domain.instants import format_instant
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.rollout import OFF, Rollout
from controller.errors import UsageError
from controller.judging import Judgement, ask
from controller.ports import Ports


class Free(StrEnum):
    """Why no gate stands in the way."""

    OFF = "off"  # the first phase is entered without one
    NO_GATE = "no_gate"  # the phase has none
    NO_PHASES = "no_phases"  # the flag has no rollout
    GLOBAL = "global"  # everyone has it already
    RETREAT = "retreat"  # going down is never asked anything
    SAME = "same"  # it is there already


@dataclass(frozen=True, slots=True)
class NothingToPass:
    """The answer where there is no gate.

    Attributes:
        phase: The phase that the flag is in.
        following: The phase that would be entered; None where there is none above.
        soaked_at: When the phase will have soaked; None where it has, or need not.
        halt: The halt in force, where it keeps the flag from advancing.
        now: The database's clock.
    """

    flag: str
    phase: str
    following: str | None
    free: Free
    soaked_at: datetime | None
    halt: Halt | None
    now: datetime


class Other(StrEnum):
    """What the files say otherwise than the policy that judges."""

    GATE = "gate"
    WAIVERS = "waivers"
    WORKFLOW_DATA = "workflow_data"


@dataclass(frozen=True, slots=True)
class Asked:
    """The gate's answer, and what stands beside it.

    Attributes:
        following: The phase that would be entered; None where there is none above.
        others: What the files here say otherwise; it judges once it has been applied.
        freezes: In force now: whatever the gate says, nothing is advanced.
        as_of: The earlier moment that was judged; None for now.
    """

    judgement: Judgement
    following: str | None
    others: tuple[Other, ...]
    freezes: tuple[Freeze, ...]
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One flag between the phase it is in and the one that would be entered.

    Attributes:
        ladder: The files' phases, or those applied last where the files lost the one it is in.
        phase: As applied last.
        following: None where there is nothing above.
    """

    ledger: Ledger
    now: datetime
    applied: AppliedFlag | None
    ladder: Rollout | None
    phase: str
    following: str | None


def inquire(
    ports: Ports,
    desired: Desired,
    flag: DesiredFlag,
    *,
    actor: str,
    to: str | None = None,
    as_of: datetime | None = None,
) -> Asked | NothingToPass:
    """May this flag leave the phase it is in?

    Args:
        ports: The outside world.
        desired: What git says.
        flag: The flag, as the files have it.
        actor: Who asks, for the evidence.
        to: The phase to enter; None is the next one up.
        as_of: Judge what was known at this earlier moment.

    Raises:
        UsageError: `to` is no phase or not the next one, or `as_of` is not in the past.
        DatabaseUnreachable: The app's database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
    if as_of is not None and as_of > now:
        raise UsageError(
            f"{format_instant(as_of)} is in the future: it is {format_instant(now)}",
            "leave --as-of away to judge what is known now",
        )
    step = step_of(flag, ledger, now, to)
    free = why_free(step)
    if free is not None:
        return nothing_to_pass(flag.key, step, free)
    judgement = ask(ports, desired, flag.key, actor=actor, as_of=as_of)
    freezes = tuple(f for f in desired.environment.freezes if f.starts <= now < f.ends)
    others = tuple(_others(flag, policy_of(desired, flag.key), step.applied))
    return Asked(judgement, step.following, others, freezes, as_of)


def step_of(flag: DesiredFlag, ledger: Ledger, now: datetime, to: str | None) -> Step:
    """Which phase would be left for which.

    Raises:
        UsageError: `to` is no phase, or not the next one up.
    """
    applied = ledger.applied.get(flag.key)
    phase = applied.desired.phase if applied else OFF
    ladder = _ladder(flag, applied, phase)
    following = None
    if ladder is not None:
        following = to if to is not None else _next(ladder, phase)
        _refuse_elsewhere(flag.key, ladder, phase, following)
    return Step(ledger, now, applied, ladder, phase, following)


def _ladder(flag: DesiredFlag, applied: AppliedFlag | None, phase: str) -> Rollout | None:
    """The files' ladder, unless they have lost the phase that the flag is in."""
    if applied is None or _has(flag.rollout, phase):
        return flag.rollout
    return applied.desired.rollout


def _has(ladder: Rollout | None, phase: str) -> bool:
    return ladder is not None and phase in {OFF, *(p.name for p in ladder.phases)}


def _next(ladder: Rollout, phase: str) -> str | None:
    position = ladder.position_of(phase) + 1
    following = ladder.phase_at(position) if position <= ladder.last_position else None
    return following.name if following else None


def _refuse_elsewhere(flag: str, ladder: Rollout, phase: str, to: str | None) -> None:
    if not _has(ladder, to or OFF):
        known = ", ".join([OFF, *(p.name for p in ladder.phases)])
        raise UsageError(f"{flag} has no phase {to}", f"it has: {known}")
    here, there = ladder.position_of(phase), ladder.position_of(to or OFF)
    if there > here + 1:
        following = _next(ladder, phase)
        raise UsageError(
            f"{flag}: from {phase} to {to} skips a phase of its ladder",
            f"the next one is {following}: rolloutctl gate {flag} --to {following}",
        )


def why_free(step: Step) -> Free | None:
    """Why no gate is to be asked; None where one is."""
    if step.ladder is None:
        return Free.NO_PHASES
    if step.following is not None:
        here, there = step.ladder.position_of(step.phase), step.ladder.position_of(step.following)
        if there <= here:
            return Free.SAME if there == here else Free.RETREAT
    if step.applied is None or step.applied.phase is None:
        return Free.OFF
    if step.applied.desired.flag.globally_on:
        return Free.GLOBAL
    return Free.NO_GATE if step.applied.phase.gate is None else None


def nothing_to_pass(flag: str, step: Step, free: Free) -> NothingToPass:
    """What there is to say instead of a gate's answer."""
    soaked_at, halt = None, None
    if free in {Free.OFF, Free.NO_GATE}:
        halt = step.ledger.halts.get(flag)
        if step.applied is not None and step.now < step.applied.soaked_at:
            soaked_at = step.applied.soaked_at
    return NothingToPass(flag, step.phase, step.following, free, soaked_at, halt, step.now)


def _others(flag: DesiredFlag, files: FlagPolicy, applied: AppliedFlag | None) -> Iterator[Other]:
    if applied is None or applied.policy is None:
        return
    phase, policy = applied.desired.phase, applied.policy
    named = flag.rollout.phases if flag.rollout else ()
    gates = {p.name: files.gates.get(p.gate) for p in named if p.gate is not None}
    if gates.get(phase) != applied.gate:
        yield Other.GATE
    if {w for w in files.waivers if w.phase == phase} != {
        w for w in policy.waivers if w.phase == phase
    }:
        yield Other.WAIVERS
    if files.workflow_data != policy.workflow_data:
        yield Other.WORKFLOW_DATA
