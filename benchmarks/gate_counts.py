"""What the gate counts, beside a bare count of the same rows and beside what people do today.

Three rivals. A bare count of the same rows is the least that any answer costs. The others answer
what the gate asks, and their answers are compared with ours before anything is timed: which runs
have matured, all of them and the first ten of each merchant, and the worst merchant.

- One query a metric, as a team writes it today: the first runs by `row_number()`, what other tables
  know grouped by run before it is joined, a row a merchant, the worst by ORDER BY. PostgreSQL has
  its default settings, as it has for the bare counts.
- Merchant by merchant, as the scripts do that people run today: one SELECT for each merchant over
  one open connection, everything else in Python.

All sides read the same tables in the same minutes; the cohort is everyone, which is the most there
is to count.
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
from controller.gate.counts import Baseline, BaselineSource, RateCount, Tally, Uncounted
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
# A run is judged by its deadline; clocks may be wrong by five minutes.
_DONE = """(r.status = 'completed' AND r."completedAt" >= r."createdAt"
    AND r."completedAt" <= %(now)s + interval '5 min'
    AND r."completedAt" <= r."createdAt" + interval '{seconds} s')"""
_MATURED = """CASE r.status
    WHEN 'completed' THEN r."completedAt" >= r."createdAt"
                          AND r."completedAt" <= %(now)s + interval '5 min'
    WHEN 'failed' THEN r."createdAt" <= %(now)s + interval '5 min'
    ELSE r."createdAt" <= %(now)s - interval '30 min' END"""
_FAILED = """(r.status = 'failed' AND (r."completedAt" IS NULL
    OR r."completedAt" > %(now)s + interval '5 min'
    OR r."completedAt" <= r."createdAt" + interval '30 min'))"""
_ONE_METRIC = """WITH runs AS (
    SELECT r."merchantId" AS merchant, {judged} AS judged, {good} AS good,
           row_number() OVER (PARTITION BY r."merchantId" ORDER BY r."createdAt", r.id) AS number
    FROM "WorkflowExecution" r JOIN cohort c ON c.merchant = r."merchantId" {facts}
    WHERE r."createdAt" >= c.since AND {matured}
), merchants AS (
    SELECT merchant, count(*) AS judged, count(*) FILTER (WHERE good) AS good,
           count(*) FILTER (WHERE number <= 10) AS capped,
           count(*) FILTER (WHERE number <= 10 AND good) AS capped_good
    FROM runs WHERE judged GROUP BY merchant
)
SELECT sum(good), sum(judged), sum(capped_good), sum(capped), count(*),
       (SELECT merchant FROM merchants
        ORDER BY good::float8 / judged, judged DESC, merchant COLLATE "C" LIMIT 1)
