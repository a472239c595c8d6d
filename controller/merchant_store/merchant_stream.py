"""Stream every merchant out of the database, in columns.

Gather: barely slower than the bare SELECT. Rows never pile up as tuples: a pile of them makes
Python's garbage collector run through all of it again and again.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, TypeAlias

import numpy as np
from psycopg import Cursor, capabilities, sql
from psycopg.rows import TupleRow
from psycopg.types.numeric import Int8BinaryLoader

from controller.activity import busy
from controller.domain.merchant import MerchantBatch
from controller.errors import Refused
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection
from controller.merchant_store.packing import Packing

BATCH: Final = 10_000
"""Merchants a batch."""

Numbers: TypeAlias = "array[int]"

_CHUNK: Final = 2_000  # rows that libpq holds at a time: small enough for the processor's cache


def stream_merchants(
    connection: Connection, tables: AppTables, packing: Packing, *, has_merchant_config: bool
) -> Iterator[MerchantBatch]:
    """Every merchant with its values.

    Raises:
        Refused: There is no merchant at all.
    """
    query = _query(tables, packing, has_merchant_config=has_merchant_config)
    rows = _rows(connection, query)
    count = 0
    with busy("reading merchants") as tell:
        for batch in _batches(rows, packing):
            count += len(batch.ids)
            tell(count)
            yield batch
    if count == 0:
        raise Refused(
            f'the table "{tables.schema}"."{tables.names.merchant}" has no merchant at all',
            "this looks like the wrong database: check the connection string",
        )


def _query(tables: AppTables, packing: Packing, *, has_merchant_config: bool) -> sql.Composed:
    joined = tables.sql(
        "LEFT JOIN {merchant_config} c ON c.{config_merchant_id} = m.{merchant_id}"
        if has_merchant_config
        else ""
    )
    return tables.sql(
        "SELECT m.{merchant_id}::text, {numbers} FROM {merchant} m {joined}",
        numbers=packing.expressions(tables),
        joined=joined,
    )


def _rows(connection: Connection, query: sql.Composed) -> Iterator[TupleRow]:
    if capabilities.has_stream_chunked():
        cursor = connection.cursor()
        _times_as_numbers(cursor)
        yield from cursor.stream(query, size=_CHUNK, binary=True)
        return
    # An older libpq: fetch through a cursor on the server, and let it plan for all the rows.
    connection.execute("SELECT set_config('cursor_tuple_fraction', '1', true)")
    with connection.cursor(name="merchants") as server_cursor:
        _times_as_numbers(server_cursor)
        server_cursor.itersize = BATCH
        yield from server_cursor.execute(query, binary=True)


def _times_as_numbers(cursor: Cursor[TupleRow]) -> None:
    """Take time stamps as they travel: microseconds since 2000, without a Python object each."""
    cursor.adapters.register_loader("timestamp", Int8BinaryLoader)


def _batches(rows: Iterator[TupleRow], packing: Packing) -> Iterator[MerchantBatch]:
    fill = _FILLS.get(packing.width, _fill_wide)
    while True:
        ids: list[str] = []
        columns = [array("q") for _ in range(packing.width)]
        fill(islice(rows, BATCH), ids, *columns)
        if not ids:
            return
        numbers = [np.frombuffer(column, np.int64) for column in columns]
        yield MerchantBatch(ids, packing.values(numbers), packing.created_at(numbers))


def _fill_one(rows: Iterable[TupleRow], ids: list[str], only: Numbers) -> None:
    add_id, add = ids.append, only.append
    for merchant, number in rows:
        add_id(merchant)
        add(number)


def _fill_two(rows: Iterable[TupleRow], ids: list[str], first: Numbers, second: Numbers) -> None:
    add_id, add_first, add_second = ids.append, first.append, second.append
    for merchant, one, two in rows:
        add_id(merchant)
        add_first(one)
        add_second(two)


def _fill_wide(rows: Iterable[TupleRow], ids: list[str], *columns: Numbers) -> None:
    for merchant, *numbers in rows:
        ids.append(merchant)
        for column, number in zip(columns, numbers, strict=True):
            column.append(number)


_FILLS: Final[Mapping[int, Callable[..., None]]] = {1: _fill_one, 2: _fill_two}
"""The usual widths have loops of their own: they run a million times."""
