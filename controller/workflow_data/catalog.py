"""What PostgreSQL's catalogue tells before anything is counted: indexes, keys, replicas.

Beside the counts: each answer saves a scan or names a delay. No other engine is asked.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from controller.workflow_data.tables import Tables

_INDEX = sa.text(
    "SELECT count(*) > 0 AS leads, coalesce(bool_or(created.attnum = i.indkey[1] AND "
    "pg_relation_size(i.indexrelid) <= pg_size_bytes(current_setting('shared_buffers'))), false) "
    "AS in_memory FROM pg_index i JOIN pg_attribute merchant ON merchant.attrelid = i.indrelid "
    "AND merchant.attnum = i.indkey[0] JOIN pg_attribute created ON created.attrelid = i.indrelid "
    "WHERE i.indrelid = to_regclass(:name) AND i.indisvalid AND i.indpred IS NULL "
    "AND merchant.attname = :merchant AND created.attname = :created"
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


@dataclass(frozen=True, slots=True)
class RunIndex:
    """What index there is on the table of runs.

    Attributes:
        leads: One leads from a merchant to its runs.
        in_memory: One leads to their times too, and is small enough to be kept in memory whole.
    """

    leads: bool = False
    in_memory: bool = False


def run_index(connection: Connection, tables: Tables) -> RunIndex:
    """Look for an index that begins with the merchant."""
    columns = tables.settings.columns
    names = {
        "name": _quoted(tables, "run"),
        "merchant": columns["run.merchant"],
        "created": columns["run.created_at"],
    }
    return RunIndex(*connection.execute(_INDEX, names).one())


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
