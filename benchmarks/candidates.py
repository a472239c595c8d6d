"""Choosing a pilot out of everybody, beside the script that the deployment plan has for it.

The script loads every merchant with a recent run, all their runs of a month and two more counts a
merchant, and adds up in the application. Here it is played over one open connection in Python, in
pages as its query library asks; the start of a process and the mapping to objects are left out.

A third of the runs fall into the month. `python -m benchmarks candidates --merchants 1000000` runs
the whole size, with ten runs a merchant; it takes some minutes and 10 GB of disk.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from benchmarks.result import Result, at_most, faster
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench, execute
from controller.config.environment_file import EnvironmentFile, to_environment
from controller.domain.candidates import CandidateRules
from controller.workflow_data.records import SqlRunRecords

_EACH = 10
_DAYS = 90
_PAGE = 32_000
_LOOKED_AT = 1_000
_SCRIPT_GOAL = 2.0

# Most merchants have a handful of runs, some many: the product of two random numbers is skewed.
_FILL = """INSERT INTO "WorkflowExecution" (id, "merchantId", status, "createdAt", "completedAt")
    SELECT 'r' || lpad(n::text, 24, '0'), m.id,
           CASE WHEN u < .97 THEN 'completed' WHEN u < .99 THEN 'failed' ELSE 'processing' END,
           at, CASE WHEN u < .99 THEN at + (30 + 20 * u) * interval '1 minute' END
    FROM (SELECT n, random() AS u, now() AT TIME ZONE 'UTC'
                 - (1 - n::float8 / {runs}) * interval '{days} days' AS at,
                 1 + floor(random() * sqrt(random()) * {merchants})::int AS number
          FROM generate_series(1, {runs}) AS n) AS drawn
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM "Merchant") AS m
         USING (number)
    ORDER BY n"""
_BARE = """SELECT count(*) FROM (SELECT "merchantId", count(*) FROM "WorkflowExecution"
           WHERE "createdAt" >= %s GROUP BY 1) AS merchants"""
_WITH_RUNS = """SELECT id, "shopDomain" FROM "Merchant" m WHERE "isActive" AND EXISTS (
    SELECT FROM "WorkflowExecution" w WHERE w."merchantId" = m.id AND w.status = 'completed'
    AND w."createdAt" >= %s)"""
_THEIR_RUNS = """SELECT "merchantId", id, status, "createdAt", "completedAt"
    FROM "WorkflowExecution" WHERE "merchantId" = ANY(%s) AND "createdAt" >= %s"""
_COUNTS = tuple(
    f'SELECT "merchantId", count(*) FROM "{table}" WHERE "merchantId" = ANY(%s) GROUP BY 1'
    for table in ("WorkflowExecution", "PurchaseOrder")
)


def run(bench: Workbench) -> list[Result]:
    """At each size; the goals are set for the largest."""
    return [result for merchants in bench.merchants for result in _measure(bench, merchants)]


def _measure(bench: Workbench, merchants: int) -> list[Result]:
    runs = merchants * _EACH
    with bench.database(merchants, configured=False) as url:
        _fill(url, merchants, runs)
        records = SqlRunRecords(to_environment(EnvironmentFile(name="benchmark")), url)
        now = datetime.now(UTC)
        since = (now - timedelta(days=30)).replace(tzinfo=None)
        with psycopg.connect(url) as connection:
            found = medians(
                {
                    "ours": lambda: timed(
                        lambda: records.activity(CandidateRules(), now, limit=_LOOKED_AT)
                    ),
                    "bare": lambda: timed(lambda: connection.execute(_BARE, [since]).fetchall()),
                    "script": lambda: timed(lambda: _as_the_script(connection, now)),
                },
                bench.rounds(3),
            )
        records.close()
    what = f"candidates among {merchants:,} merchants and {runs:,} runs"
    bare = ("counting the month's runs a merchant", found["bare"])
    script = ("the script", found["script"])
    return [
        at_most(what, found["ours"], bare, None),
        faster(what, found["ours"], script, bench.goal(merchants, _SCRIPT_GOAL)),
    ]


def _fill(url: str, merchants: int, runs: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        statement = _FILL.format(runs=runs, merchants=merchants, days=_DAYS)
        connection.execute(statement.encode())
    execute(url, "VACUUM ANALYZE")


def _as_the_script(connection: psycopg.Connection[Any], now: datetime) -> str:
    month, week = (
        (now - timedelta(days=days)).replace(tzinfo=None, microsecond=0) for days in (30, 7)
    )
    found = connection.execute(_WITH_RUNS, [week]).fetchall()
    analysis = []
    for start in range(0, len(found), _PAGE):
        page = [merchant for merchant, _ in found[start : start + _PAGE]]
        runs: dict[str, list[tuple[Any, ...]]] = {merchant: [] for merchant in page}
        for merchant, *of in connection.execute(_THEIR_RUNS, [page, month]):
            runs[merchant].append(tuple(of))
        totals = [dict(connection.execute(count.encode(), [page]).fetchall()) for count in _COUNTS]
        analysis += [
            (_score(of), merchant, *(total.get(merchant, 0) for total in totals))
            for merchant, of in runs.items()
        ]
    analysis.sort(reverse=True)
    return str(analysis[0][1]) if analysis else ""


def _score(runs: list[tuple[Any, ...]]) -> float:
    completed = [run for run in runs if run[1] == "completed"]
    took = sum((run[3] - run[2]).total_seconds() for run in completed if run[3])
    mean = took / (len(completed) or 1)
    success = len(completed) / len(runs) * 100 if runs else 0.0
    return len(runs) * 10 + success if mean >= 0 else 0.0
