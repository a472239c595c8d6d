"""Let days pass in seconds: what has happened so far moves into the past.

For the demo alone. The database's clock is the only one that decisions use, and it cannot be set;
so instead of waiting two days for a soak, everything that the story has left in the app's tables
and in the ledger becomes two days older. Nothing else is changed, and every verdict is the tool's.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg import sql

from controller.gate import codec
from controller.gate.baseline import frozen
from controller.gate.counts import Baseline

_APP: Final = {
    "Upload": ("createdAt",),
    "WorkflowExecution": ("createdAt", "startedAt", "completedAt"),
    "MerchantConfig": ("createdAt", "updatedAt"),
}
_LEDGER: Final = {
    "environment": ("evaluated_at",),
    "flag": ("since", "phase_since", "live_since", "evaluated_at", "released_at"),
    "run": ("at",),
    "halt": ("since", "ended_at"),
}
_EVERYWHERE: Final = sql.SQL("")
_BASELINES: Final = "SELECT environment, flag, live_since, document FROM rollout.baseline"
_BASELINE: Final = """
    UPDATE rollout.baseline SET live_since = %s, hash = %s, document = %s
    WHERE (environment, flag, live_since) = (%s, %s, %s)
"""


def let_time_pass(connection: psycopg.Connection, time: timedelta, *, begun: datetime) -> None:
    """Make what happened since the story began older, and commit.

    Args:
        connection: To the app's database, as its owner.
        time: How much older.
        begun: What the app did before this moment stays where it is.
    """
    with connection.transaction():
        for table, columns in _APP.items():
            begins = sql.SQL("WHERE {} >= %s AT TIME ZONE 'UTC'").format(sql.Identifier(columns[0]))
            _shift(connection, sql.Identifier(table), columns, time, begins, begun)
        for table, columns in _LEDGER.items():
            _shift(connection, sql.Identifier("rollout", table), columns, time)
        _shift_baselines(connection, time)
    connection.commit()


def _shift(
    connection: psycopg.Connection,
    table: sql.Identifier,
    columns: tuple[str, ...],
    time: timedelta,
    where: sql.Composable = _EVERYWHERE,
    *values: datetime,
) -> None:
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = {0} - {1}").format(sql.Identifier(column), sql.Literal(time))
        for column in columns
    )
    connection.execute(sql.SQL("UPDATE {} SET {} {}").format(table, changes, where), values or None)


def _shift_baselines(connection: psycopg.Connection, time: timedelta) -> None:
    # A baseline never changes, and the database sees to that; here even its past moves.
    connection.execute("SET LOCAL session_replication_role = replica")
    for environment, flag, live_since, document in connection.execute(_BASELINES).fetchall():
        found = codec.from_json(Baseline, json.loads(document))
        older = frozen(
            replace(
                found,
                starts=found.starts - time,
                ends=found.ends - time,
                measured_at=found.measured_at - time,
            )
        )
        written = [live_since - time, older.hash, codec.canonical(older)]
        connection.execute(_BASELINE, [*written, environment, flag, live_since])
