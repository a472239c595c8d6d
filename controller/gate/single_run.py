"""One run, looked at closely: what it left behind, what the gate would say of it, how others fared.

Beside the way of a change: nothing here decides about a rollout. The outcome is the gate's own
(`controller.workflow_data.outcomes` decides it, as it does for every count); this module says what
it means, and what is wrong with the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Final

from controller.domain.gate_policy import DeterministicGate, GatePolicy
from controller.domain.measures import Rate
from controller.gate.counts import Uncounted

_CENT: Final = Decimal("0.01")


class Fate(StrEnum):
    """What became of a run, decided at its deadline as for every gate."""

    COMPLETED = "completed"
    FAILED = "failed"
    STUCK = "stuck"  # neither completed nor failed by its deadline, whatever became of it later
    PENDING = "pending"
    EXCLUDED = "excluded"  # its time stamps or its status are impossible: no gate judges it


@dataclass(frozen=True, slots=True)
class RunLimits:
    """By which times a run is judged; the defaults are those of the gate files.

    Attributes:
        deadline: Its outcome is decided this long after it was created.
        on_time: A run completed within this time is on time.
    """

    deadline: timedelta = timedelta(minutes=30)
    on_time: timedelta = timedelta(minutes=10)

    @classmethod
    def of(cls, gate: GatePolicy | None) -> "RunLimits":
        """The times of a gate; the defaults where there is none, or where it names none."""
        if gate is None:
            return cls()
        if isinstance(gate, DeterministicGate):
            return cls(gate.timing.outcome_deadline, gate.duration_proceed)
        within = (c.within for c in gate.criteria if c.name == Rate.ON_TIME and c.within)
        return cls(gate.timing.outcome_deadline, next(within, cls().on_time))


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a gate would say of the run.

    Attributes:
        on_time: Only for completed runs; None for others.
        why: For an excluded run: the reason, in words.
    """

    fate: Fate
    on_time: bool | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RunFile:
    """The file that a run began with; what the app does not know of it is None."""

    name: str | None
    size: int | None
    type: str | None


@dataclass(frozen=True, slots=True)
class RunOrder:
    """One order that the run made.

    Attributes:
        supplier: Its id.
        supplier_name: None where there is no such supplier.
        items: How many line items it has.
        items_total: What they add up to; None where they carry no amounts, or where the
            environment's file does not say which column holds them.
        synced: Whether the sync status is one of those that mean it.
    """

    id: str
    merchant: str | None
    number: str | None
    supplier: str | None
    supplier_name: str | None
    status: str | None
    total: Decimal | None
    items: int
    items_total: Decimal | None
    shopify_order: str | None
    sync_status: str | None
    synced: bool
    synced_at: datetime | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields that are empty."""
        found = {"number": self.number, "supplier": self.supplier}
        empty = [name for name, value in found.items() if not value]
        return (*empty, *(("total",) if self.total is None else ()))

    @property
    def adds_up(self) -> bool | None:
        """Whether the items add up to the total within a cent; None where that cannot be told.

        In whole cents, as the gate has it: amounts may be stored as floats.
        """
        if self.total is None or self.items_total is None:
            return None
        return abs(_cents(self.total) - _cents(self.items_total)) <= 1


def _cents(amount: Decimal) -> int:
    return int((amount / _CENT).to_integral_value(rounding="ROUND_HALF_UP"))


@dataclass(frozen=True, slots=True)
class SingleRun:
    """Everything the app recorded of one run.

    Attributes:
        status: As the app writes it, and so are `stage` and `error`.
        took: From its creation to its end; None where it has not ended, or where that cannot be.
        measured: Whether it completed with a duration that may be held against others: a failure
            is often quicker.
        file: None where it began without one.
        orders: Sorted by id.
        measures: The measures over orders, by name, as the gate counts them: of this run.
        outcomes: By the times it is judged by.
        past: How long this merchant's earlier completed runs took, the newest first.
    """

    id: str
    merchant: str
    status: str | None
    stage: str | None
    error: str | None
    created: datetime | None
    started: datetime | None
    completed: datetime | None
    took: timedelta | None
    measured: bool
    file: RunFile | Uncounted | None
    orders: tuple[RunOrder, ...] | Uncounted
    measures: Mapping[str, bool] | Uncounted
    outcomes: Mapping[RunLimits, RunOutcome]
    past: tuple[timedelta, ...] | Uncounted

    @property
    def duration(self) -> timedelta | None:
        """How long it took, where that says something beside others."""
        return self.took if self.measured else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a run compares with others.

    Attributes:
        runs: How many others.
        slower: Those of them that took longer; None for a run without a duration.
        ratio: Their median in terms of this run's duration: 9.5 means that it took 9.5 times as
            long. None where either is not known.
    """

    runs: int
    median: timedelta | None
    slower: int | None
    ratio: float | None


def compare(took: timedelta | None, others: tuple[timedelta, ...]) -> Comparison:
    """Hold a run against others."""
    middle = timedelta(seconds=median(o.total_seconds() for o in others)) if others else None
    slower = None if took is None else sum(other > took for other in others)
    return Comparison(len(others), middle, slower, times(middle, took))


def times(others: timedelta | None, took: timedelta | None) -> float | None:
    """How many times as long as this run others took; None where that cannot be told."""
    return others / took if others is not None and took else None
