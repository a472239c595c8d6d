"""psycopg's errors, said in ours: what happened, whether it may pass, what to type next.

Around every step that touches the database. What PostgreSQL itself says is quoted in one line,
without the password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import errors

from controller.errors import DatabaseUnreachable, Locked, Refused, RolloutError, Stale
from controller.merchant_store.database_url import without_password


@dataclass(frozen=True, slots=True)
class _Rule:
    """What some of psycopg's errors mean here."""

    causes: tuple[type[psycopg.Error], ...]
    meaning: type[RolloutError]
    message: str
    hint: str


_RULES: Final = (
    _Rule(
        (errors.LockNotAvailable, errors.DeadlockDetected),
        Locked,
        "another session holds rows or tables that must change",
        "run the same command again; docs/operations.md says how to see who holds them",
    ),
    _Rule(
        (errors.QueryCanceled,),
        DatabaseUnreachable,
        "the database did not finish in time",
        "run again, or raise database.statement_timeout in the environment's file",
    ),
    _Rule(
        (errors.InsufficientPrivilege,),
        Refused,
        "the database role lacks a right",
        "docs/prisma.md lists the rights that it needs, as SQL to run",
    ),
    _Rule(
        (errors.ReadOnlySqlTransaction,),
        Refused,
        "the database can only be read",
        "connect to the primary server, not to a replica",
    ),
    _Rule(
        (
            errors.UndefinedTable,
            errors.UndefinedColumn,
            errors.DuplicateTable,
            errors.DuplicateColumn,
            errors.DatatypeMismatch,
            errors.InvalidSchemaName,
        ),
        Stale,
        "the database's tables are not as they were looked at",
        "look again: rolloutctl plan",
    ),
    _Rule(
        (errors.ForeignKeyViolation,),
        Stale,
        "a merchant was deleted meanwhile",
        "run the same command again; if that does not help, another foreign key forbids the row",
    ),
    _Rule(
        (
            psycopg.OperationalError,
            psycopg.InterfaceError,
            errors.IdleInTransactionSessionTimeout,
        ),
        DatabaseUnreachable,
        "the database cannot be reached",
        "check that it is up and that the connection string is right, then run again",
    ),
    _Rule(
        (psycopg.Error,),
        Refused,
        "the database refused it",
        "rolloutctl doctor looks for the reason",
    ),
)
"""In this order: QueryCanceled and others are OperationalErrors, too."""


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Raise ours for psycopg's errors.

    Args:
        url: The connection string, whose password must not appear.

    Raises:
        Locked: A lock was not granted in time, or two writers waited for each other.
        Stale: A table or column is not there any more, or has another type; a merchant that was
            to get a row has just been deleted.
        DatabaseUnreachable: No connection, a lost one, or a statement that took too long.
        Refused: PostgreSQL does not allow it.
    """
    try:
        yield
    except psycopg.Error as error:
        raise translate(error, url) from error


def translate(error: psycopg.Error, url: str) -> RolloutError:
    """Ours for one of psycopg's errors."""
    said = without_password(" ".join((error.diag.message_primary or str(error)).split()), url)
    rule = next(rule for rule in _RULES if isinstance(error, rule.causes))
    return rule.meaning(f"{rule.message}: {said}", rule.hint)
