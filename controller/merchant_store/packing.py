"""A merchant's values in one integer: what keeps reading a million merchants as cheap as a scan.

Gather: ten booleans as Python objects would cost ten times the memory and time of one number. Two
bits a flag: 0 no value, 1 off, 2 on. The time of creation travels as PostgreSQL stores it, and is
converted here for thousands at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from psycopg import sql

from controller.domain.merchant import Seconds, Values
from controller.merchant_store.app_tables import AppTables

_BITS: Final = 2
_MASK: Final = 3
_FLAGS_A_WORD: Final = 31
_ABSENT: Final = -1
_MICROSECONDS: Final = 1_000_000
_EPOCH_OF_POSTGRESQL: Final = 946_684_800  # 2000-01-01 in seconds since 1970


@dataclass(frozen=True, slots=True)
class Packing:
    """How the values of some columns lie in numbers.

    Attributes:
        columns: The columns asked for, in the caller's order.
        existing: Those that the table has; the others read as absent.
        with_age: Whether one more number, the last, is the time of creation.
    """

    columns: tuple[str, ...]
    existing: frozenset[str]
    with_age: bool

    @property
    def width(self) -> int:
        """How many numbers a merchant takes."""
        return len(list(self._words())) + self.with_age

    def expressions(self, tables: AppTables) -> sql.Composed:
        """The numbers as a SELECT list; `m` is the merchant's table, `c` its configuration."""
        numbers = [_word(tables, columns) for columns in self._words()]
        if self.with_age:
            # A bare time stamp costs the server nothing; date_part() would be a quarter more.
            numbers.append(tables.sql("coalesce(m.{merchant_created_at}, 'epoch')::timestamp"))
        return sql.SQL(", ").join(numbers)

    def values(self, numbers: Sequence[Seconds]) -> Values:
        """The values, of shape `(columns, n)`, from `width` arrays of shape `(n,)`."""
        values = np.full((len(self.columns), len(numbers[0])), _ABSENT, np.int8)
        for word, columns in zip(numbers, self._words(), strict=False):
            for place, column in enumerate(columns):
                code = (word >> (place * _BITS)) & _MASK
                values[self.columns.index(column)] = code.astype(np.int8) - 1
        return values

    def created_at(self, numbers: Sequence[Seconds]) -> Seconds | None:
        """Whole seconds since 1970 UTC; None when the age was not asked for."""
        if not self.with_age:
            return None
        seconds: Seconds = numbers[-1] // _MICROSECONDS + _EPOCH_OF_POSTGRESQL
        return seconds

    def _words(self) -> Iterator[tuple[str, ...]]:
        """The columns that share a number; at least one number, perhaps of no column."""
        stored = tuple(column for column in self.columns if column in self.existing)
        for start in range(0, max(len(stored), 1), _FLAGS_A_WORD):
            yield stored[start : start + _FLAGS_A_WORD]


def _word(tables: AppTables, columns: Sequence[str]) -> sql.Composed:
    codes: list[sql.Composable] = [
        tables.sql(
            "(CASE WHEN c.{column} THEN {on} WHEN c.{column} IS NULL THEN 0 ELSE {off} END)",
            column=sql.Identifier(column),
            on=sql.Literal(2 << (place * _BITS)),
            off=sql.Literal(1 << (place * _BITS)),
        )
        for place, column in enumerate(columns)
    ]
    return sql.SQL("({})::bigint").format(sql.SQL(" | ").join(codes or [sql.SQL("0")]))
