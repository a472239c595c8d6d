from dataclasses import replace

import numpy as np
import psycopg

from controller.demo.company.behaviour import LEGACY
from controller.demo.company.cuid import cuids
from controller.demo.company.orders import SUPPLIERS
from controller.demo.company.runs import Fate, draw_runs
from controller.demo.company.writing import Suppliers, write_runs

_NOON = np.datetime64("2026-06-10T12:00", "ms")


def test_rows_tell_what_the_columns_say(database: str):
    rng = np.random.default_rng(1)
    created = np.full(400, _NOON)
    odds = replace(LEGACY, failed=0.4, stuck=0.1, unsynced=0.2)
    runs = draw_runs(odds, np.zeros(400, dtype=np.intp), created, np.ones(400), rng)
    suppliers = Suppliers(cuids(created[:SUPPLIERS], rng), ["Salt & Sons"] * SUPPLIERS)
    with psycopg.connect(database) as connection:
        connection.execute("""INSERT INTO "Merchant" VALUES ('m1', 'm1.example', true, now())""")
        connection.cursor().executemany(
            'INSERT INTO "Supplier" VALUES (%s, %s)',
            zip(suppliers.ids, suppliers.names, strict=True),
        )
        written = write_runs(connection, runs, ["m1"], suppliers, rng)
        statuses = dict(
            connection.execute('SELECT status, count(*) FROM "WorkflowExecution" GROUP BY 1')
        )
        [(orders, numbers, synced)] = connection.execute(
            """SELECT count(*), count(DISTINCT "poNumber"),
                      count(*) FILTER (WHERE "shopifySyncStatus" = 'synced')
               FROM "PurchaseOrder" """
        ).fetchall()
        messages = connection.execute(
            'SELECT DISTINCT "errorMessage" FROM "WorkflowExecution" WHERE status = %s', ["failed"]
        ).fetchall()
        uploads = connection.execute('SELECT count(DISTINCT "fileName") FROM "Upload"').fetchall()
    assert statuses == {fate.name.lower(): int((runs.fate == fate).sum()) for fate in Fate}
    assert (written.runs, written.orders) == (400, orders)
    assert orders == numbers
    assert synced == runs.synced.sum()
    assert len(messages) >= 6
    assert not any("{" in message for (message,) in messages)
    assert uploads[0][0] > 300
