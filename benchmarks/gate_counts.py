"""What the gate counts, beside a bare count of the same rows and beside what people do today.

People's own scripts load the runs of one merchant after the other and count in Python, or ask one
query a metric. All sides read the same tables in the same minutes; the cohort is everyone, which is
the most there is to count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from benchmarks.result import Result, at_most, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench, execute
from controller.config.environment_file import EnvironmentFile, to_environment
from controller.domain.gate_policy import Criterion, GateTiming, SequentialGate
from controller.domain.units import Percent
from controller.gate.counts import Baseline, BaselineSource, Tally
from controller.workflow_data.asking import Asker
from controller.workflow_data.counting import Counter, Tactics
from controller.workflow_data.interface import Cohort, Question
from controller.workflow_data.sql import SqlWorkflowData

_MERCHANTS = 20_000
_RUNS = (1_000_000, 10_000_000)
_DAYS = 90

# One run in fifty fails, some get stuck or take long; every completed run has an order, each order
# one to four line items. Rows lie in the order of their creation, as an app leaves them.
_FILL = (
    """INSERT INTO "WorkflowExecution" (id, "merchantId", status, "createdAt", "completedAt")
    SELECT 'r' || lpad(n::text, 24, '0'), m.id,
           CASE WHEN u < .97 THEN 'completed' WHEN u < .99 THEN 'failed' ELSE 'processing' END,
           at, CASE WHEN u < .99 THEN at + (3 + 2 * u + CASE WHEN u < .01 THEN 40 ELSE 0 END)
                                           * interval '1 minute' END
    FROM (SELECT n, random() AS u, now() AT TIME ZONE 'UTC'
                 - (1 - n::float8 / {runs}) * interval '{days} days' AS at,
                 1 + floor(random() * {merchants})::int AS number
          FROM generate_series(1, {runs}) AS n) AS drawn
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM "Merchant") AS m
         USING (number)
    ORDER BY n""",
    """INSERT INTO "PurchaseOrder" (id, "merchantId", "workflowId", "poNumber", "totalAmount",
                                     "supplierId", "shopifyOrderId", "shopifySyncStatus")
    SELECT 'o' || substr(id, 2), "merchantId", id, 'PO-' || substr(id, 18), 30, 's', 'gid', 'synced'
    FROM "WorkflowExecution" WHERE status = 'completed'""",
    """INSERT INTO "LineItem" (id, "purchaseOrderId", "productName", quantity, "totalCost")
    SELECT 'l' || i || substr(id, 2), id, 'a product', 1, 30.0 / items
    FROM (SELECT id, 1 + substr(id, 25)::int % 4 AS items FROM "PurchaseOrder") AS o,
         generate_series(1, items) AS i""",
)
_BARE = """SELECT count(*) FROM "WorkflowExecution" r JOIN cohort c ON c.merchant = r."merchantId"
           WHERE r."createdAt" >= c.since"""
_THREE_WAY = """SELECT count(*) FROM "WorkflowExecution" r
    JOIN cohort c ON c.merchant = r."merchantId"
    JOIN "PurchaseOrder" o ON o."workflowId" = r.id
    JOIN "LineItem" i ON i."purchaseOrderId" = o.id WHERE r."createdAt" >= c.since"""
_ONE_METRIC = """SELECT avg(({good})::int) FROM "WorkflowExecution" r
    JOIN cohort c ON c.merchant = r."merchantId" WHERE r."createdAt" >= c.since"""
_TOOK = 'extract(epoch FROM r."completedAt" - r."createdAt")'
_METRICS = (
    "r.status = 'completed'",
    "r.status = 'failed'",
    f"r.status = 'completed' AND {_TOOK} <= 600",
    f"r.status = 'completed' AND {_TOOK} <= 1140",
    "r.status = 'processing' AND r.\"createdAt\" < now() AT TIME ZONE 'UTC' - interval '30 min'",
    'EXISTS (SELECT FROM "PurchaseOrder" o WHERE o."workflowId" = r.id)',
    """EXISTS (SELECT FROM "PurchaseOrder" o
               WHERE o."workflowId" = r.id AND o."shopifySyncStatus" = 'synced')""",
)
_OF_MERCHANT = """SELECT status, "createdAt", "completedAt" FROM "WorkflowExecution"
                  WHERE "merchantId" = %s AND "createdAt" >= %s"""


def run(bench: Workbench) -> list[Result]:
    """At both sizes; the smallest alone when it is to be quick."""
    sizes = (2_000,) if bench.quick else _RUNS
    return [result for runs in sizes for result in _measure(bench, runs)]


def _measure(bench: Workbench, runs: int) -> Iterator[Result]:
    merchants = min(_MERCHANTS, runs // 10)
    with bench.database(merchants) as url:
        since = _fill(url, merchants, runs)
        with _counting(url, since) as counter, psycopg.connect(url) as connection:
            found = medians(
                {
                    "rates": lambda: timed(counter.count_runs),
                    "orders": lambda: timed(lambda: (counter.count_runs(), counter.count_orders())),
                    "bare": lambda: timed(lambda: connection.execute(_BARE).fetchall()),
                    "three": lambda: timed(lambda: connection.execute(_THREE_WAY).fetchall()),
                    "metrics": lambda: timed(lambda: _one_query_a_metric(connection)),
                    "one by one": lambda: timed(lambda: _merchant_by_merchant(connection)),
                },
                bench.rounds(3),
            )
    of = f"{runs:,} runs of {merchants:,} merchants"
    goal = (lambda _: None) if bench.quick else (lambda figure: figure)
    rates, orders = f"all rates of {of}", f"rates and data quality of {of}"
    yield at_most(rates, found["rates"], ("bare count", found["bare"]), goal(2.0))
    yield at_most(orders, found["orders"], ("bare three-way count", found["three"]), goal(2.2))
    by_hand = ("loading merchant by merchant", found["one by one"])
    yield faster(rates, found["rates"], by_hand, goal(10.0))
    yield faster(orders, found["orders"], ("one query a metric", found["metrics"]), goal(4.0))


def _fill(url: str, merchants: int, runs: int) -> datetime:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        for statement in _FILL:
            connection.execute(
                statement.format(runs=runs, merchants=merchants, days=_DAYS).encode()
            )
        since = datetime.now(UTC) - timedelta(days=_DAYS + 1)
        connection.execute(
            'CREATE TABLE cohort AS SELECT id AS merchant, %s::timestamp AS since FROM "Merchant"',
            [since.replace(tzinfo=None)],
        )
    execute(url, "VACUUM ANALYZE")
    return since


@contextmanager
def _counting(url: str, since: datetime) -> Iterator[Counter]:
    data = SqlWorkflowData(to_environment(EnvironmentFile(name="benchmark")), url)
    with psycopg.connect(url) as connection:
        members = connection.execute('SELECT id FROM "Merchant"').fetchall()
    cohort = Cohort({merchant: since for (merchant,) in members})
    with data._asking(_question(cohort, since)) as (asker, _):  # noqa: SLF001 -- a part is measured
        yield _counter(asker, _question(cohort, since), since)
    data.close()


def _counter(asker: Asker, question: Question, since: datetime) -> Counter:
    return Counter(question, asker, Tactics(everyone=True, whole_tables=True), since)


def _question(cohort: Cohort, since: datetime) -> Question:
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    before = Baseline(
        BaselineSource.SAME_MERCHANTS, since, since, 1, Tally(1, 1), 99, 38 * minute, now, ""
    )
    return Question(
        environment="benchmark", flag="f", phase="100%", policy=_policy(minute), applied="100%",
        since=since, halted=None, column=None, now=now, baseline=before, cohort=cohort,
    )  # fmt: skip


def _policy(minute: timedelta) -> SequentialGate:
    target, floor = Percent(9_500), Percent(8_500)
    timing = GateTiming(timedelta(), 30 * minute, timedelta(days=1), timedelta(days=14))
    criteria = (
        Criterion("completed", target, floor),
        Criterion("on_time", target, floor, within=10 * minute),
        Criterion("faster_than_baseline", target, floor, ratio=0.5),
        Criterion("shopify_synced", target, floor),
    )
    never = ("duplicate_orders", "corrupted")
    return SequentialGate("ramp", timing, 20, 4, 10, criteria, never, None, 0.05, 0.05)


def _one_query_a_metric(connection: psycopg.Connection[Any]) -> None:
    for good in _METRICS:
        connection.execute(_ONE_METRIC.format(good=good).encode()).fetchall()


def _merchant_by_merchant(connection: psycopg.Connection[Any]) -> int:
    good = 0
    ten_minutes = timedelta(minutes=10)
    for merchant, since in connection.execute("SELECT merchant, since FROM cohort").fetchall():
        for status, created, completed in connection.execute(_OF_MERCHANT, [merchant, since]):
            good += status == "completed" and completed - created <= ten_minutes
    return good
