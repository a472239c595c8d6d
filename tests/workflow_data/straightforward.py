"""The same counts in plain Python, run by run, written apart from the SQL: slow and obvious."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from controller.domain.gate_policy import SequentialGate
from controller.gate.counts import MerchantTally, Tally, WorstMerchantCount

TOLERANCE = timedelta(minutes=5)


def outcome(run: Any, now: datetime, deadline: timedelta) -> str:  # noqa: PLR0911 -- one a rule
    """`done`, `failed`, `stuck`, or why it is not judged."""
    if run.created is None:
        return "created at an unknown time"
    if run.created > now + TOLERANCE:
        return "created in the future"
    old = now - run.created >= deadline
    if run.status in {"pending", "processing"}:
        return "stuck" if old else "pending"
    if run.status == "failed":
        if run.completed is None or run.completed > now + TOLERANCE:
            return "failed"
        return "failed" if run.completed - run.created <= deadline else "stuck"
    if run.status != "completed":
        return "unknown"
    if run.completed is None:
        return "completed at an unknown time"
    if run.completed < run.created:
        return "completed before it was created"
    if run.completed > now + TOLERANCE:
        return "completed in the future"
    return "done" if run.completed - run.created <= deadline else "stuck"


class Plain:
    """Everything that is compared, for one question."""

    def __init__(self, world: Any, question: Any) -> None:
        self.policy, self.now = question.policy, question.now
        self.deadline = self.policy.timing.outcome_deadline
        self.world = world
        cohort = question.cohort.since
        self.treated = [
            r
            for r in world.runs
            if r.merchant in cohort
            and (r.created is None or r.created >= max(question.since, cohort[r.merchant]))
        ]
        self.others = [
            r
            for r in world.runs
            if r.merchant not in cohort and (r.created is None or r.created >= question.since)
        ]
        self.outcome = {r.id: outcome(r, self.now, self.deadline) for r in world.runs}
        self.matured = [r for r in self.treated if self.is_matured(r)]
        limit = self.policy.runs_per_merchant if isinstance(self.policy, SequentialGate) else None
        by_merchant = defaultdict(list)
        for r in sorted(self.matured, key=lambda r: (r.created, r.id)):
            by_merchant[r.merchant].append(r)
        self.first = [r for runs in by_merchant.values() for r in runs[:limit]]
        self.orders = defaultdict(list)
        for order in world.orders:
            self.orders[order.run].append(order)
        self.items = defaultdict(list)
        for item in world.items:
            self.items[item.order].append(item)

    def is_matured(self, run: Any) -> bool:
        return self.outcome[run.id] in {"done", "failed", "stuck"}

    def population(self) -> tuple[Any, ...]:
        excluded = Counter(
            self.outcome[r.id]
            for r in self.treated
            if not self.is_matured(r) and self.outcome[r.id] != "pending"
        )
        pending = sum(self.outcome[r.id] == "pending" for r in self.treated)
        merchants = len({r.merchant for r in self.matured})
        return len(self.matured), len(self.first), merchants, pending, dict(excluded)

    def recent(self, window: timedelta) -> int:
        return sum(self.decided(r) >= self.now - window for r in self.first)

    def decided(self, run: Any) -> datetime:
        due = run.created + self.deadline
        ended = run.status in {"completed", "failed"} and run.completed is not None
        return run.completed if ended and run.created <= run.completed <= due else due

    def good(self, name: str, run: Any, within: timedelta | None = None) -> bool:
        if self.outcome[run.id] != "done":
            return False
        orders = self.orders[run.id]
        return {
            "completed": lambda: True,
            "on_time": lambda: run.completed - run.created <= within,
            "purchase_order_created": lambda: bool(orders),
            "line_items_extracted": lambda: bool(orders) and all(self.items[o.id] for o in orders),
            "data_complete": lambda: len(orders) == 1 and self.complete(orders[0]),
            "shopify_synced": lambda: (
                bool(orders) and all(o.shopify and o.sync == "synced" for o in orders)
            ),
        }[name]()

    def complete(self, order: Any) -> bool:
        amounts = [item.amount for item in self.items[order.id] if item.amount is not None]
        if not (order.number and order.supplier and order.total is not None):
            return False
        cents = sum(round(float(amount) * 100) for amount in amounts)
        return not amounts or abs(round(float(order.total) * 100) - cents) <= 1

    def rate(self, name: str, within: timedelta | None = None, least: int = 1) -> tuple[Any, ...]:
        of_orders = name not in {"completed", "on_time"}
        judged = [r for r in self.matured if not (of_orders and self.outcome[r.id] == "failed")]
        first = [r for r in self.first if r in judged]
        tally = Tally(sum(self.good(name, r, within) for r in judged), len(judged))
        capped = Tally(sum(self.good(name, r, within) for r in first), len(first))
        merchants = defaultdict(list)
        for r in judged:
            merchants[r.merchant].append(self.good(name, r, within))
        enough = {m: Tally(sum(g), len(g)) for m, g in merchants.items() if len(g) >= least}
        worst = min(enough, key=lambda m: (enough[m].rate, -enough[m].matured, m), default=None)
        found = MerchantTally(worst, enough[worst]) if worst else None
        return tally, capped, len(merchants), WorstMerchantCount(len(enough), found)

    def totals(self) -> dict[str, int]:
        twice = [r for r in self.treated if len(self.orders[r.id]) > 1]
        wrong = [
            r
            for r in self.treated
            if any(
                (o.total is not None and float(o.total) < 0) or not o.merchant
                for o in self.orders[r.id]
            )
        ]
        return {
            "failed": sum(self.outcome[r.id] == "failed" for r in self.treated),
            "stuck": sum(self.outcome[r.id] == "stuck" for r in self.treated),
            "duplicate_orders": len(twice),
            "corrupted": len(wrong),
        }

    def untreated(self) -> Tally:
        judged = [r for r in self.others if self.is_matured(r)]
        return Tally(sum(self.outcome[r.id] == "done" for r in judged), len(judged))


def summary_of(counts: Any) -> dict[str, Any]:
    """The part of `GateCounts` that `summary` also knows."""
    p = counts.population
    return {
        "population": (p.matured, p.capped, p.merchants, p.pending, dict(p.excluded)),
        "recent": p.recent,
        "rates": {n: (r.all_runs, r.capped, r.merchants, r.worst) for n, r in counts.rates.items()},
        "totals": {n: t.count for n, t in counts.totals.items()},
        "untreated": counts.untreated,
    }


def summary(world: Any, question: Any) -> dict[str, Any]:
    plain, policy = Plain(world, question), question.policy
    least, withins = 1, {}
    names = getattr(policy, "require", None)
    if isinstance(policy, SequentialGate):
        names = [c.name for c in policy.criteria]
        withins = {c.name: c.within for c in policy.criteria}
        least = policy.worst_merchant.min_runs if policy.worst_merchant else 1
    window = min(timedelta(hours=24), question.now - question.since)
    return {
        "population": plain.population(),
        "recent": plain.recent(window),
        "rates": {n: plain.rate(n, withins.get(n), least) for n in names},
        "totals": plain.totals(),
        "untreated": plain.untreated(),
    }
