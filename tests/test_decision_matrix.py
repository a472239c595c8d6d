"""The decision matrix, row by row: rows in PostgreSQL, counted and judged by the shipped gates.

Each line of a table is a data set, the verdict that it leads to, and what the report names as the
reason. The gates are those of `rollout/sequential_workflow.yaml`, so that what is tested is what a
new user begins with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from controller.config.loader import load
from controller.demo.company import Behaviour, generate, simulate
from controller.gate.judge import judge
from controller.gate.report import GateReport
from controller.gate.verdict import Verdict
from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.engines import loose_postgres
from tests.workflow_data.world import NOW, SINCE, World, environment, minutes, question

PROCEED, FIX_MINOR, WAIT = Verdict.PROCEED, Verdict.FIX_MINOR, Verdict.INSUFFICIENT_DATA
ERROR, ROLLBACK = Verdict.ERROR, Verdict.ROLLBACK

GATES = load(Path(__file__).parents[1]).gates["sequential_workflow"]


@dataclass(frozen=True)
class Run:
    """One run and what it leaves behind; without anything said, a run as it should be.

    Attributes:
        took: Minutes; None for a run that has not ended.
        ago: How many hours before now it was created.
        order: What is wrong with its order, by `World.order`'s names; None without an order.
        items: What its line items cost.
        orders: How many orders it makes.
    """

    took: float | None = 4
    status: str = "completed"
    ago: float = 5
    order: Mapping[str, Any] | None = field(default_factory=dict)
    items: tuple[str, ...] = ("10.00", "20.00")
    orders: int = 1


GOOD = Run()
FAILED = Run(took=2, status="failed", order=None)
STUCK = Run(took=None, status="processing", order=None)
PENDING = Run(took=None, status="processing", order=None, ago=0.1)
SLOW = Run(took=15)
UNSYNCED = Run(order={"sync": "failed", "shopify": None})
CORRUPT = Run(order={"total": "-30.00"})
TWICE = Run(orders=2)
BACKWARDS = Run(took=-5)


def write(world: World, merchant: str, runs: Iterable[Run]) -> None:
    for run in runs:
        key = f"{merchant}-{len(world.runs)}"
        after = NOW - SINCE - timedelta(hours=run.ago)
        took = None if run.took is None else minutes(run.took)
        world.run(key, merchant, after=after, took=took, status=run.status)
        for _ in range(run.orders if run.order is not None else 0):
            order = world.order(key, **{"merchant": merchant, **(run.order or {})})
            for amount in run.items:
                world.item(order, amount)


def report_on(
    database: str, world: World, gate: str, cohort: Iterable[str], **more: Any
) -> GateReport:
    loose_postgres(database, world)
    data = SqlWorkflowData(environment(), database)
    asked = question(GATES[gate], cohort, **more)
    report = judge(asked.policy, data.count(asked), (), NOW)
    data.close()
    return report


def reasons(report: GateReport) -> str:
    """What the report says of everything that is as bad as its verdict."""
    parts = (*report.checks, *report.criteria)
    bad = (p for p in parts if p.verdict.for_the_gate is report.verdict)
    return "\n".join(f"{part.name}: {part.reason}" for part in bad)


# --- The pilot ------------------------------------------------------------------------------------

PILOT = [
    # Proceed: at most 10 minutes, all data created correctly, no critical errors.
    (PROCEED, "3 to 5 minutes", [Run(3), Run(4), Run(5)], "duration: * excellent"),
    (PROCEED, "at most 10 minutes", [Run(4), Run(10)], "duration: * took 10 min * at most 10 min"),
    (PROCEED, "a single run", [GOOD], "runs: 1 matured run, 1 needed"),
    (PROCEED, "another run is under way", [GOOD, PENDING], "runs: *1 pending"),
    # Fix minor issues: slower than expected, minor data quality issues.
    (FIX_MINOR, "more than 10 minutes", [GOOD, Run(10.1)], "duration: * more than 10 min"),
    (FIX_MINOR, "15 minutes", [GOOD, Run(15)], "duration: * more than 10 min"),
    (FIX_MINOR, "30 minutes", [GOOD, Run(30)], "duration: * at most 30 min"),
    (FIX_MINOR, "no order", [GOOD, Run(order=None)], "purchase_order_created: * 1 run of 2"),
    (FIX_MINOR, "no line items", [GOOD, Run(items=())], "line_items_extracted: * 1 run of 2"),
    (FIX_MINOR, "no supplier", [Run(order={"supplier": None})], "data_complete: * 1 run of 1"),
    (FIX_MINOR, "no number", [Run(order={"number": ""})], "data_complete: * 1 run of 1"),
    (FIX_MINOR, "no total", [Run(order={"total": None})], "data_complete: * 1 run of 1"),
    (FIX_MINOR, "a wrong total", [Run(order={"total": "30.02"})], "data_complete: * 1 run of 1"),
    (FIX_MINOR, "not in the shop", [GOOD, UNSYNCED], "shopify_synced: * 1 run of 2"),
    (FIX_MINOR, "impossible times", [GOOD, BACKWARDS], "clocks: * 1 completed before it was"),
    # Rollback: fails completely, critical errors, data corruption, more than 30 minutes.
    (ROLLBACK, "one run failed", [GOOD, GOOD, GOOD, FAILED], "failed: 1 run failed"),
    (ROLLBACK, "more than 30 minutes", [GOOD, Run(30.1)], "duration: * more than 30 min"),
    (ROLLBACK, "38 minutes, as before", [Run(38)], "duration: * more than 30 min"),
    (ROLLBACK, "one run got stuck", [GOOD, STUCK], "stuck: 1 run stuck"),
    (ROLLBACK, "a negative total", [GOOD, CORRUPT], "corrupted: "),
    (ROLLBACK, "nobody's order", [GOOD, Run(order={"merchant": None})], "corrupted: "),
    (ROLLBACK, "two orders from one run", [GOOD, TWICE], "duplicate_orders: "),
    # The worst row wins.
    (ROLLBACK, "slow, unsynced and one failed", [SLOW, UNSYNCED, FAILED], "failed: "),
    # What the source's matrix leaves open: nothing to judge by.
    (WAIT, "no run yet", [], "runs: 0 matured runs, 1 needed"),
    (WAIT, "only a run under way", [PENDING], "runs: *1 pending"),
    (ERROR, "an unknown status", [GOOD, Run(status="cancelled")], "not in the configuration"),
    (ERROR, "old data only", [replace(GOOD, ago=25)], "freshness: * more than 1 d"),
]


@pytest.mark.parametrize(
    ("verdict", "runs", "reason"),
    [pytest.param(v, runs, why, id=f"{v}: {what}") for v, what, runs, why in PILOT],
)
def test_the_pilot(database: str, verdict: Verdict, runs: list[Run], reason: str):
    world = World()
    write(world, "pilot", runs)
    if not runs:
        write(world, "somebody-else", [GOOD])
    report = report_on(database, world, "pilot", ["pilot"])
    assert_says(report, verdict, reason)


# --- The ramp -------------------------------------------------------------------------------------

Fleet = Callable[[World], None]


def fleet(*runs: Run, merchants: int = 20) -> Fleet:
    """So many merchants, each with these runs."""

    def written(world: World) -> None:
        for number in range(merchants):
            write(world, f"m{number:02}", runs)

    return written


def some(few: int, odd: tuple[Run, ...], rest: tuple[Run, ...], merchants: int = 20) -> Fleet:
    """A few merchants with some runs, the others with other ones."""

    def written(world: World) -> None:
        for number in range(merchants):
            write(world, f"m{number:02}", odd if number < few else rest)

    return written


TEN = (GOOD,) * 10
NINE = (GOOD,) * 9
FIVE = (GOOD,) * 5
RECENTLY = NOW - timedelta(hours=23)

RAMP = [
    (PROCEED, "all good", fleet(*TEN), {}, "completed: 200 of 200 runs good"),
    (PROCEED, "2 % fail", some(4, (*NINE, FAILED), TEN), {}, "completed: 196 of 200 runs good"),
    (PROCEED, "the fewest runs", fleet(*FIVE, merchants=9), {}, "data_complete: 45 of 45"),
    (FIX_MINOR, "7 % unsynced", some(14, (*NINE, UNSYNCED), TEN), {}, "shopify_synced: 186 of 200"),
    (FIX_MINOR, "8 % slow", some(16, (*NINE, SLOW), TEN), {}, "on_time: 184 of 200"),
    (
        FIX_MINOR,
        "bad for one",
        some(1, (*(GOOD,) * 6, *(FAILED,) * 4), TEN),
        {},
        "worst_merchant: m00 has",
    ),
    (FIX_MINOR, "8 % impossible times", some(16, (*TEN, BACKWARDS), TEN), {}, "clocks: 16 runs of"),
    (WAIT, "quiet", some(1, (), ()), {}, "runs: 0 matured runs, 20 needed"),
    (WAIT, "all under way", fleet(PENDING), {}, "runs: 0 matured runs, 20 needed; 20 pending"),
    (WAIT, "too few runs", fleet(GOOD, merchants=19), {}, "runs: 19 matured runs, 20 needed"),
    (WAIT, "too few merchants", fleet(*TEN, merchants=3), {}, "merchants: 3 merchants"),
    (WAIT, "one busy merchant", some(1, TEN * 9, (GOOD,), 9), {}, "runs: 18 matured runs"),
    (WAIT, "the soak", fleet(*TEN), {"since": RECENTLY}, "soak: Applied for 23 h of 1 d"),
    (WAIT, "undecided", some(3, (*FIVE[1:], FAILED), FIVE, 6), {}, "completed: 27 of 30"),
    (ERROR, "an unknown status", fleet(*TEN, Run(status="odd")), {}, "not in the configuration"),
    (ERROR, "old data", fleet(*[replace(GOOD, ago=25)] * 10), {}, "freshness: * more than 1 d"),
    (ERROR, "another phase", fleet(*TEN), {"applied": "pilot"}, "identity: "),
    (ROLLBACK, "half fail", fleet(GOOD, FAILED), {}, "completed: 20 of 40"),
    (ROLLBACK, "a third stuck", fleet(GOOD, GOOD, STUCK), {}, "completed: 40 of 60"),
    (ROLLBACK, "slow", fleet(SLOW, SLOW, SLOW), {}, "on_time: 0 of 60"),
    (ROLLBACK, "half unsynced", fleet(GOOD, UNSYNCED), {}, "shopify_synced: 20 of 40"),
    (ROLLBACK, "one corrupted", some(1, (*TEN, CORRUPT), TEN), {}, "corrupted: "),
    (ROLLBACK, "one order twice", some(1, (*TEN, TWICE), TEN), {}, "duplicate_orders: "),
    (ROLLBACK, "bad for a third", some(7, (FAILED,) * 5, FIVE), {}, "completed: 65 of 100"),
    # Harm is proven whatever else is missing.
    (ROLLBACK, "harm in the soak", fleet(GOOD, FAILED), {"since": RECENTLY}, "completed: 20 of 40"),
    (ROLLBACK, "harm at three", fleet(*[FAILED] * 9, merchants=3), {}, "completed: 0 of 27"),
]


@pytest.mark.parametrize(
    ("verdict", "build", "more", "reason"),
    [pytest.param(v, make, more, why, id=f"{v}: {what}") for v, what, make, more, why in RAMP],
)
def test_the_ramp(database: str, verdict: Verdict, build: Fleet, more: dict[str, Any], reason: str):
    world = World()
    build(world)
    cohort = sorted({run.merchant for run in world.runs}) or ["m00"]
    if not world.runs:
        write(world, "somebody-else", [GOOD])
    report = report_on(database, world, "ramp", cohort, **more)
    assert_says(report, verdict, reason)


# --- The generated company ------------------------------------------------------------------------

BEHAVIOURS = {
    Behaviour.FLAWLESS: (PROCEED, "completed: "),
    Behaviour.GOOD: (PROCEED, "completed: "),
    Behaviour.SLOW: (ROLLBACK, "on_time: "),
    Behaviour.FAILING: (ROLLBACK, "completed: "),
    Behaviour.STUCK: (ROLLBACK, "completed: "),
    Behaviour.CORRUPTING: (ROLLBACK, "corrupted: "),
    Behaviour.QUIET: (WAIT, "runs: 0 matured runs, 20 needed"),
    Behaviour.BAD_FOR_SOME: (FIX_MINOR, "worst_merchant: "),
}


@pytest.mark.parametrize("behaviour", Behaviour)
def test_the_generated_company(prisma_database: str, behaviour: Behaviour):
    verdict, reason = BEHAVIOURS[behaviour]
    with psycopg.connect(prisma_database) as connection:
        generate(connection, merchants=200, days=30, at=SINCE)
        connection.execute(
            """INSERT INTO "MerchantConfig"
                   ("id", "merchantId", "enableSequentialWorkflow", "updatedAt")
               SELECT "id", "id", hashtext("id") % 2 = 0, now()
               FROM "Merchant" """
        )
        simulate(connection, hours=72, behaviour=behaviour, at=NOW, pace=10)
        on = 'SELECT "merchantId" FROM "MerchantConfig" WHERE "enableSequentialWorkflow"'
        cohort = [merchant for (merchant,) in connection.execute(on)]
    data = SqlWorkflowData(environment(), prisma_database)
    asked = question(GATES["ramp"], cohort)
    report = judge(asked.policy, data.count(asked), (), NOW)
    data.close()
    assert_says(report, verdict, reason)


def assert_says(report: GateReport, verdict: Verdict, reason: str) -> None:
    """Whether this is the verdict, for this reason; `*` stands for any words."""
    found = reasons(report)
    assert report.verdict is verdict, f"{report.verdict}: {found}"
    first, *others = reason.split("*")
    line = next((one for one in found.splitlines() if first in one), None)
    assert line is not None, found
    for part in others:
        assert part.strip() in line, found
