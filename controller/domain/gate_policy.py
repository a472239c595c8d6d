"""What a gate demands: the reviewed policy, before anything is counted or judged.

The shape follows the gate files; `controller.gate` turns counts and a policy into a verdict.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from controller.domain.units import Percent


class CriterionMode(StrEnum):
    """Whether a criterion decides, or is only shown."""

    DECIDE = "decide"
    INFORM = "inform"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One rate that a sequential gate judges.

    Attributes:
        name: A built-in measure, or one that the environment file defines.
        target: The rate that the feature should reach.
        floor: The rate below which the feature is not acceptable; at most `target`.
        within: For `on_time`: a run must be completed within this time.
        ratio: For `faster_than_baseline`: at most this share of the baseline's median duration.
    """

    name: str
    target: Percent
    floor: Percent
    within: timedelta | None = None
    ratio: float | None = None
    mode: CriterionMode = CriterionMode.DECIDE


@dataclass(frozen=True, slots=True)
class WorstMerchant:
    """A rule on the single worst merchant, so that an average cannot hide one broken customer."""

    criterion: str
    min_runs: int
    fix_minor_below: Percent


@dataclass(frozen=True, slots=True)
class GateTiming:
    """The times that both kinds of gate share.

    Attributes:
        soak_min: The phase must have been applied at least this long; the phase's own soak counts
            too.
        outcome_deadline: A run's outcome is decided this long after its creation, finished or not.
        max_staleness: The newest workflow data must be younger than this.
        max_wait: After this long undecided, a person is asked; nothing happens by itself.
    """

    soak_min: timedelta
    outcome_deadline: timedelta
    max_staleness: timedelta
    max_wait: timedelta


@dataclass(frozen=True, slots=True)
class DeterministicGate:
    """The pilot's gate: the source's decision matrix on a handful of runs.

    Attributes:
        duration_proceed: At or below this a run is good.
        duration_fix_minor: Above `duration_proceed` and at or below this: fix minor issues. Above:
            roll back.
        failed_rollback: This many failed runs mean rollback.
        stuck_rollback: This many stuck runs mean rollback.
        require: Measures that must hold for every run; otherwise fix minor issues.
        never: Counts that mean rollback when they are not zero.
    """

    name: str
    timing: GateTiming
    min_runs: int
    duration_proceed: timedelta
    duration_fix_minor: timedelta
    failed_rollback: int
    stuck_rollback: int
    require: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SequentialGate:
    """The ramp's gate: exact one-sided tests that stay valid however often they are asked.

    Attributes:
        runs_per_merchant: At most this many matured runs of one merchant count as evidence to pass.
        never: Counts that mean rollback when they are not zero; they cannot be waived.
        alpha_pass: For each criterion, the chance of ever passing at the floor.
        alpha_fail: For all criteria together, the chance of ever failing at the target.
    """

    name: str
    timing: GateTiming
    min_runs: int
    min_merchants: int
    runs_per_merchant: int
    criteria: tuple[Criterion, ...]
    never: tuple[str, ...]
    worst_merchant: WorstMerchant | None
    alpha_pass: float
    alpha_fail: float


GatePolicy = DeterministicGate | SequentialGate


@dataclass(frozen=True, slots=True)
class Waiver:
    """A reviewed, expiring exception: one criterion of one phase passes despite its verdict."""

    flag: str
    phase: str
    criterion: str
    reason: str
    approved_by: str
    expires: date
