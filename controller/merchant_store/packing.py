"""A merchant's values in one integer: what keeps reading a million merchants as cheap as a scan.

Gather: ten booleans and a time stamp as Python objects would cost ten times the memory and time of
one number. Two bits a flag (0 no value, 1 off, 2 on), the age in seconds above them; flags that do
not fit go into further numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from controller.domain.merchant import Seconds, Values
from controller.merchant_store.app_tables import AppTables

_BITS: Final = 2
_MASK: Final = 3
_FLAGS_BESIDE_AGE: Final = 14  # leaves 35 bits and a sign for seconds since 1970
_FLAGS_A_WORD: Final = 31
_ABSENT: Final = -1


@dataclass(frozen=True, slots=True)
class Packing:
    """How the values of some columns lie in numbers.

    Attributes:
        columns: The columns asked for, in the caller's order.
        existing: Those that the table has; the others read as absent.
        with_age: Whether the first number carries the age.
    """

    columns: tuple[str, ...]
    existing: frozenset[str]
    with_age: bool

    @property
    def _stored(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column in self.existing)

    @property
    def _words(self) -> tuple[tuple[str, ...], ...]:
        first = _FLAGS_BESIDE_AGE if self.with_age else _FLAGS_A_WORD
        stored = self._stored
        rest = range(first, len(stored), _FLAGS_A_WORD)
        return (stored[:first], *(stored[at : at + _FLAGS_A_WORD] for at in rest))

    @property
    def width(self) -> int:
        """How many numbers a merchant takes; at least one."""
        return len(self._words)

    def expressions(self, tables: AppTables) -> sql.Composed:
        """The numbers as a SELECT list; `m` is the merchant's table, `c` its configuration."""
        words = [
            _word(tables, columns, with_age=self.with_age and number == 0)
            for number, columns in enumerate(self._words)
        ]
        return sql.SQL(", ").join(words)

    def values(self, words: NDArray[np.int64]) -> Values:
        """The values of shape `(columns, n)` from numbers of shape `(n, width)`."""
        values = np.full((len(self.columns), len(words)), _ABSENT, np.int8)
        for number, columns in enumerate(self._words):
            for place, column in enumerate(columns):
                code = (words[:, number] >> (place * _BITS)) & _MASK
                values[self.columns.index(column)] = code.astype(np.int8) - 1
        return values

    def created_at(self, words: NDArray[np.int64]) -> Seconds | None:
        """Whole seconds since 1970 UTC; None when the age was not asked for."""
        if not self.with_age:
            return None
        return words[:, 0] >> (_FLAGS_BESIDE_AGE * _BITS)


def _word(tables: AppTables, columns: Sequence[str], *, with_age: bool) -> sql.Composed:
    parts = [
        tables.sql(
            "coalesce(c.{column}::integer + 1, 0)::bigint << {place}",
            column=sql.Identifier(column),
            place=sql.Literal(place * _BITS),
        )
        for place, column in enumerate(columns)
    ]
    if with_age:
        parts.append(
            tables.sql(
                "floor(coalesce(date_part('epoch', m.{merchant_created_at}), 0))::bigint "
                "<< {place}",
                place=sql.Literal(_FLAGS_BESIDE_AGE * _BITS),
            )
        )
    if not parts:
        return sql.SQL("{}::bigint").format(sql.Literal(0))
    return sql.SQL("({})").format(sql.SQL(" | ").join(sql.SQL("({})").format(p) for p in parts))
