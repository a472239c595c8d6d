"""One run: its outcome and its measures are the gate's own, whatever the rows."""

import uuid
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from controller.errors import DatabaseUnreachable
from controller.gate.counts import Uncounted
from controller.gate.single_run import Fate, RunLimits
from controller.workflow_data.interface import RunQuestion
from controller.workflow_data.records import SqlRunRecords
from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.engines import duckdb_file, loose_postgres
from tests.workflow_data.straightforward import Plain, outcome
from tests.workflow_data.test_counts_agree import needs_duckdb, worlds
from tests.workflow_data.world import (
    NOW,
    ORDER_RATES,
    PILOT,
    Run,
    World,
    environment,
    minutes,
    question,
)

LIMITS = RunLimits()
WIDE = RunLimits(timedelta(hours=2), minutes(45))
EXTRA = """
    ALTER TABLE "WorkflowExecution" ADD "uploadId" TEXT, ADD "currentStage" TEXT,
        ADD "errorMessage" TEXT, ADD "startedAt" TIMESTAMP(3);
    ALTER TABLE "PurchaseOrder" ADD "status" TEXT, ADD "shopifySyncedAt" TIMESTAMP(3);
"""
FATES = {
    "done": Fate.COMPLETED,
    "failed": Fate.FAILED,
    "stuck": Fate.STUCK,
    "pending": Fate.PENDING,
}
examples = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def asked(run, until=NOW, limits=(LIMITS, WIDE)):
    return RunQuestion(run.id, run.merchant, run.created, limits, until, NOW)


def stored(database, world):
    loose_postgres(database, world)
    with psycopg.connect(database) as connection:
        connection.execute(EXTRA)
        # What Prisma's tables have and the small ones lack.
        connection.execute('DROP TABLE IF EXISTS "Upload", "Supplier" CASCADE')
        connection.execute(
            'CREATE TABLE "Upload" (id TEXT, "fileName" TEXT, "fileSize" INT, "fileType" TEXT)'
        )
        connection.execute('CREATE TABLE "Supplier" (id TEXT, name TEXT)')
        connection.execute("INSERT INTO \"Supplier\" VALUES ('s1', 'Maple & Sons')")
    return SqlRunRecords(environment(), database)


@given(worlds())
@examples
def test_every_outcome_and_measure_is_what_the_gate_counts(database, world):
    records = stored(database, world)
    everyone = question(PILOT, dict.fromkeys({r.merchant for r in world.runs}, NOW))
    plain = Plain(world, everyone)
    for run in world.runs:
        found = records.single_run(asked(run))
        for limits in (LIMITS, WIDE):
            expected = outcome(run, NOW, limits.deadline)
            decided = found.outcomes[limits]
            assert decided.fate is FATES.get(expected, Fate.EXCLUDED)
            assert decided.why == ("" if expected in FATES else expected)
            on_time = expected == "done" and run.completed - run.created <= limits.on_time
            assert decided.on_time is (on_time if expected == "done" else None)
        orders = plain.orders[run.id]
        assert len(found.orders) == len(orders)
        plain.outcome[run.id] = "done"  # of the order alone, whatever became of the run
        assert {n: found.measures[n] for n in ORDER_RATES} == {
            name: plain.good(name, run) for name in ORDER_RATES
        }
        assert found.measures["duplicate_orders"] is (len(orders) > 1)
        # The details say no other thing than the measure.
        good = [o for o in found.orders if not o.missing and o.adds_up is not False]
        assert found.measures["data_complete"] is (len(good) == len(found.orders) == 1)


def test_a_pilots_gate_counts_the_same_single_run(database):
    world = World()
    run = world.run("r1", took=minutes(12))
    world.item(world.order("r1"))
    records = stored(database, world)
    counts = SqlWorkflowData(environment(), database).count(question(PILOT, ["m1"]))
    found = records.single_run(asked(run))
    assert found.outcomes[LIMITS].fate is Fate.COMPLETED
    assert found.took == counts.durations.worst == minutes(12)
    assert {n: c.all_runs.good for n, c in counts.rates.items()} == {
        n: int(found.measures[n]) for n in ORDER_RATES
    }


def test_everything_that_belongs_to_it_is_told(database):
    world = World()
    run = world.run("r1")
    order = world.order("r1", total="30.00")
    world.item(order, "10.00")
    world.item(order, "19.99")
    records = stored(database, world)
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO \"Upload\" VALUES ('u1', 'order.pdf', 2048, 'pdf')")
        connection.execute(
            'UPDATE "WorkflowExecution" SET "uploadId" = \'u1\', "currentStage" = \'shopify_sync\''
        )
    found = records.single_run(asked(run))
    assert (found.file.name, found.file.size, found.file.type) == ("order.pdf", 2048, "pdf")
    assert found.stage == "shopify_sync"
    (told,) = found.orders
    assert (told.items, told.items_total, told.total) == (2, Decimal("29.99"), Decimal("30.00"))
    assert (told.adds_up, told.missing, told.supplier_name) == (True, (), "Maple & Sons")


