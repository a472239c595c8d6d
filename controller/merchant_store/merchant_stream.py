"""Stream every merchant out of the database, in columns.

Gather: barely slower than the bare SELECT. Rows never pile up as tuples: a pile of them makes
Python's garbage collector run through all of it again and again.
"""

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import numpy as np
from psycopg import capabilities, sql
from psycopg.rows import TupleRow

from controller.domain.merchant import MerchantBatch
from controller.errors import Refused
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection
from controller.merchant_store.packing import Packing

BATCH: Final = 10_000
"""Merchants a batch."""

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
    for batch in _batches(rows, packing):
        count += len(batch.ids)
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
        yield from connection.cursor().stream(query, size=_CHUNK, binary=True)
        return
    # An older libpq: fetch through a cursor on the server, and let it plan for all the rows.
    connection.execute("SELECT set_config('cursor_tuple_fraction', '1', true)")
    with connection.cursor(name="merchants") as cursor:
        cursor.itersize = BATCH
        yield from cursor.execute(query, binary=True)


def _batches(rows: Iterator[TupleRow], packing: Packing) -> Iterator[MerchantBatch]:
    while True:
        ids: list[str] = []
        words = array("q")
        if packing.width == 1:
            _fill(ids, words, islice(rows, BATCH))
        else:
            _fill_wide(ids, words, islice(rows, BATCH))
        if not ids:
            return
        numbers = np.frombuffer(words, np.int64).reshape(len(ids), packing.width)
        yield MerchantBatch(ids, packing.values(numbers), packing.created_at(numbers))


def _fill(ids: list[str], words: "array[int]", rows: Iterable[TupleRow]) -> None:
    add_id, add_word = ids.append, words.append
    for merchant, word in rows:
        add_id(merchant)
        add_word(word)


def _fill_wide(ids: list[str], words: "array[int]", rows: Iterable[TupleRow]) -> None:
    for merchant, *numbers in rows:
        ids.append(merchant)
        words.extend(numbers)
