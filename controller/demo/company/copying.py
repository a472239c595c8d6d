"""Into the database by COPY: one table at a time, in columns of text.

Before the way of a change: the company's rows go in as fast as PostgreSQL checks their keys.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from controller.demo.company.cuid import Instants

Connection: TypeAlias = psycopg.Connection[Any]
Column: TypeAlias = Iterable[str]

NULL: Final = "\\N"
"""How COPY writes that there is no value."""

_FOREIGN_KEYS: Final = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""


def copy_rows(connection: Connection, table: str, columns: Mapping[str, Column]) -> None:
    """Copy rows into a table, in the connection's transaction.

    Args:
        connection: Any connection to the app's database.
        table: The table's name, unquoted.
        columns: Column name to its values, all of one length; without the tabs, line ends and
            backslashes that COPY's text format would want escaped.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    text = "\n".join(map("\t".join, zip(*columns.values(), strict=True)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        if text:
            copy.write(f"{text}\n")


@contextmanager
def keys_checked_at_once(connection: Connection) -> Iterator[None]:
    """Check foreign keys at the end of the block instead of row by row, three times as fast.

    For tables that nobody else uses yet, inside a transaction: the constraints are dropped and put
    back, which checks every row.
    """
    keys = [tuple(map(sql.SQL, key)) for key in connection.execute(_FOREIGN_KEYS).fetchall()]
    for table, name, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, name))
    yield
    for key in keys:
        connection.execute(sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(*key))


def instants(column: Instants) -> list[str]:
    """Instants as `TIMESTAMP(3)` reads them in any session zone; NaT becomes NULL."""
    texts: list[str] = np.datetime_as_string(column, unit="ms").tolist()
    return [NULL if text == "NaT" else text for text in texts]


def amounts(cents: NDArray[np.int64]) -> list[str]:
    """Cents as `DECIMAL(12,2)` reads them."""
    return [f"{cent / 100:.2f}" for cent in cents.tolist()]


def picked(values: list[str], which: NDArray[np.intp] | NDArray[np.int64]) -> list[str]:
    """The value at each place."""
    return [values[index] for index in which.tolist()]


def present(connection: Connection, at: datetime | None) -> np.datetime64:
    """The present as the generated rows see it: an instant with a zone, or the database's clock.

    Raises:
        ValueError: The instant has no zone.
    """
    if at is None:
        [(at,)] = connection.execute("SELECT now()").fetchall()
    if at.tzinfo is None:
        raise ValueError(f"the present needs a zone, for example UTC: {at}")
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "ms")


def zoned(instant: np.datetime64) -> datetime:
    """An instant as Python knows it, in UTC."""
    return datetime.fromtimestamp(int(instant.astype(np.int64)) / 1_000, tz=UTC)
