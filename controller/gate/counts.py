"""What the gate is given: counts of what happened to the merchants, and how far to trust them.

`controller.workflow_data` fills these values, the gate judges them, evidence stores them. Whatever
could not be counted is an `Uncounted` with its reason, in the place of the number: an error is
data, so that one broken query neither hides what the others prove nor passes for "nothing found".

A run is *matured* when its outcome is decided: at its deadline, finished or not. Runs that are
younger and unfinished are pending, runs with impossible time stamps are excluded; neither is among
the matured. *Capped* means: only the first `runs_per_merchant` matured runs of each merchant, by
creation; a deterministic gate has no cap, there capped is the same as all. All windows begin at
`Identity.since`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Uncounted:
    """This could not be counted.

    Attributes:
        reason: Why, in words for the report; no secret in it.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """`good` of `matured` runs were good. Both are plain integers."""

    good: int
    matured: int

    @property
    def bad(self) -> int:
        """The matured runs that were not good."""
        return self.matured - self.good

    @property
    def rate(self) -> float | None:
        """The share of good runs; None while nothing has matured."""
        return self.good / self.matured if self.matured else None


@dataclass(frozen=True, slots=True)
class MerchantTally:
    """One merchant's runs, judged by one measure."""

    merchant: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class WorstMerchantCount:
    """The merchant with the lowest rate, among those with enough runs to be singled out.

    Attributes:
        considered: How many merchants have at least the policy's `worst_merchant.min_runs` matured
            runs; the policy's `min_runs` is 1 where it has no such rule.
        worst: The one with the lowest rate, with more runs on ties, then by id. None exactly when
            `considered` is 0.
    """

    considered: int
    worst: MerchantTally | None


@dataclass(frozen=True, slots=True)
class RateCount:
    """One measure over the treated runs.

    Attributes:
        all_runs: Every matured run: the evidence to fail.
        capped: The first matured runs of each merchant: the evidence to pass. For a measure over
            some of the runs (`purchase_order_created`: of completed ones) the cap picks the runs
            first and the measure is taken among them.
        merchants: How many merchants have a run in `all_runs`.
        query: The resolved query, for the reader.
    """

    all_runs: Tally
    capped: Tally
    merchants: int
    worst: WorstMerchantCount
    query: str = ""


@dataclass(frozen=True, slots=True)
class TotalCount:
    """How often something happened: `stuck`, `failed`, `duplicate_orders`, `corrupted`.

    Attributes:
        examples: Ids of a few of them, for the reader; at most five.
    """

    count: int
    query: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """The treated runs as a whole.

    Attributes:
        matured: Runs whose outcome is decided.
        capped: Those among the first `runs_per_merchant` of their merchant.
        merchants: Merchants with at least one matured run.
        pending: Runs that are neither finished nor past their deadline.
        excluded: Runs left out as bad data, by reason in words, for example
            `{"completed before it was created": 2}`.
        recent: Capped runs that matured within `recent_window`, which ends now.
        recent_window: 24 hours, or the time since the phase began where that is shorter.
    """

    matured: int
    capped: int
    merchants: int
    pending: int
    excluded: Mapping[str, int]
    recent: int
    recent_window: timedelta

    @property
    def excluded_runs(self) -> int:
        """How many runs are left out as bad data, for all reasons together."""
        return sum(self.excluded.values())


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the completed matured runs took, by their deadline or not. For deterministic gates.

    Attributes:
        runs: Completed matured runs with a usable duration.
        within: Those that took at most the policy's `duration_proceed`.
        worst: The longest; None exactly when `runs` is 0.
        worst_run: The id of that run.
        median: Half of them took at most this; None without runs, and in evidence of the first
            format.
    """

    runs: int
    within: int
    worst: timedelta | None
    worst_run: str | None
    query: str = ""
    median: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Produced:
    """What the matured runs left behind, whatever became of them. For deterministic gates.

    Nothing is judged by it: people want to know of how much the rest speaks.
    """

    orders: int
    line_items: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether what was counted is what the ledger says was rolled out.

    Attributes:
        phase_applied: The phase of this flag in the ledger; None where it was never applied.
        since: When that phase was entered, by the database's clock.
        halted: The reason of the halt in force, if there is one.
        cohort_recorded: Merchants that the ledger records as turned on.
        cohort_found: Merchants that are found turned on.
        missing: Recorded as on, found off.
        extra: Found on, not recorded.
        cohort_counted: Merchants that the counting queries were given.
    """

    phase_applied: str | None
    since: datetime | None
    halted: str | None
    cohort_recorded: int
    cohort_found: int
    missing: int
    extra: int
    cohort_counted: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the data is.

    Attributes:
        watermark: When the newest run of any merchant, treated or not, was created; None where
            there is no run at all.
        replica_lag: How far a replica is behind; None where the data is read from its primary.
    """

    watermark: datetime | None
    replica_lag: timedelta | None


class BaselineSource(StrEnum):
    """Whose runs the treated ones are compared with."""

    SAME_MERCHANTS = "same_merchants"  # their own, before the rollout
    UNTREATED = "untreated"  # other merchants', where there were too few of their own


@dataclass(frozen=True, slots=True)
class Baseline:
    """How it was before: measured once, when the first phase was applied, and then frozen.

    Attributes:
        starts: Of the window measured; the end is excluded.
        completed: Runs of the window that completed by their deadline, of `matured`.
        durations: Completed runs with a usable duration.
        median_bound: The lower 90 % bound of their median duration: the value at the rank that
            `statistics.median_lower_rank(durations)` names. None where there are too few.
        hash: What `baseline.fingerprint` said when it was frozen.
    """

    source: BaselineSource
    starts: datetime
    ends: datetime
    merchants: int
    completed: Tally
    durations: int
    median_bound: timedelta | None
    measured_at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class GateCounts:
    """Everything that was counted for one question: may this flag leave this phase upwards?

    Attributes:
        rates: By criterion name; every measure that the policy asks for has an entry.
        totals: By name; every count that the policy asks for has an entry.
        durations: For deterministic gates; `Uncounted` where nobody asked.
        untreated: Runs of the untreated merchants in the same window, completed by their deadline.
        produced: None where nobody asked, and in evidence of the first format.
    """

    environment: str
    flag: str
    phase: str
    identity: Identity | Uncounted
    freshness: Freshness | Uncounted
    population: Population | Uncounted
    rates: Mapping[str, RateCount | Uncounted]
    totals: Mapping[str, TotalCount | Uncounted]
    durations: Durations | Uncounted
    baseline: Baseline | Uncounted
    untreated: Tally | Uncounted
    produced: Produced | Uncounted | None = None
