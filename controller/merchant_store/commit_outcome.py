"""COMMIT, and the truth about it when the connection dies around it.

Apply, its very last step. A connection cut before COMMIT and one cut after it raise the same error.
So nothing is guessed: over a new connection the run's row in the ledger says whether it is there,
and PostgreSQL whether the transaction is still running.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from enum import Enum
from typing import Final

import psycopg
from psycopg import errors

from controller.errors import DatabaseUnreachable, OutcomeUnknown
from controller.merchant_store.connection import Connection, fetch_one

PAUSES: Final[Sequence[float]] = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each look."""


class Outcome(Enum):
    """What became of a transaction."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    RUNNING = "running"  # the server has not noticed yet that its client is gone


def commit(
    connection: Connection,
    *,
    run_id: str,
    transaction: str,
    connect: Callable[[], Connection],
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Commit, and find out what happened if the connection dies meanwhile.

    Args:
        connection: In the transaction.
        run_id: Of the run's row, which exists exactly if the transaction was committed.
        transaction: The transaction's number, as `pg_current_xact_id()` gave it.
        connect: Opens another connection to the same database.
        pauses: Seconds to wait before each look.

    Raises:
        DatabaseUnreachable: It was not committed.
        OutcomeUnknown: Nobody could be asked, or the server could not say yet.
    """
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if not connection.closed:
            raise  # the server answered: it has refused, and nothing was committed
        outcome = _settled(_looks(connect, run_id, transaction, pauses))
        if outcome is Outcome.COMMITTED:
            return
        if outcome is Outcome.ROLLED_BACK:
            raise DatabaseUnreachable(
                "the connection was lost before anything was committed; nothing was changed",
                "run the same command again",
            ) from error
        raise OutcomeUnknown(
            "outcome unknown: the connection was lost around COMMIT, and the database could not "
            "be asked whether it was committed",
            "run the same command again: it looks first, and does only what is missing",
        ) from error


def _settled(looks: Iterator[Outcome]) -> Outcome:
    return next((outcome for outcome in looks if outcome is not Outcome.RUNNING), Outcome.RUNNING)


def _looks(
    connect: Callable[[], Connection], run_id: str, transaction: str, pauses: Sequence[float]
) -> Iterator[Outcome]:
    for pause in pauses:
        time.sleep(pause)
        try:
            with closing(connect()) as connection:
                yield look_up(connection, run_id, transaction)
        except psycopg.OperationalError:
            continue  # not back yet; the next look is later


def look_up(connection: Connection, run_id: str, transaction: str) -> Outcome:
    """What became of a transaction, asked over another connection.

    The run's row decides. The transaction's number only tells "not yet" from "never", and it must
    be asked first: asked second, the transaction could commit between the two questions.
    """
    connection.autocommit = True
    is_running = _is_running(connection, transaction)
    if _has_run(connection, run_id):
        return Outcome.COMMITTED
    return Outcome.RUNNING if is_running else Outcome.ROLLED_BACK


def _is_running(connection: Connection, transaction: str) -> bool:
    try:
        (status,) = fetch_one(connection, "SELECT pg_xact_status(%s::xid8)", [transaction])
    except errors.InvalidParameterValue:
        return False  # a server that took over and has never seen this transaction
    return str(status) == "in progress"


def _has_run(connection: Connection, run_id: str) -> bool:
    (exists,) = fetch_one(connection, "SELECT to_regclass('rollout.run') IS NOT NULL")
    if not exists:
        return False
    row = connection.execute("SELECT FROM rollout.run WHERE id = %s::uuid", [run_id]).fetchone()
    return row is not None
