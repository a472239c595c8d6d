from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import psycopg
import pytest

from controller.demo.company.copying import (
    NULL,
    amounts,
    copy_rows,
    instants,
    keys_checked_at_once,
    present,
    zoned,
)


def test_amounts_and_instants_read_as_the_columns_do():
    assert amounts(np.array([0, 5, 12_345, -10])) == ["0.00", "0.05", "123.45", "-0.10"]
    moments = np.array(["2026-06-10T12:00:00.007", "NaT"], dtype="datetime64[ms]")
    assert instants(moments) == ["2026-06-10T12:00:00.007", NULL]


def test_rows_are_copied_and_none_are_no_mistake(database: str):
    with psycopg.connect(database) as connection:
        copy_rows(connection, "Supplier", {"id": [], "name": []})
        copy_rows(connection, "Supplier", {"id": ["s1", "s2"], "name": ["Salt & Sons", "Žluť"]})
        rows = connection.execute('SELECT * FROM "Supplier" ORDER BY 1').fetchall()
    assert rows == [("s1", "Salt & Sons"), ("s2", "Žluť")]


def test_a_row_that_breaks_a_key_is_found_at_the_end(database: str):
    with psycopg.connect(database) as connection:
        columns = {"id": ["i1"], "purchaseOrderId": ["nowhere"], "productName": ["Mug"]}
        with (
            pytest.raises(psycopg.errors.ForeignKeyViolation),
            connection.transaction(),
            keys_checked_at_once(connection),
        ):
            copy_rows(connection, "LineItem", columns)
        assert connection.execute('SELECT count(*) FROM "LineItem"').fetchall() == [(0,)]


def test_the_present_is_in_utc_whatever_the_zone(database: str):
    india = datetime(2026, 6, 10, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with psycopg.connect(database) as connection:
        assert zoned(present(connection, india)) == datetime(2026, 6, 10, 12, tzinfo=UTC)
        connection.execute("SET timezone TO 'America/New_York'")
        clock = zoned(present(connection, None))
    assert abs(clock - datetime.now(UTC)) < timedelta(minutes=5)
