"""Our side of the comparisons with a database: a whole reconcile, from connecting to committing."""

from controller.domain.desired import Desired
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.reconcile import Outcome, Ports, Survey, reconcile, survey


def reconciled(url: str, desired: Desired) -> Outcome:
    """Reconcile a database once."""
    store = PostgresMerchantStore(desired.environment, url)
    try:
        return reconcile(Ports(store, None, None), desired, actor="benchmark")
    finally:
        store.close()


def surveyed(url: str, desired: Desired) -> Survey:
    """What a reconcile would do."""
    store = PostgresMerchantStore(desired.environment, url)
    try:
        return survey(Ports(store, None, None), desired)
    finally:
        store.close()
