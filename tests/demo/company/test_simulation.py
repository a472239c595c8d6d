from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from controller.demo.company import Behaviour, generate, simulate

AT = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
_END = AT + timedelta(days=2)
_NEW = """
    SELECT w."merchantId" IN (SELECT "merchantId" FROM "MerchantConfig"
                              WHERE "enableSequentialWorkflow") AS treated,
           w."status", w."completedAt" - w."createdAt" AS took
    FROM "WorkflowExecution" w WHERE w."createdAt" >= %s
"""
_CORRUPTED = """
    SELECT count(*) FROM (
        SELECT w."id" FROM "WorkflowExecution" w
        LEFT JOIN "PurchaseOrder" o ON o."workflowId" = w."id"
        LEFT JOIN "LineItem" i ON i."purchaseOrderId" = o."id"
        WHERE w."createdAt" >= %s AND w."status" = 'completed'
        GROUP BY w."id" HAVING count(DISTINCT o."id") <> 1
            OR min(o."totalAmount") IS DISTINCT FROM sum(i."totalCost") OR min(o."totalAmount") < 0
    ) AS wrong
"""


@pytest.fixture
def app(prisma_database: str) -> Iterator[psycopg.Connection]:
    """A small company of which half has the feature."""
    with psycopg.connect(prisma_database) as connection:
        generate(connection, merchants=60, days=30, at=AT)
        connection.execute(
            """INSERT INTO "MerchantConfig"
                   ("id", "merchantId", "enableSequentialWorkflow", "updatedAt")
               SELECT "id", "id", row_number() OVER (ORDER BY "id") % 2 = 0, now()
               FROM "Merchant" """
        )
        connection.commit()
        yield connection


def _runs(app: psycopg.Connection, *, treated: bool) -> list[tuple[str, timedelta | None]]:
    rows = app.execute(_NEW, [AT.replace(tzinfo=None)]).fetchall()
    return [(status, took) for is_treated, status, took in rows if is_treated == treated]


def _share(runs: list[tuple[str, timedelta | None]], status: str) -> float:
    return sum(run[0] == status for run in runs) / len(runs)


def _simulate(app: psycopg.Connection, behaviour: Behaviour) -> list[tuple[str, timedelta | None]]:
    simulated = simulate(app, hours=48, behaviour=behaviour, at=_END, pace=10)
    runs = _runs(app, treated=True)
    assert len(runs) == simulated.treated_runs
    return runs


def test_good_runs_take_3_to_5_minutes_and_the_others_stay_legacy(app: psycopg.Connection):
    runs = _simulate(app, Behaviour.GOOD)
    assert len(runs) > 50
    assert _share(runs, "completed") > 0.95
    completed = [took for status, took in runs if status == "completed" and took]
    assert sum(
        timedelta(minutes=3) < took < timedelta(minutes=5) for took in completed
    ) > 0.9 * len(completed)
    legacy = [took for status, took in _runs(app, treated=False) if status == "completed" and took]
    assert len(legacy) > 50
    assert min(legacy) > timedelta(minutes=10)


def test_slow_runs_complete_late(app: psycopg.Connection):
    runs = _simulate(app, Behaviour.SLOW)
    assert _share(runs, "completed") > 0.95
    assert sum(took > timedelta(minutes=10) for _, took in runs if took) > 0.9 * len(runs)


def test_failing_runs_fail(app: psycopg.Connection):
    assert 0.15 < _share(_simulate(app, Behaviour.FAILING), "failed") < 0.45


def test_stuck_runs_are_processing_for_ever(app: psycopg.Connection):
    runs = _simulate(app, Behaviour.STUCK)
    assert 0.08 < _share(runs, "processing") < 0.35
    assert all(took is None for status, took in runs if status == "processing")


def test_corrupting_runs_complete_with_wrong_orders(app: psycopg.Connection):
    _simulate(app, Behaviour.GOOD)
    window = [AT.replace(tzinfo=None)]
    assert app.execute(_CORRUPTED, window).fetchall() == [(0,)]
    simulate(app, hours=48, behaviour=Behaviour.CORRUPTING, at=_END + timedelta(days=2), pace=10)
    [(wrong,)] = app.execute(_CORRUPTED, window).fetchall()
    assert wrong > 3


def test_quiet_means_no_runs_of_those_that_have_the_feature(app: psycopg.Connection):
    assert not _simulate(app, Behaviour.QUIET)
    assert _runs(app, treated=False)


def test_bad_for_some_ruins_a_few_merchants_only(app: psycopg.Connection):
    app.execute('UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = true')
    _simulate(app, Behaviour.BAD_FOR_SOME)
    rates = app.execute(
        """SELECT avg((status = 'failed')::int)::float FROM "WorkflowExecution"
           WHERE "createdAt" >= %s GROUP BY "merchantId" """,
        [AT.replace(tzinfo=None)],
    ).fetchall()
    ruined = sum(rate > 0.5 for (rate,) in rates)
    assert 1 <= ruined <= len(rates) / 4


def test_windows_follow_one_another_at_an_even_pace(app: psycopg.Connection):
    first = simulate(app, hours=24, at=AT + timedelta(days=1))
    again = simulate(app, hours=24, at=AT + timedelta(days=1))
    later = simulate(app, hours=24, at=AT + timedelta(days=2))
    counts = sorted(simulated.written.runs for simulated in (first, again, later))
    assert counts[0] > 5
    assert counts[2] < 3 * counts[0]
    assert app.execute(
        'SELECT count(*) FROM "WorkflowExecution" WHERE "completedAt" > %s',
        [(AT + timedelta(days=2)).replace(tzinfo=None)],
    ).fetchall() == [(0,)]


def test_without_table_or_column_everyone_is_on_the_legacy_way(database: str):
    with psycopg.connect(database) as connection:
        generate(connection, merchants=5, days=10, at=AT)
        assert simulate(connection, hours=24, at=_END).treated == 0
        connection.execute('CREATE TABLE "MerchantConfig" ("id" text, "merchantId" text)')
        assert simulate(connection, hours=24, at=_END).treated == 0


def test_an_empty_company_stays_empty(prisma_database: str):
    with psycopg.connect(prisma_database) as connection:
        assert simulate(connection, hours=24).written.runs == 0