def test_what_cannot_be_read_takes_its_own_place_only(database):
    world = World()
    run = world.run("r1")
    records = stored(database, world)
    with psycopg.connect(database) as connection:
        connection.execute('UPDATE "WorkflowExecution" SET "uploadId" = \'u1\'')
        connection.execute('DROP TABLE "Upload", "Supplier", "LineItem", "PurchaseOrder"')
    found = records.single_run(asked(run))
    assert isinstance(found.file, Uncounted)
    assert isinstance(found.orders, Uncounted)
    assert isinstance(found.measures, Uncounted)
    assert found.outcomes[LIMITS].fate is Fate.COMPLETED


def test_a_file_that_is_gone_is_said_to_be(database):
    world = World()
    run = world.run("r1")
    records = stored(database, world)
    with psycopg.connect(database) as connection:
        connection.execute('UPDATE "WorkflowExecution" SET "uploadId" = \'gone\'')
    assert "no such file" in records.single_run(asked(run)).file.reason


def test_the_past_is_the_merchants_own_completed_runs_before_the_moment(database):
    world = World()
    run = world.run("r9", after=timedelta(hours=9))
    for number in range(4):
        world.run(f"r{number}", after=timedelta(hours=number), took=minutes(30 + number))
    world.run("other", "m2", after=timedelta(hours=1), took=minutes(99))
    world.run("failed", after=timedelta(hours=1), status="failed")
    world.runs.append(Run("old", "m1", "completed", NOW - timedelta(days=90), NOW - timedelta(89)))
    records = stored(database, world)
    assert records.single_run(asked(run, run.created)).past == tuple(
        minutes(30 + number) for number in (3, 2, 1, 0)
    )
    before = run.created - timedelta(hours=7)
    assert records.single_run(asked(run, before)).past == (minutes(31), minutes(30))
    assert records.single_run(asked(run, None)).past == ()


def test_an_owner_is_found_by_the_whole_id_and_suggestions_by_its_beginning(database):
    world = World()
    for key in ("run_1", "run_2", "runx3", "%"):
        world.run(key)
    records = stored(database, world)
    assert records.owner("run_1").merchant == "m1"
    assert records.owner("run_") is None
    assert records.runs_like("run_", 5) == ("run_1", "run_2")
    assert records.runs_like("run", 2) == ("run_1", "run_2")
    assert records.runs_like("%", 5) == ("%",)


def test_a_run_of_an_unknown_time_has_an_outcome_all_the_same(database):
    world = World()
    run = Run("r1", "m1", "completed", None, NOW)
    world.runs.append(run)
    decided = stored(database, world).single_run(asked(run, None)).outcomes[LIMITS]
    assert (decided.fate, decided.why) == (Fate.EXCLUDED, "created at an unknown time")


def test_without_an_answer_it_is_unreachable():
    with pytest.raises(DatabaseUnreachable):
        SqlRunRecords(environment(), "postgresql://127.0.0.1:1/db").owner("r1")


@needs_duckdb
def test_duckdb_tells_the_same(tmp_path):
    import duckdb  # noqa: PLC0415 -- not installed everywhere

    world = World()
    run = world.run("r1", took=minutes(12))
    world.run("r0", after=timedelta(0))
    order = world.order("r1", total="-30.00")
    world.item(order, "-30.00")
    path = tmp_path / f"{uuid.uuid4().hex}.duckdb"
    address = duckdb_file(str(path), world)
    with duckdb.connect(str(path)) as connection:
        for statement in EXTRA.replace(",", ';ALTER TABLE "WorkflowExecution"').split(";")[:4]:
            connection.execute(statement)
        for column in ('"status" TEXT', '"shopifySyncedAt" TIMESTAMP'):
            connection.execute(f'ALTER TABLE "PurchaseOrder" ADD {column}')
    records = SqlRunRecords(environment(), "postgresql://nowhere", address)
    found = records.single_run(asked(run, run.created))
    assert (found.took, found.outcomes[LIMITS].on_time) == (minutes(12), False)
    assert found.outcomes[WIDE].on_time is True
    assert found.measures["corrupted"] is True
    assert found.past == (minutes(4),)
    assert records.runs_like("r", 5) == ("r0", "r1")
