"""Runs as they are listed for people are the runs that the gate counts, over one connection."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from controller.errors import DatabaseUnreachable, Refused
from controller.gate.single_run import Fate, RunLimits
from controller.workflow_data.interface import Cohort
from controller.workflow_data.opening import open_run_watch
from controller.workflow_data.watch import SqlRunWatch
from tests.workflow_data.engines import duckdb_file, loose_postgres
from tests.workflow_data.test_counts_agree import needs_duckdb
from tests.workflow_data.world import PILOT, Run, World, environment, question

LIMITS = RunLimits()
SPAN = timedelta(hours=1)
STAGES = 'ALTER TABLE "WorkflowExecution" ADD "currentStage" TEXT, ADD "errorMessage" TEXT'
SHOPS = """
    INSERT INTO "Merchant" (id, "shopDomain") VALUES ('m1', 'one.example'), ('m2', 'two.example')
"""


def lately() -> World:
    """Runs of the last hour, by the real clock: that of the database is asked."""
    now, world = datetime.now(UTC), World()
    rows = [
        ("pending", "m1", "processing", 3, None),
        ("completed", "m1", "completed", 20, 4),
        ("late", "m1", "completed", 50, 15),
        ("failed", "m2", "failed", 10, 1),
        ("stuck", "m1", "processing", 40, None),
        ("other", "m3", "completed", 5, 1),
        ("old", "m1", "completed", 90, 1),
        ("unknown", "m1", "on fire", 7, None),
    ]
    for key, merchant, status, ago, took in rows:
        created = now - timedelta(minutes=ago)
        ended = None if took is None else created + timedelta(minutes=took)
        world.runs.append(Run(key, merchant, status, created, ended))
    return world


def asked(*merchants, ago=timedelta(days=1)):
    now = datetime.now(UTC)
    since = now - ago
    return question(PILOT, dict.fromkeys(merchants, since), now=now, since=since)


@pytest.fixture
def stored(database) -> str:
    with psycopg.connect(database) as connection:
        connection.execute(SHOPS)
    loose_postgres(database, lately())
    with psycopg.connect(database) as connection:
        connection.execute(STAGES)
    return database


def fates(found):
    return {run.id: run.outcome.fate for run in found.runs}


EXPECTED = {
    "pending": Fate.PENDING,
    "completed": Fate.COMPLETED,
    "late": Fate.COMPLETED,
    "failed": Fate.FAILED,
    "stuck": Fate.STUCK,
    "unknown": Fate.EXCLUDED,
}


def test_runs_of_the_cohort_and_of_the_span_are_listed_with_the_gates_outcome(stored):
    watch = SqlRunWatch(environment(), stored)
    found = watch.recent(asked("m1", "m2"), LIMITS, SPAN, 100)
    assert fates(found) == EXPECTED
    by_id = {run.id: run for run in found.runs}
    assert by_id["failed"].shop == "two.example"
    assert (by_id["late"].outcome.on_time, by_id["completed"].outcome.on_time) == (False, True)
    assert "not in the configuration" in by_id["unknown"].outcome.why
    assert not found.cut
    assert found.runs[-1].id == "completed", "what needs no look comes last"
    watch.close()


def test_the_list_adds_up_to_what_the_gate_counts(stored):
    with psycopg.connect(stored) as connection:
        connection.execute("DELETE FROM \"WorkflowExecution\" WHERE id IN ('unknown', 'old')")
    watch = SqlRunWatch(environment(), stored)
    listed = Counter(fates(watch.recent(asked("m1", "m2"), LIMITS, SPAN, 100)).values())
    counts = watch.count(asked("m1", "m2"))
    assert counts.population.matured == sum(listed.values()) - listed[Fate.PENDING]
    assert counts.population.pending == listed[Fate.PENDING]
    assert counts.totals["failed"].count == listed[Fate.FAILED]
    assert counts.totals["stuck"].count == listed[Fate.STUCK]
    watch.close()


def test_no_more_than_asked_for_and_trouble_before_the_rest(stored):
    watch = SqlRunWatch(environment(), stored)
    found = watch.recent(asked("m1", "m2"), LIMITS, SPAN, 3)
    assert found.cut
    assert [run.id for run in found.runs] == ["pending", "unknown", "failed"]
    watch.close()


@pytest.mark.parametrize("column", ["createdAt", "completedAt"])
@pytest.mark.parametrize("at", ["infinity", "-infinity", "20000-01-01", "0044-03-15 BC"])
def test_a_time_that_no_calendar_has_hides_no_other_run(stored, column, at):
    with psycopg.connect(stored) as connection:
        connection.execute(
            f'UPDATE "WorkflowExecution" SET "{column}" = %s WHERE id = %s', [at, "completed"]
        )
    watch = SqlRunWatch(environment(), stored)
    found = fates(watch.recent(asked("m1", "m2"), LIMITS, SPAN, 100))
    watch.close()
    assert found.pop("completed", Fate.EXCLUDED) is Fate.EXCLUDED
    assert found == {key: fate for key, fate in EXPECTED.items() if key != "completed"}


def test_runs_before_the_feature_came_are_not_listed(stored):
    watch = SqlRunWatch(environment(), stored)
    found = watch.recent(asked("m1", ago=timedelta(minutes=25)), LIMITS, SPAN, 100)
    assert set(fates(found)) == {"pending", "completed", "unknown"}
    watch.close()


@needs_duckdb
def test_runs_elsewhere_are_listed_with_the_shops_of_the_app(stored, tmp_path):
    own = duckdb_file(str(tmp_path / "runs.duckdb"), lately())
    import duckdb  # noqa: PLC0415 -- not installed everywhere

    with duckdb.connect(str(tmp_path / "runs.duckdb")) as connection:
        for column in ("currentStage", "errorMessage"):
            connection.execute(f'ALTER TABLE "WorkflowExecution" ADD COLUMN "{column}" TEXT')
    variables = {"DATABASE_URL": stored, "WORKFLOW_DATABASE_URL": own}
    watch = open_run_watch(environment(), variables)
    found = watch.recent(asked("m1", "m2"), LIMITS, SPAN, 100)
    assert fates(found) == EXPECTED
    assert {run.shop for run in found.runs} == {"one.example", "two.example"}
    watch.close()


def test_nobodys_runs_are_none(stored):
    watch = SqlRunWatch(environment(), stored)
    assert watch.recent(asked(), LIMITS, SPAN, 100).runs == ()
    watch.close()


def _transactions(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        statement = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.execute(statement).fetchone()[0])


def _sessions(url: str) -> list[int]:
    with psycopg.connect(url, autocommit=True) as connection:
        statement = """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'rolloutctl'
        """
        return [pid for (pid,) in connection.execute(statement)]


def _spent(url: str, looks: int) -> int:
    """How many transactions so many looks and one count took, by the server's own figures."""
    before = _transactions(url)
    watch = SqlRunWatch(environment(), url)
    seen = set()
    for _ in range(looks):
        watch.recent(asked("m1"), LIMITS, SPAN, 100)
        seen |= set(_sessions(url))
    watch.count(asked("m1"))
    assert seen == set(_sessions(url)), "there was another session"
    assert len(seen) == 1
    watch.close()
    # A session hands in its figures at its end.
    assert any(not _sessions(url) for _ in range(1_000))
    return _transactions(url) - before


