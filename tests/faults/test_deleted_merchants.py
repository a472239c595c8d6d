"""The app deletes merchants in the middle of a reconcile: it starts over without them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from controller.errors import ExitCode
from tests.faults.scene import ALLOWED, MERCHANTS
from tests.waiting import until_somebody_waits
from tests.workshop import Workshop


def test_a_merchant_deleted_while_its_row_is_made(tmp_path: Path, database: str):
    """The deletion is committed while the run waits behind it, in the middle of its statement."""
    workshop = Workshop.create(tmp_path / "repository", database)
    workshop.merchants(*MERCHANTS)
    workshop.phase("pilot")
    workshop.reconcile()  # makes the table, which locks the merchants
    workshop.phase("100%")
    gone = MERCHANTS[7]
    with psycopg.connect(database) as app, ThreadPoolExecutor(1) as pool:
        app.execute('DELETE FROM "Merchant" WHERE id = %s', [gone])
        done = pool.submit(workshop.reconcile, allowances=ALLOWED)
        until_somebody_waits(workshop.url)
        app.commit()
        outcome = done.result(60)
    assert outcome.exit_code is ExitCode.DONE
    assert workshop.on() == set(MERCHANTS) - {gone}
    assert gone not in dict(workshop.ledger_changes())
    assert not workshop.reconcile(allowances=ALLOWED).plan.has_changes
