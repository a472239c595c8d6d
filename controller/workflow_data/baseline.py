"""The baseline: how it was before, with a lower bound of the median that few runs cannot fool.

Once, when the first phase was applied. The median is found by counting alone, in two steps: how
many runs took each number of seconds, then how many microseconds each run of the one second took in
which the wanted run lies.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Select

from controller.gate.baseline import frozen
from controller.gate.counts import Baseline, BaselineSource, Tally
from controller.gate.statistics import median_lower_rank
from controller.workflow_data.asking import Asker, CannotCountError, Row
from controller.workflow_data.counting import unjudged
from controller.workflow_data.flavour import moment
from controller.workflow_data.outcomes import UNKNOWN_STATUS, Clock
from controller.workflow_data.tables import Tables
from controller.workflow_data.tally import number_of
from controller.workflow_data.treated import Treated

Ask = Callable[[Callable[[Treated], Select[Any]]], list[Row]]
_SECOND: Final = 1_000_000


def measure(asker: Asker, tables: Tables, window: Clock) -> Baseline:
    """Measure the cohort's own runs of a window, or everyone else's where those are too few.

    Args:
        asker: Knows the cohort; when each merchant got the feature does not matter here.
        tables: Where the runs are.
        window: Its beginning, its end, and the present.

    Raises:
        CannotCountError: A statement failed, or there are runs of unknown status.
    """
    own = _measure(asker, tables, window, BaselineSource.SAME_MERCHANTS)
    if own.median_bound is not None or len(asker.cohorts) > 1:
        return own
    return _measure(asker, tables, window, BaselineSource.UNTREATED)


def _measure(asker: Asker, tables: Tables, window: Clock, source: BaselineSource) -> Baseline:
    def treated(cohort: FromClause) -> Treated:
        begins = moment(window.starts).label("since")
        if source is BaselineSource.SAME_MERCHANTS:
            chosen = sa.select(cohort.c.merchant, begins)
        else:
            merchant = tables.column("run.merchant")
            has_it = sa.exists().where(cohort.c.merchant == merchant)
            chosen = sa.select(merchant.label("merchant"), begins).where(~has_it).distinct()
        return Treated(asker.source.flavour, tables, window, chosen.subquery("compared"))

    ask = replace(asker, treated=treated).many
    _refuse_unknown(ask)
    sums = ask(_sums)
    durations = sum(int(row["durations"]) for row in sums)
    rank = median_lower_rank(durations)
    return frozen(
        Baseline(
            source=source,
            starts=window.starts,
            ends=window.ends or window.at,
            merchants=sum(int(row["merchants"]) for row in sums),
            completed=Tally(
                sum(int(row["done"]) for row in sums), sum(int(row["matured"]) for row in sums)
            ),
            durations=durations,
            median_bound=None if rank is None else _value_at(rank, ask),
            measured_at=window.now,
            hash="",
        )
    )


def _refuse_unknown(ask: Ask) -> None:
    runs = sum(int(row["runs"]) for row in ask(unjudged) if row["why"] == UNKNOWN_STATUS)
    if runs:
        raise CannotCountError(f"{runs} runs before the rollout are {UNKNOWN_STATUS}")


def _sums(treated: Treated) -> Select[Any]:
    outcomes = treated.outcomes
    merchants = (
        treated.select(
            number_of(outcomes.matured).label("matured"),
            number_of(outcomes.done()).label("done"),
            number_of(outcomes.measured()).label("durations"),
        )
        .group_by(treated.merchant)
        .subquery("merchants")
    )
    columns = [
        sa.func.coalesce(sa.func.sum(merchants.c[name]), 0).label(name)
        for name in ("matured", "done", "durations")
    ]
    return sa.select(*columns, number_of(merchants.c.matured > 0).label("merchants"))


def _value_at(rank: int, ask: Ask) -> timedelta:
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
