"""Our side of the comparisons with a database: a whole reconcile, from connecting to committing."""

from pathlib import Path

import psycopg

from benchmarks import examples
from controller.domain.desired import Desired
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.ports import Ports
from controller.reconcile import Outcome, Survey, reconcile, survey


def some_merchant(url: str) -> str:
    """The id of a merchant, for a pilot."""
    with psycopg.connect(url) as connection:
        [(merchant,)] = connection.execute('SELECT min("id") FROM "Merchant"').fetchall()
    return str(merchant)


def at_ten_percent(url: str, folder: Path, *, flags: int = 1) -> Desired:
    """Bring a database to the first percentage, by way of the pilot; what the files then say."""
    pilot = some_merchant(url)
    reconciled(url, examples.desired(folder, flags=flags, pilot=pilot, phase="pilot"))
    desired = examples.desired(folder, flags=flags, pilot=pilot, phase="10%")
    reconciled(url, desired)
    return desired


def reconciled(url: str, desired: Desired) -> Outcome:
    """Reconcile a database once."""
    store = PostgresMerchantStore(desired.environment, url)
    try:
        outcome = reconcile(Ports(store, None, None), desired, actor="benchmark")
    finally:
        store.close()
    if outcome.plan.standing:
        raise AssertionError(f"a guardrail refused the benchmark: {outcome.plan.standing}")
    return outcome


def surveyed(url: str, desired: Desired) -> Survey:
    """What a reconcile would do."""
    store = PostgresMerchantStore(desired.environment, url)
    try:
        return survey(Ports(store, None, None), desired)
    finally:
        store.close()
