"""The one writer's lock: a row of the ledger, held until the transaction ends.

First step of every commit, halt and resume. A row lock inside the transaction, because a session
lock behind PgBouncer is granted to two clients at once.
"""

import json
from dataclasses import asdict, dataclass
from typing import Final

import psycopg
from psycopg import errors

from controller.domain.environment import MerchantTables
from controller.errors import Locked, Stale
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import APPLICATION_NAME, Connection, fetch_one
from controller.merchant_store.ledger_schema import bring_up_to_date

_LOCK: Final = """
    SELECT generation, app_schema, app_tables, pg_current_xact_id()::text
    FROM rollout.environment WHERE name = %s FOR UPDATE
"""
_HOLDER: Final = """
    SELECT a.pid, a.usename, a.application_name, a.xact_start
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.relation = to_regclass('rollout.environment') AND l.granted
      AND l.mode = 'RowShareLock' AND a.pid <> pg_backend_pid()
    ORDER BY a.xact_start LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LockedLedger:
    """One environment's ledger, locked for this transaction.

    Attributes:
        generation: The serial number of what was applied last; 0 before the first.
        transaction: PostgreSQL's number of this transaction, to ask later whether it was committed.
        tables: The app's tables as the ledger remembers them from the last commit.
    """

    environment: str
    generation: int
    transaction: str
    tables: AppTables


def lock(connection: Connection, environment: str, tables: AppTables) -> LockedLedger:
    """Lock an environment's row, and make ledger and row where they are missing.

    Args:
        connection: In a transaction that writes, with nothing done yet.
        environment: Its name.
        tables: What a new row remembers of the app's tables.

    Raises:
        Locked: Another run holds the row, and did not finish within the lock timeout.
        Refused: A newer rolloutctl has written the ledger.
    """
    try:
        bring_up_to_date(connection)
        row = connection.execute(_LOCK, [environment]).fetchone()
        if row is None:
            _add(connection, environment, tables)
            row = fetch_one(connection, _LOCK, [environment])
    except errors.LockNotAvailable as error:
        raise _locked(connection, environment) from error
    generation, schema, names, transaction = row
    remembered = AppTables(schema, MerchantTables(**names))
    return LockedLedger(environment, generation, transaction, remembered)


def refuse_other_generation(ledger: LockedLedger, expected: int) -> None:
    """Refuse a plan that was made on another generation than the one that is there now.

    Raises:
        Stale: Somebody has committed since.
    """
    if ledger.generation != expected:
        raise Stale(
            f"the plan was made on generation {expected} of {ledger.environment}, "
            f"but generation {ledger.generation} has been applied since",
            "look at the new plan: rolloutctl plan",
        )


def _add(connection: Connection, environment: str, tables: AppTables) -> None:
    connection.execute(
        "INSERT INTO rollout.environment (name, app_schema, app_tables) VALUES (%s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        [environment, tables.schema, json.dumps(asdict(tables.names))],
    )


def _locked(connection: Connection, environment: str) -> Locked:
    return Locked(
        f"another run is writing {environment}{_holder(connection)}",
        "wait for it, then run the same command again; docs/operations.md says how to end a run "
        "that hangs",
    )


def _holder(connection: Connection) -> str:
    """Who holds the lock, as far as the server tells."""
    try:
        connection.rollback()
        row = connection.execute(_HOLDER).fetchone()
    except psycopg.Error:
        return ""
    if row is None:
        return ""
    process, user, application, since = row
    program = application or "a program without a name"
    by = "" if application == APPLICATION_NAME else f" ({program})"
    return f": {user}{by}, server process {process}, since {since:%H:%M:%S %Z}"
