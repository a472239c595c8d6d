"""Sessions read, keep UTC and end in time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from controller.errors import UsageError
from controller.workflow_data.session import Source


def source(address, patience=timedelta(minutes=1)):
    return Source.at(address, "X", patience)


def test_postgresql_cannot_be_written_to(database):
    with source(database).reading() as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(sa.text('DELETE FROM "Merchant"'))


def test_every_session_is_in_utc_and_limited(database):
    with source(database, timedelta(seconds=7)).reading() as session:
        rows = session.execute(
            sa.text(
                "SELECT current_setting('timezone'), current_setting('statement_timeout'), "
                "current_setting('transaction_isolation')"
            )
        )
        assert rows.one() == ("UTC", "7s", "repeatable read")


def test_a_statement_that_takes_too_long_ends(database):
    impatient = source(database, timedelta(milliseconds=50))
    with impatient.reading() as session, pytest.raises(DBAPIError, match="statement timeout"):
        session.execute(sa.text("SELECT pg_sleep(20)"))


def test_duckdb_is_opened_for_reading_and_interrupted(tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    duckdb.connect(str(tmp_path / "x.duckdb")).close()
    impatient = source(f"duckdb:///{tmp_path}/x.duckdb", timedelta(milliseconds=50))
    with impatient.reading() as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    with impatient.reading() as session:
        endless = sa.text("SELECT count(*) FROM range(1000000000) a, range(1000000000) b")
        with impatient.time_limit(session), pytest.raises(DBAPIError, match=r"(?i)interrupt"):
            session.execute(endless)


def test_an_engine_without_its_driver_says_what_to_install():
    with pytest.raises(UsageError) as caught:
        source("nothere://h/d")
    assert "nothere" in caught.value.message
