"""The emergency stop in the database, and its end.

Beside the way of a change: it needs no plan, no files and no git. By what the ledger remembers of
the app's tables and of the flag's column, the flag is turned off for everyone, and a row keeps it
off.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from psycopg import sql

from controller.domain.canonical import decode
from controller.domain.halt import Halt
from controller.domain.instants import format_instant
from controller.domain.plan import Cause
from controller.domain.rollout import OFF
from controller.errors import Refused, UsageError
from controller.merchant_store.app_schema_reading import has_column, has_merchant_config
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.apply import NOW_IN_UTC
from controller.merchant_store.connection import Connection
from controller.merchant_store.ledger_lock import LockedLedger
from controller.merchant_store.ledger_reading import read_halts
from controller.merchant_store.ledger_schema import CAUSE_CODES, version
from controller.merchant_store.ledger_writing import (
    Run,
    RunStory,
    begin_run,
    end_halt,
    finish_run,
    flag_ids,
    move_generation,
)

PATIENCE: Final = timedelta(minutes=1)
"""How long a halt waits for a run that is writing: longer than any run takes."""

_TURN_OFF: Final = """
    WITH changed AS (
        UPDATE {merchant_config} SET {column} = false, {config_updated_at} = {now}
        WHERE {column}
        RETURNING {config_merchant_id}::text COLLATE "C" AS merchant_id
    )
    INSERT INTO rollout.change (run, flag, cause, value, merchant_id)
    SELECT {run}, {flag}, {cause}, false, merchant_id FROM changed ORDER BY merchant_id
"""
_HALT: Final = """
    INSERT INTO rollout.halt (environment, flag, reason, actor, phase, generation)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
_KNOWN: Final = "SELECT definition, phase FROM rollout.flag WHERE environment = %s AND key = %s"


@dataclass(frozen=True, slots=True)
class HaltOrder:
    """What a person asks for.

    Attributes:
        column: Where the flag lives, for one that the ledger does not know; what the ledger knows
            goes before it.
    """

    flag: str
    reason: str
    actor: str
    column: str | None = None


def halt(
    connection: Connection, ledger: LockedLedger, order: HaltOrder
) -> tuple[Run, dict[str, int]]:
    """Turn the flag off for everyone, and write the row that keeps it off.

    A flag that is halted already is swept again if somebody has turned it on by hand since.

    Raises:
        UsageError: Neither the ledger nor the order knows where the flag lives.
        Refused: It is halted already, and off for everyone; or this is not the app's database, or
            its column is no boolean, so that nobody was turned off.
    """
    column, phase = _home(connection, ledger, order)
    in_force = read_halts(connection, ledger.environment).get(order.flag)
    run = begin_run(connection, ledger, _story("halt", order, phase))
    off = _turn_off(connection, ledger.tables, run, order.flag, column) if column else 0
    if in_force is None:
        fields = [ledger.environment, order.flag, order.reason, order.actor, phase, run.generation]
        connection.execute(_HALT, fields)
    elif not off:
        raise _halted_already(in_force)
    changed = {order.flag: off} if off else {}
    finish_run(connection, run, changed)
    move_generation(connection, run)
    return run, changed


def refuse_unknown_environment(connection: Connection, environment: str) -> None:
    """Refuse an environment that the ledger does not know although it knows others.

    A mistyped name would get a halt of its own, which keeps nothing off in the right one.

    Raises:
        UsageError: The ledger knows only others.
    """
    if version(connection) == 0:
        return
    rows = connection.execute("SELECT name FROM rollout.environment ORDER BY name")
    known = [name for (name,) in rows]
    if known and environment not in known:
        raise UsageError(
            f"the ledger knows no environment {environment}; it knows: {', '.join(known)}",
            f"choose one: --env {known[0]}",
        )


def resume(connection: Connection, ledger: LockedLedger, order: HaltOrder) -> tuple[Run, Halt]:
    """End the halt in force.

    Raises:
        UsageError: There is none.
    """
    in_force = read_halts(connection, ledger.environment).get(order.flag)
    if in_force is None:
        raise UsageError(f"{order.flag} is not halted in {ledger.environment}", "rolloutctl status")
    run = begin_run(connection, ledger, _story("resume", order, in_force.phase))
    end_halt(connection, run, order.flag, reason=order.reason, actor=order.actor)
    move_generation(connection, run)
    return run, in_force


def _story(kind: str, order: HaltOrder, phase: str) -> RunStory:
    summary = {"flag": order.flag, "reason": order.reason, "phase": phase}
    return RunStory(kind, order.actor, [order.flag], summary)


def _home(connection: Connection, ledger: LockedLedger, order: HaltOrder) -> tuple[str | None, str]:
    """The flag's column, or None where it has no per-merchant home, and its phase."""
    row = connection.execute(_KNOWN, [ledger.environment, order.flag]).fetchone()
    definition, phase = row or (None, None)
    if definition is not None:
        home = decode(definition).flag.merchant_config
        return (home.column if home else None), phase or OFF
    if order.column is None:
        raise UsageError(
            f"the ledger of {ledger.environment} knows no flag {order.flag}",
            f"check its name, or say where it lives: rolloutctl halt {order.flag} --column NAME",
        )
    if has_merchant_config(connection, ledger.tables) and not has_column(
        connection, ledger.tables, order.column
    ):
        raise UsageError(
            f"the ledger of {ledger.environment} knows no flag {order.flag}, and the database has "
            f"no column {order.column}: there is nothing to turn off",
            "check both names; a flag that was never applied stays off with phase: off in its file",
        )
    return order.column, OFF


def _turn_off(connection: Connection, tables: AppTables, run: Run, flag: str, column: str) -> int:
    if not has_column(connection, tables, column):
        return 0  # nothing has ever been on
    names: dict[str, sql.Composable] = {
        "column": sql.Identifier(column),
        "now": NOW_IN_UTC,
        "run": sql.Literal(run.seq),
        "flag": sql.Literal(flag_ids(connection, run.environment, [flag])[flag]),
        "cause": sql.Literal(CAUSE_CODES[Cause.HALT]),
    }
    return connection.execute(tables.sql(_TURN_OFF, **names)).rowcount


def _halted_already(halt: Halt) -> Refused:
    return Refused(
        f"{halt.flag} is halted already, and off for everyone: since "
        f"{format_instant(halt.since)} by {halt.actor}: {halt.reason}",
        f"to end it: rolloutctl resume {halt.flag} --reason TEXT",
    )
