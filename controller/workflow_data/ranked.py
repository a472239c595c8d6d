"""The duration at a rank, a median for example, in any engine and without sorting.

Below the baseline and the durations of a pilot. It is found by counting alone, in two steps: how
many runs took each number of seconds, then how many microseconds each run of the one second took in
which the wanted run lies.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select

from controller.workflow_data.asking import Row
from controller.workflow_data.treated import Treated

Ask = Callable[[Callable[[Treated], Select[Any]]], list[Row]]
_SECOND: Final = 1_000_000


def value_at(rank: int, ask: Ask) -> timedelta:
    """The duration of the run that stands at a rank, by length; 1 is the shortest.

    Args:
        rank: At most the number of completed runs with a usable duration.
        ask: Asks a statement about the runs.

    Raises:
        CannotCountError: A statement failed.
    """
    second, before = _bucket(ask(_seconds), rank)
    microseconds, _ = _bucket(ask(lambda treated: _within_second(treated, second)), rank - before)
    return timedelta(microseconds=microseconds)


def _bucket(rows: list[Row], rank: int) -> tuple[int, int]:
    """The value that the wanted run has, and how many runs have a smaller one."""
    runs: dict[int, int] = {}
    for row in rows:
        runs[int(row["value"])] = runs.get(int(row["value"]), 0) + int(row["runs"])
    before = 0
    for value in sorted(runs):
        if before + runs[value] >= rank:
            break
        before += runs[value]
    return value, before


def _microseconds(treated: Treated) -> ColumnElement[int]:
    outcomes = treated.outcomes
    return treated.flavour.microseconds(outcomes.created, outcomes.completed)


def _seconds(treated: Treated) -> Select[Any]:
    value = sa.cast(
        sa.func.floor(_microseconds(treated) / sa.literal(float(_SECOND))), sa.BigInteger
    )
    return _grouped(treated, value)


def _within_second(treated: Treated, second: int) -> Select[Any]:
    value = _microseconds(treated)
    here = value.between(second * _SECOND, (second + 1) * _SECOND - 1)
    return _grouped(treated, value, here)


def _grouped(
    treated: Treated, value: ColumnElement[int], *more: ColumnElement[bool]
) -> Select[Any]:
    chosen = treated.select(value.label("value")).where(treated.outcomes.measured(), *more)
    values = chosen.subquery("durations")
    return sa.select(values.c.value, sa.func.count().label("runs")).group_by(values.c.value)
