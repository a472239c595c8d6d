"""What PostgreSQL's catalogue tells before anything is counted: indexes, keys, replicas.

Beside the counts: each answer saves a scan or names a delay. No other engine is asked.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from controller.workflow_data.tables import Tables

_INDEX = sa.text(
    "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
    "AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass(:name) AND i.indisvalid "
    "AND i.indpred IS NULL AND a.attname = :merchant)"
)
_KEY = sa.text(
    "SELECT EXISTS (SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
    "AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND c.convalidated "
    "AND c.conrelid = to_regclass(:items) AND c.confrelid = to_regclass(:orders) "
    "AND a.attname = :column AND a.attnotnull)"
)
_LAG = sa.text(
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL "
    "WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN interval '0' "
    "ELSE clock_timestamp() - pg_last_xact_replay_timestamp() END"
)


def leads_to_runs(connection: Connection, tables: Tables) -> bool:
    """Whether an index leads from a merchant to its runs."""
    names = {"name": _quoted(tables, "run"), "merchant": tables.settings.columns["run.merchant"]}
    return bool(connection.execute(_INDEX, names).scalar())


def items_have_orders(connection: Connection, tables: Tables) -> bool:
    """Whether a foreign key makes line items without an order impossible."""
    names = {
        "items": _quoted(tables, "line_item"),
        "orders": _quoted(tables, "order"),
        "column": tables.settings.columns["line_item.order"],
    }
    return bool(connection.execute(_KEY, names).scalar())


def replica_lag(connection: Connection) -> timedelta | None:
    """How far a replica is behind; None on a primary."""
    lag: timedelta | None = connection.execute(_LAG).scalar()
    return lag


def _quoted(tables: Tables, name: str) -> str:
    table = tables.by_name[name]
    return f'"{table.schema}"."{table.name}"'
