"""Runs as they are watched: how each stands at a moment, and what happened between two looks.

Beside the way of a change: nothing here decides about a rollout. The outcome of a run is the gate's
own; this module says how far it is, and which runs a person should look at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from controller.gate.single_run import Fate, RunLimits, RunOutcome

_NEAR: Final = 0.8
"""A run that has used up this much of its time is near its deadline."""


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """One run, as one look found it.

    Attributes:
        shop: The merchant's shop domain; None where the app does not know it.
        status: As the app writes it, and so are `stage` and `error`.
        created: In UTC.
        completed: None where it has not ended.
        outcome: What a gate would say of it.
    """

    id: str
    merchant: str
    shop: str | None
    status: str | None
    stage: str | None
    error: str | None
    created: datetime
    completed: datetime | None
    outcome: RunOutcome

    @property
    def has_matured(self) -> bool:
        """Whether its outcome is decided."""
        return self.outcome.fate in {Fate.COMPLETED, Fate.FAILED, Fate.STUCK}

    def elapsed(self, now: datetime) -> timedelta:
        """From its creation to its end, or to now where it has not ended; never below zero."""
        ended = self.completed if self.outcome.fate in {Fate.COMPLETED, Fate.FAILED} else None
        return max((ended or now) - self.created, timedelta())


class Standing(StrEnum):
    """How a run stands."""

    FAILED = "failed"
    STUCK = "stuck"
    NEAR = "near"  # its deadline: then it counts as stuck
    LATE = "late"  # ended or not, it is not on time any more
    UNJUDGED = "unjudged"  # its time stamps or its status are impossible
    UNDER_WAY = "under way"
    COMPLETED = "completed"

    @property
    def troubles(self) -> bool:
        """Whether a person should look at it."""
        return self not in {Standing.UNDER_WAY, Standing.COMPLETED}


_OF_FATES: Final = {
    Fate.FAILED: Standing.FAILED,
    Fate.STUCK: Standing.STUCK,
    Fate.EXCLUDED: Standing.UNJUDGED,
}


def standing(run: WatchedRun, now: datetime, limits: RunLimits) -> Standing:
    """How a run stands at a moment."""
    if run.outcome.fate in _OF_FATES:
        return _OF_FATES[run.outcome.fate]
    if run.outcome.fate is Fate.COMPLETED:
        return Standing.COMPLETED if run.outcome.on_time else Standing.LATE
    elapsed = run.elapsed(now)
    if elapsed >= limits.deadline * _NEAR:
        return Standing.NEAR
    return Standing.LATE if elapsed > limits.on_time else Standing.UNDER_WAY


def left(run: WatchedRun, now: datetime, limits: RunLimits) -> timedelta:
    """How long until its outcome is decided, whatever happens; never below zero."""
    return max(run.created + limits.deadline - now, timedelta())


class Happening(StrEnum):
    """What became of a run between two looks."""

    STARTED = "started"
    MOVED = "moved"  # to another stage
    CHANGED = "changed"  # another standing


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened to one run; the run is as the later look found it."""

    happening: Happening
    run: WatchedRun
    standing: Standing


@dataclass(frozen=True, slots=True)
class Look:
    """The runs of one look.

    Attributes:
        now: The database's clock.
    """

    now: datetime
    runs: Sequence[WatchedRun]
    limits: RunLimits

    def standing(self, run: WatchedRun) -> Standing:
        """How a run stood then."""
        return standing(run, self.now, self.limits)


def events(before: Look, after: Look) -> Iterator[RunEvent]:
    """What happened between two looks, the oldest run first.

    A run that began and ended in between is told once, by its end.
    """
    known = {run.id: run for run in before.runs}
    for run in sorted(after.runs, key=lambda run: (run.created, run.id)):
        stands, earlier = after.standing(run), known.get(run.id)
        if earlier is None:
            begins = stands is Standing.UNDER_WAY
            yield RunEvent(Happening.STARTED if begins else Happening.CHANGED, run, stands)
        elif stands is not before.standing(earlier):
            yield RunEvent(Happening.CHANGED, run, stands)
        elif run.stage != earlier.stage and not run.has_matured:
            yield RunEvent(Happening.MOVED, run, stands)
