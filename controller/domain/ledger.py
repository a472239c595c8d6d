"""What the ledger remembers.

The plans applied, the flags as applied, the halts, who changed what and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from controller.domain.desired import DesiredFlag
from controller.domain.flag_policy import FlagPolicy
from controller.domain.gate_policy import GatePolicy
from controller.domain.halt import Halt
from controller.domain.plan import Cause
from controller.domain.rollout import Phase


@dataclass(frozen=True, slots=True)
class AppliedFlag:
    """A flag as it was applied last.

    Attributes:
        desired: What git said then.
        since: When this definition was first applied (database clock).
        phase_since: When its phase was entered, or widened in place (database clock); the soak and
            the gate's runs count from here.
        generation: The plan that applied it.
        revision: The commit it came from, where one was known.
        evaluated_at: The database time at which its values were decided last. A run that withholds
            the flag decides nothing about it. None where only the ledger's own is known.
        live_since: When it left off for the first of the phases that it has gone through since;
            None while it is off.
        policy: By which its next advance is judged; None where it cannot be read.
        has_baseline: Whether it is known how it was before `live_since`.
    """

    desired: DesiredFlag
    since: datetime
    phase_since: datetime
    generation: int
    revision: str | None
    evaluated_at: datetime | None = None
    live_since: datetime | None = None
    policy: FlagPolicy | None = None
    has_baseline: bool = False

    @property
    def phase(self) -> Phase | None:
        """The phase it is in; None for off, and without a rollout."""
        rollout = self.desired.rollout
        return rollout.phase_at(rollout.position) if rollout else None

    @property
    def gate(self) -> GatePolicy | None:
        """The gate that must be passed to leave its phase upwards; None where none is known."""
        if self.policy is None or self.phase is None or self.phase.gate is None:
            return None
        return self.policy.gates.get(self.phase.gate)

    @property
    def soak(self) -> timedelta:
        """How long its phase must be applied before it is left upwards: the phase's or the gate's.

        The longer of the two.
        """
        of_phase = self.phase.soak if self.phase else timedelta(0)
        return max(of_phase, self.gate.timing.soak_min) if self.gate else of_phase

    @property
    def soaked_at(self) -> datetime:
        """When its phase will have soaked, or had soaked; at once where nothing asks for a soak."""
        return self.phase_since + self.soak


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