def test_a_look_is_one_transaction_on_the_one_connection_that_stays_open(stored):
    assert _spent(stored, 11) - _spent(stored, 1) == 10


def test_a_connection_that_was_cut_is_said_to_be_and_replaced(stored):
    watch = SqlRunWatch(environment(), stored)
    watch.recent(asked("m1"), LIMITS, SPAN, 100)
    (session,) = _sessions(stored)
    with psycopg.connect(stored, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 10000)", [session])
    with pytest.raises(DatabaseUnreachable):
        watch.recent(asked("m1"), LIMITS, SPAN, 100)
    assert watch.recent(asked("m1"), LIMITS, SPAN, 100).runs
    watch.close()


def test_a_table_that_is_not_there_is_no_outage(stored):
    with psycopg.connect(stored) as connection:
        connection.execute('DROP TABLE "WorkflowExecution" CASCADE')
    watch = SqlRunWatch(environment(), stored)
    with pytest.raises(Refused, match="cannot be read"):
        watch.recent(asked("m1"), LIMITS, SPAN, 100)
    watch.close()


def test_a_session_only_reads(stored):
    watch = SqlRunWatch(environment(), stored)
    with watch._app.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT current_setting('transaction_read_only'), current_setting('statement_timeout')"
        ).one()
    assert tuple(found) == ("on", "1min")
    watch.close()


def test_a_cohort_given_needs_no_ledger(stored):
    watch = SqlRunWatch(environment(), stored)
    assert watch.recent(asked("m1"), LIMITS, SPAN, 1).generation == 0
    assert isinstance(asked("m1").cohort, Cohort)
    watch.close()
