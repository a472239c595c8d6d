"""The port to the workflow data: what happened to the merchants that have a feature, as counts.

Beside the way of a change: the gate asks here, before a phase may be left upwards. The
implementation (`sql.py`) only counts, sums and groups inside the database, so that the answer takes
as many bytes for ten million runs as for ten.

What cannot be counted comes back as an `Uncounted` in its place; asking never raises because a
query failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from controller.domain.candidates import Activity, CandidateRules
from controller.domain.gate_policy import GatePolicy
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag
from controller.gate.characteristics import Traffic
from controller.gate.counts import Baseline, GateCounts, Uncounted
from controller.gate.single_run import RunLimits, SingleRun
from controller.gate.watched import WatchedRun


@dataclass(frozen=True, slots=True)
class Cohort:
    """Merchants given by the caller, where no ledger is to be asked.

    Attributes:
        since: By merchant: when it got the feature, with a zone.
    """

    since: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Question:
    """May this flag leave this phase upwards?

    Attributes:
        phase: The phase being left.
        applied: The phase that the ledger has as applied; None where the flag never was.
        since: When that phase was entered; runs created earlier are not looked at.
        halted: The reason of the halt in force, if there is one.
        column: The flag's column of the merchants' values; None where it has none.
        named: Merchants that the applied files turn on by name. Those that had the value before
            rolloutctl came are in no change of the ledger, and count from `since`.
        now: The app database's clock.
        as_of: Judge what was known at this moment; None is `now`. The present table of values says
            nothing about the past, so then only the ledger says who had the feature.
        baseline: What was frozen when the first phase was applied.
        cohort: Instead of what the ledger says; `column` and `named` are then not used.
    """

    environment: str
    flag: str
    phase: str
    policy: GatePolicy
    applied: str | None
    since: datetime | None
    halted: str | None
    column: str | None
    now: datetime
    baseline: Baseline | Uncounted
    named: frozenset[str] = field(default_factory=frozenset)
    as_of: datetime | None = None
    cohort: Cohort | None = None

    @property
    def moment(self) -> datetime:
        """The moment that is judged."""
        return self.now if self.as_of is None else min(self.as_of, self.now)

    @property
    def in_the_past(self) -> bool:
        """Whether an earlier moment than now is judged."""
        return self.moment < self.now


def question_about(
    applied: AppliedFlag,
    halt: Halt | None,
    policy: GatePolicy,
    baseline: Baseline | Uncounted,
    *,
    environment: str,
    now: datetime,
) -> Question:
    """The question of a flag as the ledger has it: may it leave the phase it is in?"""
    desired = applied.desired
    home = desired.flag.merchant_config
    named = {override.merchant for override in desired.flag.overrides if override.value}
    if desired.rollout is not None:
        named |= desired.rollout.named_up_to(desired.rollout.position)
    return Question(
        environment=environment,
        flag=desired.key,
        phase=desired.phase,
        policy=policy,
        applied=desired.phase,
        since=applied.phase_since,
        halted=halt.reason if halt else None,
        column=home.column if home else None,
        now=now,
        baseline=baseline,
        named=frozenset(named),
    )


class WorkflowData(Protocol):
    """The app's record of runs, orders and line items, and who had the feature when."""

    def count(self, question: Question) -> GateCounts:
        """Count everything that the question's policy asks for, in one view of the data."""

    def measure_baseline(self, question: Question) -> Baseline | Uncounted:
        """How it was in the window that ends with `Question.since`, frozen with its hash.

        Asked once, when the first phase was applied, and stored. The treated merchants' own runs,
        or, where too few of those completed, the runs of everyone else.
        """

    def traffic(self, now: datetime) -> Traffic | Uncounted:
        """All merchants that had a run in the last 30 days, and their runs a day."""

    def close(self) -> None:
        """Give the connections back."""


@dataclass(frozen=True, slots=True)
class RecentRuns:
    """The runs of a cohort that were created lately.

    Attributes:
        now: The app database's clock.
        generation: Of the ledger; another one means that a question about it may be out of date. 0
            where the caller gave the cohort.
        runs: What needs a look and what has not ended first, each the newest first.
        cut: Whether there are more.
    """

    now: datetime
    generation: int
    runs: tuple[WatchedRun, ...]
    cut: bool


class RunWatch(WorkflowData, Protocol):
    """The same record for who looks at it every few seconds: one connection, kept open."""

    def recent(
        self, question: Question, limits: RunLimits, span: timedelta, limit: int
    ) -> RecentRuns:
        """The runs of the question's cohort in its window, as one look finds them.

        Args:
            question: Whose runs; its `now` is not used, the clock is asked.
            limits: The times to judge each by.
            span: Runs created longer ago are left out.
            limit: How many to return at most.

        Raises:
            Refused: The runs cannot be read.
            DatabaseUnreachable: The database did not answer.
        """


@dataclass(frozen=True, slots=True)
class RunOwner:
    """Whose run it is.

    Attributes:
        created: None where the app does not know.
    """

    merchant: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class RunQuestion:
    """What is to know of one run.

    Attributes:
        created: When it was created; None where the app does not know.
        limits: The times to judge it by; at least one.
        until: Runs that the merchant had before this moment are its past; None: it has none.
        now: The app database's clock.
    """

    run: str
    merchant: str
    created: datetime | None
    limits: tuple[RunLimits, ...]
    until: datetime | None
    now: datetime


class RunRecords(Protocol):
    """The same record for people who look: at merchants before a pilot, at one run after it."""

    def activity(self, rules: CandidateRules, now: datetime, *, limit: int) -> Activity:
        """What every merchant did lately, and those of them that suit the rules best.

        Args:
            rules: What is asked of a merchant.
            now: The app database's clock.
            limit: How many merchants to return at most.

        Raises:
            Refused: It could not be counted.
            DatabaseUnreachable: The database did not answer.
        """

    def owner(self, run: str) -> RunOwner | None:
        """Whose run an id is; None where there is no such run.

        Raises:
            Refused: The runs cannot be read.
            DatabaseUnreachable: The database did not answer.
        """

    def runs_like(self, beginning: str, limit: int) -> tuple[str, ...]:
        """The ids of runs that begin so, sorted."""

    def single_run(self, question: RunQuestion) -> SingleRun:
        """Everything about one run, in one view of the data.

        Raises:
            Refused: The run is gone or cannot be read. What belongs to it and cannot be read is an
                `Uncounted` in its place.
            DatabaseUnreachable: The database did not answer.
        """

    def close(self) -> None:
        """Give the connection back."""
