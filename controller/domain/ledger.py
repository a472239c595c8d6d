"""What the ledger remembers.

The plans applied, the flags as applied, the halts, who changed what and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from controller.domain.desired import DesiredFlag
from controller.domain.halt import Halt
from controller.domain.plan import Cause


@dataclass(frozen=True, slots=True)
class AppliedFlag:
    """A flag as it was applied last.

    Attributes:
        desired: What git said then.
        since: When this definition was first applied (database clock).
        phase_since: When its phase was entered (database clock); the soak counts from here.
        generation: The plan that applied it.
        revision: The commit it came from, where one was known.
        evaluated_at: The database time at which its values were decided last. A run that withholds
            the flag decides nothing about it. None where only the ledger's own is known.
    """

    desired: DesiredFlag
    since: datetime
    phase_since: datetime
    generation: int
    revision: str | None
    evaluated_at: datetime | None = None

    @property
    def soaked_at(self) -> datetime:
        """When its phase will have soaked, or had soaked; at once where the phase asks for none."""
        rollout = self.desired.rollout
        phase = rollout.phase_at(rollout.position) if rollout else None
        return self.phase_since + phase.soak if phase else self.phase_since


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one environment, as one snapshot saw it.

    Attributes:
        exists: False where the `rollout` schema has not been created yet.
        generation: The serial number of the plan applied last; 0 before the first.
        revision: The commit applied last.
        halts: By flag; only those in force.
        resumed: Flags whose halt has ended since they were applied last; their values are still
            off.
        evaluated_at: The database time that the run applied last took its decisions at; None before
            the first.
    """

    exists: bool
    generation: int
    revision: str | None
    applied: Mapping[str, AppliedFlag]
    halts: Mapping[str, Halt]
    resumed: frozenset[str] = frozenset()
    evaluated_at: datetime | None = None

    def last_applied(self, flag: DesiredFlag) -> DesiredFlag | None:
        """The flag as applied last, in the column where it lives now.

        None where the flag, or its column, is new to the ledger: what is found there was written by
        somebody else.
        """
        applied = self.applied.get(flag.key)
        is_here = applied and applied.desired.flag.merchant_config == flag.flag.merchant_config
        return applied.desired if applied and is_here else None

    def decided_at(self, flag: str) -> datetime | None:
        """When the values of a flag were decided last; None before the first run."""
        applied = self.applied.get(flag)
        return (applied.evaluated_at if applied else None) or self.evaluated_at

    def was_off(self, flag: str) -> bool:
        """Whether a halt had turned the flag off for everyone when the ledger last decided."""
        return flag in self.halts or flag in self.resumed


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One change of one merchant's value, as the ledger recorded it."""

    generation: int
    flag: str
    merchant: str
    value: bool
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One applied plan.

    Attributes:
        summary: Counts by flag and cause, guardrails lifted with their reasons, as recorded (JSON
            object).
        changed: How many values really changed, by flag.
    """

    id: str
    generation: int
    kind: str
    revision: str | None
    actor: str
    at: datetime
    plan_hash: str
    summary: Mapping[str, object]
    changed: Mapping[str, int] = field(default_factory=dict)
