"""The same rows in each engine."""

from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg

TABLES = {
    "WorkflowExecution": '"id" TEXT, "merchantId" TEXT, "status" TEXT, "createdAt" {moment}, '
    '"completedAt" {moment}',
    "PurchaseOrder": '"id" TEXT, "merchantId" TEXT, "workflowId" TEXT, "poNumber" TEXT, '
    '"totalAmount" DECIMAL(12,2), "supplierId" TEXT, "shopifyOrderId" TEXT, '
    '"shopifySyncStatus" TEXT',
    "LineItem": '"id" TEXT, "purchaseOrderId" TEXT, "totalCost" DECIMAL(12,2)',
}


class Rows(Protocol):
    runs: list[Any]
    orders: list[Any]
    items: list[Any]


def naive(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None)


def rows_of(world: Rows) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "WorkflowExecution": [
            (r.id, r.merchant, r.status, naive(r.created), naive(r.completed)) for r in world.runs
        ],
        "PurchaseOrder": [
            (o.id, o.merchant, o.run, o.number, o.total, o.supplier, o.shopify, o.sync)
            for o in world.orders
        ],
        "LineItem": [(i.id, i.order, i.amount) for i in world.items],
    }


def loose_postgres(url: str, world: Rows, *, moment: str = "TIMESTAMP(3)") -> None:
    """Tables without a single constraint, so that everything wrong can be in them."""
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        for name, columns in TABLES.items():
            connection.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')
            connection.execute(f'CREATE TABLE "{name}" ({columns.format(moment=moment)})')
        for name, rows in rows_of(world).items():
            if rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                connection.cursor().executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


def index_merchants(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute('CREATE INDEX ON "WorkflowExecution" ("merchantId", "createdAt")')


def duckdb_file(path: str, world: Rows, *, moment: str = "TIMESTAMP") -> str:
    import duckdb  # noqa: PLC0415 -- not installed everywhere

    with duckdb.connect(path) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, columns in TABLES.items():
            connection.execute(f'CREATE TABLE "{name}" ({columns.format(moment=moment)})')
        for name, rows in rows_of(world).items():
            if rows:
                marks = ", ".join(["?"] * len(rows[0]))
                connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    return f"duckdb:///{path}"
