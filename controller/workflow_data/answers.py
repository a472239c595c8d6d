"""The rates and totals that a policy asks for, each by the statement that counts it.

Between the statements and `GateCounts`: what fails takes the place of its own part only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from controller.domain.environment import CustomMeasure
from controller.domain.gate_policy import DeterministicGate, GatePolicy
from controller.domain.measures import Rate as RateName
from controller.domain.measures import Total
from controller.gate.counts import RateCount, TotalCount, Uncounted
from controller.workflow_data import catalog, order_facts
from controller.workflow_data.asking import CannotCountError
from controller.workflow_data.counting import Counter, FactCounts, RunCounts
from controller.workflow_data.flavour import Flavour
from controller.workflow_data.outcomes import Condition
from controller.workflow_data.treated import Treated

Part = TypeVar("Part")
_OF_ORDERS = frozenset({*order_facts.ORDER_RATES, Total.DUPLICATE_ORDERS, Total.CORRUPTED})


def attempt(count: Callable[[], Part]) -> Part | Uncounted:
    """A count, or in its place why there is none."""
    try:
        return count()
    except CannotCountError as error:
        return Uncounted(str(error))


def wanted_rates(policy: GatePolicy) -> tuple[str, ...]:
    """The rates that a policy asks for."""
    if isinstance(policy, DeterministicGate):
        return policy.require
    names = dict.fromkeys(criterion.name for criterion in policy.criteria)
    if policy.worst_merchant:
        names.setdefault(policy.worst_merchant.criterion)
    return tuple(names)


def wanted_totals(policy: GatePolicy) -> tuple[str, ...]:
    """The totals that a policy asks for; failed and stuck runs are always told."""
    return tuple(dict.fromkeys((Total.FAILED.value, Total.STUCK.value, *policy.never)))


@dataclass(frozen=True, slots=True)
class Answers:
    """What the statements told, and where to look for the rest.

    Attributes:
        orders: None where nothing of orders is asked for.
    """

    counter: Counter
    measures: tuple[CustomMeasure, ...]
    runs: RunCounts | Uncounted
    orders: FactCounts | Uncounted | None

    @classmethod
    def to(cls, counter: Counter, measures: tuple[CustomMeasure, ...]) -> "Answers":
        """Ask what the policy needs."""
        policy = counter.question.policy
        wanted = {*wanted_rates(policy), *wanted_totals(policy)}
        orders = attempt(counter.count_orders) if wanted & _OF_ORDERS else None
        return cls(counter, measures, attempt(counter.count_runs), orders)

    def rates(self) -> dict[str, RateCount | Uncounted]:
        """Every rate that the policy asks for."""
        return {name: self._rate(name) for name in wanted_rates(self.counter.question.policy)}

    def totals(self) -> dict[str, TotalCount | Uncounted]:
        """Every total that the policy asks for."""
        names = wanted_totals(self.counter.question.policy)
        return {name: attempt(partial(self._total, name)) for name in names}

    def _rate(self, name: str) -> RateCount | Uncounted:
        if isinstance(self.runs, Uncounted):
            return self.runs
        if self.runs.unknown:
            return self.runs.unknown
        if name in self.runs.limits:
            return self.runs.rate(name)
        if name in order_facts.ORDER_RATES and self.orders is not None:
            return self.orders if isinstance(self.orders, Uncounted) else self.orders.rate(name)
        own = next((measure for measure in self.measures if measure.name == name), None)
        if own is not None:
            return attempt(lambda: self.counter.count_custom(own))
        return self._not_measured(name)

    def _not_measured(self, name: str) -> Uncounted:
        if name == RateName.FASTER_THAN_BASELINE:
            baseline = self.counter.question.baseline
            few = "too few of its runs completed"
            reason = baseline.reason if isinstance(baseline, Uncounted) else few
            return Uncounted(f"there is no baseline to compare with: {reason}")
        if name == RateName.ON_TIME:
            return Uncounted("`on_time` needs a time: `within`")
        return Uncounted(f"there is no measure called `{name}`")

    def _total(self, name: str) -> TotalCount | Uncounted:
        if name in {Total.FAILED, Total.STUCK}:
            return self._of_runs(name)
        if self.orders is None or isinstance(self.orders, Uncounted):
            return self.orders or Uncounted(f"`{name}` was not counted")
        count, query = int(self.orders.row[name]), self.orders.query
        if not count:
            lost = self._orphans() if name == Total.CORRUPTED else None
            return lost or TotalCount(0, query)
        return TotalCount(count, query, self._examples(lambda: self.counter.order_examples(name)))

    def _of_runs(self, name: str) -> TotalCount | Uncounted:
        if isinstance(self.runs, Uncounted):
            return self.runs
        count, query = self.runs.totals[name], self.runs.query
        if not count:
            return TotalCount(0, query)
        pick = _failed if name == Total.FAILED else _stuck
        return TotalCount(count, query, self._examples(lambda: self.counter.examples(pick)))

    def _examples(self, look: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        found = attempt(look)
        # They are a courtesy: without them the count still stands.
        return () if isinstance(found, Uncounted) else found

    def _orphans(self) -> Uncounted | None:
        """Line items without an order: nobody can tell since when, so they are no proof of harm."""
        asker = self.counter.asker
        tables = asker.treated(asker.cohorts[0]).tables
        postgres = asker.source.flavour is Flavour.POSTGRESQL
        if postgres and catalog.items_have_orders(asker.connection, tables):
            return None
        found = int(asker.rows(order_facts.orphans(tables))[0]["orphans"])
        if not found:
            return None
        return Uncounted(
            f"{found} line items belong to no order, and nobody can tell since when; remove them"
        )


def _failed(treated: Treated) -> Condition:
    return treated.outcomes.failed


def _stuck(treated: Treated) -> Condition:
    return treated.outcomes.stuck
