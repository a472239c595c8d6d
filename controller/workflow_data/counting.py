"""One question, counted part by part: what fails takes the place of its own part only.

Where counts come together. Each function asks what one part of `GateCounts` needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from controller.domain.environment import CustomMeasure
from controller.domain.gate_policy import Criterion, SequentialGate
from controller.domain.measures import Rate as RateName
from controller.domain.measures import Total
from controller.gate.counts import (
    Baseline,
    Durations,
    Population,
    Produced,
    RateCount,
    Tally,
    Uncounted,
    WorstMerchantCount,
)
from controller.workflow_data import custom_measure, order_facts, order_search, tally
from controller.workflow_data.asking import Asker, CannotCountError, Row
from controller.workflow_data.interface import Question
from controller.workflow_data.notable import JUDGED, Asked, Search, number_of
from controller.workflow_data.outcomes import PENDING, REASONS, UNKNOWN_STATUS, Condition
from controller.workflow_data.ranked import value_at
from controller.workflow_data.tally import FAILED, RECENT, Limits, Sampling
from controller.workflow_data.treated import Treated
from controller.workflow_data.worst import tally_of

_DAY: Final = timedelta(hours=24)
_EXAMPLES: Final = 5
_UNANSWERED: Final = "unanswered"


@dataclass(frozen=True, slots=True)
class Tactics:
    """What is known of the data before it is counted, to count it the quick way.

    Attributes:
        everyone: Most merchants are in the cohort, all since before the window.
        whole_tables: Most runs there are belong to the cohort and the window.
    """

    everyone: bool
    whole_tables: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the parts of one question."""

    question: Question
    asker: Asker
    tactics: Tactics
    since: datetime

    @property
    def window(self) -> timedelta:
        """How far back recent runs go."""
        return min(_DAY, self.question.moment - self.since)

    @property
    def sampling(self) -> Sampling:
        """How many runs of each merchant count for what."""
        policy = self.question.policy
        worst = policy.worst_merchant if isinstance(policy, SequentialGate) else None
        return Sampling(
            limit=policy.runs_per_merchant if isinstance(policy, SequentialGate) else None,
            least=worst.min_runs if worst else 1,
            recent=self.question.moment - self.window,
        )

    def count_runs(self) -> "RunCounts":
        """What the table of runs alone tells.

        Raises:
            CannotCountError: A statement failed.
        """
        limits = _limits(self.question)

        def statement(treated: Treated) -> Select[Any]:
            return tally.over_runs(treated, limits, self.sampling, everyone=self.tactics.everyone)

        row = self.asker.one(statement)
        waiting = {why: int(row[tally.unjudged_column(why)]) for why in REASONS}
        reasons = {why: runs for why, runs in waiting.items() if runs}
        return RunCounts(row, reasons, self.asker.text(statement), frozenset(limits))

    def search(self, searches: Callable[[Treated], Sequence[Search]]) -> "FactCounts":
        """What other tables tell of each run.

        Raises:
            CannotCountError: The statement failed.
        """

        def statement(treated: Treated) -> Select[Any]:
            found, everyone = searches(treated), self.tactics.everyone
            return tally.over_searches(treated, found, self.sampling, everyone=everyone)

        return FactCounts(self.asker.one(statement), self.asker.text(statement))

    def count_orders(self) -> "FactCounts":
        """What the tables of orders and line items tell.

        Raises:
            CannotCountError: The statement failed.
        """
        whole = self.tactics.whole_tables
        return self.search(order_search.among_whole_tables if whole else order_search.among_treated)

    def count_custom(self, measure: CustomMeasure) -> RateCount:
        """A measure of the company's own.

        Raises:
            CannotCountError: It is no harmless SELECT, it failed, or it leaves completed runs out.
        """
        name = measure.name
        try:
            sql = custom_measure.checked(measure.sql, self.asker.source.flavour)
        except ValueError as error:
            raise CannotCountError(f"`{name}` is not a usable measure: {error}") from error

        def searches(treated: Treated) -> Sequence[Search]:
            outcomes, facts = treated.outcomes, custom_measure.facts(sql)
            ended = outcomes.done() | sa.func.coalesce(outcomes.failed, sa.false())
            unanswered = outcomes.done() & facts.c.run.is_(None)
            good = ended & (facts.c.good == 1)
            asked = Asked(
                ordinary=outcomes.done() & good,
                judged=outcomes.matured,
                good={name: good},
                also={_UNANSWERED: unanswered},
            )
            joined = treated.source.join(facts, facts.c.run == treated.id, isouter=True)
            return [Search(joined, asked)]

        counts = self.search(searches)
        if left_out := int(counts.row[_UNANSWERED]):
            raise CannotCountError(f"`{name}` yields no row for {left_out} runs that completed")
        return counts.rate(name)

    def examples(self, condition: Callable[[Treated], Condition]) -> tuple[str, ...]:
        """The ids of a few treated runs that meet a condition.

        Raises:
            CannotCountError: The statement failed.
        """

        def statement(treated: Treated) -> Select[Any]:
            chosen = treated.select(treated.id.label("run")).where(condition(treated))
            return chosen.order_by(treated.id).limit(_EXAMPLES)

        return tuple(sorted(str(row["run"]) for row in self.asker.many(statement))[:_EXAMPLES])

    def order_examples(self, name: str) -> tuple[str, ...]:
        """The ids of a few treated runs whose orders are wrong.

        Raises:
            CannotCountError: The statement failed.
        """

        def statement(treated: Treated) -> Select[Any]:
            facts = order_facts.rows_of_treated(treated)
            wrong = order_facts.OrderFacts.of(facts).wrong()
            chosen = sa.select(facts.c.run).where(wrong[name])
            return chosen.order_by(facts.c.run).limit(_EXAMPLES)

        return tuple(sorted(str(row["run"]) for row in self.asker.many(statement))[:_EXAMPLES])

    def durations(self, within: timedelta) -> Durations:
        """How long the completed runs took.

        Raises:
            CannotCountError: A statement failed.
        """

        def counts(treated: Treated) -> Select[Any]:
            outcomes = treated.outcomes
            return treated.select(
                number_of(outcomes.measured()).label("runs"),
                number_of(outcomes.measured(within)).label("within"),
            )

        def slowest(treated: Treated) -> Select[Any]:
            outcomes = treated.outcomes
            took = treated.flavour.microseconds(outcomes.created, outcomes.completed)
            chosen = treated.select(treated.id.label("run"), took.label("took"))
            return chosen.where(outcomes.measured()).order_by(took.desc(), treated.id).limit(1)

        row = self.asker.one(counts)
        found = sorted(self.asker.many(slowest), key=lambda one: (-one["took"], one["run"]))
        worst, runs = found[0] if found else None, int(row["runs"])
        return Durations(
            runs=runs,
            within=int(row["within"]),
            worst=timedelta(microseconds=int(worst["took"])) if worst else None,
            worst_run=str(worst["run"]) if worst else None,
            query=self.asker.text(counts),
            median=self._median(runs),
        )

    def _median(self, runs: int) -> timedelta | None:
        try:
            return value_at((runs + 1) // 2, self.asker.many) if runs else None
        except CannotCountError:  # nothing is judged by it: without it the rest still stands
            return None

    def produced(self) -> Produced:
        """The orders and line items of the matured runs.

        Raises:
            CannotCountError: A statement failed.
        """

        def orders(treated: Treated) -> Select[Any]:
            return order_facts.produced(treated, with_items=False)

        def items(treated: Treated) -> Select[Any]:
            return order_facts.produced(treated, with_items=True)

        found = self.asker.one(orders), self.asker.one(items)
        return Produced(*(int(row["number"]) for row in found))


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What the table of runs alone told.

    Attributes:
        unjudged: Runs that have not matured, by reason.
        limits: The rates that were counted.
    """

    row: Row
    unjudged: Mapping[str, int]
    query: str
    limits: frozenset[str]

    @property
    def unknown(self) -> Uncounted | None:
        """Said in the place of everything that rests on the statuses, where one is not known."""
        runs = self.unjudged.get(UNKNOWN_STATUS, 0)
        if not runs:
            return None
        return Uncounted(
            f"{runs} runs are {UNKNOWN_STATUS}: say in workflow_data of the environment's file "
            "whether it means completed, failed or running"
        )

    def population(self, window: timedelta) -> Population | Uncounted:
        """The runs as a whole."""
        if self.unknown:
            return self.unknown
        left_out = {PENDING, UNKNOWN_STATUS}
        return Population(
            matured=int(self.row["judged"]),
            capped=int(self.row["capped"]),
            merchants=int(self.row["merchants"]),
            pending=self.unjudged.get(PENDING, 0),
            excluded={why: n for why, n in sorted(self.unjudged.items()) if why not in left_out},
            recent=int(self.row[f"capped_{RECENT}"]),
            recent_window=window,
        )

    def rate(self, name: str) -> RateCount | Uncounted:
        """One rate; it is of all matured runs."""
        return self.unknown or rate_count(self.row, name, self.query)

    @property
    def totals(self) -> dict[str, int]:
        """Failed and stuck runs."""
        failed = int(self.row[FAILED])
        stuck = int(self.row[JUDGED]) - failed - int(self.row[f"{RateName.COMPLETED}_good"])
        return {Total.FAILED.value: failed, Total.STUCK.value: stuck}


@dataclass(frozen=True, slots=True)
class FactCounts:
    """What other tables told."""

    row: Row
    query: str

    def rate(self, name: str) -> RateCount:
        """One rate."""
        return rate_count(self.row, name, self.query)


def rate_count(row: Row, name: str, query: str) -> RateCount:
    """One rate out of a statement's row."""
    considered, key = int(row[f"{name}_considered"]), row[f"{name}_worst"]
    return RateCount(
        all_runs=Tally(int(row[f"{name}_good"]), int(row["judged"])),
        capped=Tally(int(row[f"{name}_capped_good"]), int(row["capped"])),
        merchants=int(row["merchants"]),
        worst=WorstMerchantCount(considered, tally_of(key) if considered else None),
        query=query,
    )


def _limits(question: Question) -> Limits:
    """The rates that the table of runs tells, each with the time in which a good run is done."""
    limits: dict[str, timedelta | None] = {RateName.COMPLETED.value: None}
    policy = question.policy
    if isinstance(policy, SequentialGate):
        within = {one.name: _limit(one, question.baseline) for one in policy.criteria}
        limits |= {name: limit for name, limit in within.items() if limit is not None}
    elif RateName.ON_TIME in policy.require:
        limits[RateName.ON_TIME.value] = policy.duration_proceed
    return limits


def _limit(criterion: Criterion, baseline: Baseline | Uncounted) -> timedelta | None:
    """How long a run may take to be good by a criterion; None where time does not make it so."""
    if criterion.name == RateName.ON_TIME:
        return criterion.within
    if criterion.name != RateName.FASTER_THAN_BASELINE or criterion.ratio is None:
        return None
    bound = baseline.median_bound if isinstance(baseline, Baseline) else None
    return bound * criterion.ratio if bound is not None else None


def unjudged(treated: Treated) -> Select[Any]:
    """How many runs have not matured, by reason; one row a reason."""
    outcomes = treated.outcomes
    why: ColumnElement[str] = outcomes.why_unjudged.label("why")
    chosen = treated.select(why).where(outcomes.unjudged).subquery("waiting")
    return sa.select(chosen.c.why, sa.func.count().label("runs")).group_by(chosen.c.why)