FROM merchants"""
_OF_ORDERS = """LEFT JOIN (
    SELECT o."workflowId" AS run, {good} AS good FROM "PurchaseOrder" o {more} GROUP BY 1
) AS facts ON facts.run = r.id"""
_ITEMS = """LEFT JOIN (SELECT DISTINCT "purchaseOrderId" AS of_order FROM "LineItem") AS items
            ON items.of_order = o.id"""
_OVER_RUNS = {"completed": 1800, "on_time": 600, "faster_than_baseline": 1140}
_OVER_ORDERS = {
    "purchase_order_created": ("true", ""),
    "line_items_extracted": ("bool_and(items.of_order IS NOT NULL)", _ITEMS),
    "data_complete": (
        """count(*) = 1 AND bool_and(o."poNumber" <> '' AND o."supplierId" <> ''
                                    AND o."totalAmount" IS NOT NULL)""",
        "",
    ),
    "shopify_synced": (
        """bool_and(o."shopifyOrderId" <> '' AND o."shopifySyncStatus" = 'synced')""",
        "",
    ),
}
_OF_MERCHANT = """SELECT status, "createdAt", "completedAt" FROM "WorkflowExecution"
                  WHERE "merchantId" = %s AND "createdAt" >= %s ORDER BY "createdAt", id"""

Answer = tuple[int, int, int, int, int, str | None]
"""Good and judged runs, the same of the first ten, the merchants, and the worst of them."""


def run(bench: Workbench) -> list[Result]:
    """At both sizes; the smallest alone when it is to be quick."""
    sizes = (2_000,) if bench.quick else _RUNS
    return [result for runs in sizes for result in _measure(bench, runs)]


def _measure(bench: Workbench, runs: int) -> Iterator[Result]:
    merchants = min(_MERCHANTS, runs // 10)
    with bench.database(merchants) as url:
        since = _fill(url, merchants, runs)
        with _counting(url, since) as counter, psycopg.connect(url) as connection:
            now = counter.question.now.replace(tzinfo=None)
            _compare(counter, connection, now)
            found = medians(
                {
                    "rates": lambda: timed(counter.count_runs),
                    "orders": lambda: timed(lambda: (counter.count_runs(), counter.count_orders())),
                    "bare": lambda: timed(lambda: connection.execute(_BARE).fetchall()),
                    "three": lambda: timed(lambda: connection.execute(_THREE_WAY).fetchall()),
                    "metrics": lambda: timed(lambda: _one_query_a_metric(connection, now)),
                    "one by one": lambda: timed(lambda: _merchant_by_merchant(connection, now)),
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
        # Others are measured in between, for longer than a session may sit idle.
        asker.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
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


def _compare(counter: Counter, connection: psycopg.Connection[Any], now: datetime) -> None:
    runs, orders = counter.count_runs(), counter.count_orders()
    ours = {name: _answer(runs.rate(name)) for name in _OVER_RUNS}
    by_merchant = _merchant_by_merchant(connection, now)
    if by_merchant != ours:
        raise AssertionError(f"merchant by merchant: {by_merchant}, but we count {ours}")
    ours |= {name: _answer(orders.rate(name)) for name in _OVER_ORDERS}
    by_metric = _one_query_a_metric(connection, now)
    if by_metric != ours:
        raise AssertionError(f"one query a metric: {by_metric}, but we count {ours}")


def _answer(rate: RateCount | Uncounted) -> Answer:
    if isinstance(rate, Uncounted):
        raise AssertionError(rate.reason)  # noqa: TRY004 -- a count that failed, not a wrong type
    worst = rate.worst.worst.merchant if rate.worst.worst else None
    every, capped = rate.all_runs, rate.capped
    return every.good, every.matured, capped.good, capped.matured, rate.merchants, worst


def _one_query_a_metric(connection: psycopg.Connection[Any], now: datetime) -> dict[str, Answer]:
    done = _DONE.format(seconds=1800)
    asked = {
        name: {"judged": "true", "good": _DONE.format(seconds=seconds), "facts": ""}
        for name, seconds in _OVER_RUNS.items()
    }
    for name, (good, more) in _OVER_ORDERS.items():
        asked[name] = {
            "judged": f"NOT {_FAILED}",
            "good": f"({done} AND facts.good)",
            "facts": _OF_ORDERS.format(good=good, more=more),
        }
    answers = {}
    for name, parts in asked.items():
        query = _ONE_METRIC.format(matured=_MATURED, **parts).encode()
        [row] = connection.execute(query, {"now": now}).fetchall()
        answers[name] = (*map(int, row[:5]), row[5])
    return answers


def _merchant_by_merchant(connection: psycopg.Connection[Any], now: datetime) -> dict[str, Answer]:
    limits = {name: timedelta(seconds=seconds) for name, seconds in _OVER_RUNS.items()}
    sums = {name: [0, 0, 0, 0, 0] for name in limits}
    worst: dict[str, tuple[float, int, str]] = {}
    for merchant, since in connection.execute("SELECT merchant, since FROM cohort").fetchall():
        runs = connection.execute(_OF_MERCHANT, [merchant, since])
        took = [_took(status, created, done, now) for status, created, done in runs]
        matured = [one for one in took if one is not None]
        if not matured:
            continue
        for name, limit in limits.items():
            good = sum(one <= limit for one in matured)
            first = sum(one <= limit for one in matured[:10])
            found = (good, len(matured), first, len(matured[:10]), 1)
            sums[name] = [a + b for a, b in zip(sums[name], found, strict=True)]
            rank = (good / len(matured), -len(matured), merchant)
            worst[name] = min(worst.get(name, rank), rank)
    return {name: (*sums[name], worst[name][2]) for name in limits}  # type: ignore[misc]


def _took(
    status: str, created: datetime, completed: datetime | None, now: datetime
) -> timedelta | None:
    """How long a run took, endlessly for one that failed or got stuck; None if not matured."""
    latest = now + timedelta(minutes=5)
    if status == "completed":
        known = completed is not None and created <= completed <= latest
        return completed - created if completed is not None and known else None
    if status == "failed":
        return timedelta.max if created <= latest else None
    return timedelta.max if created <= now - timedelta(minutes=30) else None
