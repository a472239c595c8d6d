"""The rows of runs: uploads, workflow executions, purchase orders and line items.

Before the way of a change: turns columns of numbers into what the app's tables hold.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.copying import (
    NULL,
    Connection,
    amounts,
    copy_rows,
    instants,
    picked,
)
from controller.demo.company.cuid import cuids
from controller.demo.company.names import ERRORS, FILE_TYPES, file_names, product_names, word
from controller.demo.company.orders import Orders, draw_orders, supplier_of
from controller.demo.company.runs import STAGES, STATUSES, Fate, Runs

_BYTES: Final = (18_000, 2_400_000)
_TYPE_SHARES: Final = (0.62, 0.2, 0.1, 0.08)
_BEFORE_THE_RUN: Final = np.timedelta64(1_500, "ms")
_SYNC_STATES: Final = ("failed", "pending", "synced")
_FIRST_SHOPIFY_ORDER: Final = 5_400_000_000_000


@dataclass(frozen=True, slots=True)
class Suppliers:
    """The company's suppliers, in one order for good."""

    ids: list[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written.

    Attributes:
        runs: `"WorkflowExecution"` rows; there are as many uploads.
    """

    runs: int
    orders: int
    line_items: int


def write_runs(
    connection: Connection,
    runs: Runs,
    merchants: list[str],
    suppliers: Suppliers,
    rng: np.random.Generator,
) -> Written:
    """Write runs with all that belongs to them.

    Args:
        connection: Nothing is committed on it.
        runs: The runs; their merchants are places in `merchants`.
        merchants: Ids.
        suppliers: Who they buy from.
        rng: Where chance comes from.
    """
    supplier = supplier_of(runs.merchant, rng)
    owners = picked(merchants, runs.merchant)
    uploads = _write_uploads(connection, runs, owners, picked(suppliers.names, supplier), rng)
    workflows = _write_workflows(connection, runs, owners, uploads, rng)
    orders = draw_orders(runs, supplier, rng)
    _write_orders(connection, runs, orders, owners, workflows, suppliers, rng)
    return Written(len(workflows), len(orders.run), len(orders.item_order))


def _write_uploads(
    connection: Connection,
    runs: Runs,
    owners: list[str],
    suppliers: list[str],
    rng: np.random.Generator,
) -> list[str]:
    created = runs.created - _BEFORE_THE_RUN
    count = len(created)
    ids = cuids(created, rng)
    kinds = rng.choice(len(FILE_TYPES), size=count, p=_TYPE_SHARES).tolist()
    columns = {
        "id": ids,
        "merchantId": owners,
        "fileName": file_names(suppliers, rng.integers(1_000, 99_999, size=count), kinds),
        "fileSize": map(str, rng.integers(*_BYTES, size=count).tolist()),
        "fileType": [FILE_TYPES[kind][1] for kind in kinds],
        "createdAt": instants(created),
    }
    copy_rows(connection, "Upload", columns)
    return ids


def _write_workflows(
    connection: Connection,
    runs: Runs,
    owners: list[str],
    uploads: list[str],
    rng: np.random.Generator,
) -> list[str]:
    ids = cuids(runs.created, rng)
    columns = {
        "id": ids,
        "merchantId": owners,
        "uploadId": uploads,
        "status": picked(list(STATUSES), runs.fate.astype(np.intp)),
        "currentStage": picked(list(STAGES), runs.stage.astype(np.intp)),
        "errorMessage": _error_messages(runs),
        "createdAt": instants(runs.created),
        "startedAt": instants(runs.started),
        "completedAt": instants(runs.completed),
    }
    copy_rows(connection, "WorkflowExecution", columns)
    return ids


def _error_messages(runs: Runs) -> list[str]:
    messages = [NULL] * len(runs.fate)
    for place in np.flatnonzero(runs.fate == Fate.FAILED).tolist():
        template = ERRORS[int(runs.stage[place])]
        messages[place] = template.format(word=word(place), number=place % 12 + 1)
    return messages


def _write_orders(
    connection: Connection,
    runs: Runs,
    orders: Orders,
    owners: list[str],
    workflows: list[str],
    suppliers: Suppliers,
    rng: np.random.Generator,
) -> None:
    created = runs.created[orders.run]
    ids = cuids(created, rng)
    synced, completed = runs.synced[orders.run], runs.fate[orders.run] == Fate.COMPLETED
    failed = runs.fate[orders.run] == Fate.FAILED
    sync = np.where(synced, 2, np.where(failed | completed, 0, 1))
    shop_orders = (_FIRST_SHOPIFY_ORDER + created.astype(np.int64) % 10**12).tolist()
    columns = {
        "id": ids,
        "merchantId": picked(owners, orders.run),
        "workflowId": picked(workflows, orders.run),
        "poNumber": [f"PO-{run % 10**6:06d}" for run in rng.permutation(len(ids)).tolist()],
        "status": ["completed" if done else "pending" for done in completed.tolist()],
        "totalAmount": amounts(orders.cents),
        "supplierId": picked(suppliers.ids, orders.supplier),
        "shopifyOrderId": _where(synced, [f"gid://shopify/Order/{n}" for n in shop_orders]),
        "shopifySyncStatus": picked(list(_SYNC_STATES), sync),
        "shopifySyncedAt": _where(synced, instants(runs.completed[orders.run])),
    }
    copy_rows(connection, "PurchaseOrder", columns)
    _write_items(connection, orders, ids, created[orders.item_order], rng)


def _write_items(
    connection: Connection,
    orders: Orders,
    ids: list[str],
    created: NDArray[np.datetime64],
    rng: np.random.Generator,
) -> None:
    products = product_names()
    columns = {
        "id": cuids(created, rng),
        "purchaseOrderId": picked(ids, orders.item_order),
        "sku": [f"SKU-{number % 90_000 + 10_000}" for number in orders.product.tolist()],
        "productName": picked(products, orders.product % len(products)),
        "quantity": map(str, orders.quantity.tolist()),
        "unitCost": amounts(orders.unit_cents),
        "totalCost": amounts(orders.unit_cents * orders.quantity),
    }
    copy_rows(connection, "LineItem", columns)


def _where(mask: NDArray[np.bool_], values: list[str]) -> list[str]:
    return [value if kept else NULL for value, kept in zip(values, mask.tolist(), strict=True)]
