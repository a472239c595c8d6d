"""Rates: how many runs of the treated merchants were good, all of them and the first of each.

Between the conditions and the counts. One statement counts all rates that need the table of runs
alone: it adds up a row a merchant, and looks at the first runs of a merchant only where that can
make a difference. Rates that need other tables join what is known of each run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select, Subquery

from controller.workflow_data.flavour import moment
from controller.workflow_data.outcomes import Condition
from controller.workflow_data.treated import Treated

Limits: TypeAlias = Mapping[str, timedelta | None]
"""Rates over runs alone, by name: completed within this time; None is by the deadline."""

Count: TypeAlias = ColumnElement[int]
DIGITS: Final = 10
SCALE: Final = 10**9


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the runs of a merchant are taken.

    Attributes:
        limit: At most this many first runs of a merchant are evidence to pass; None for all.
        least: Merchants with fewer judged runs are not singled out as the worst.
        recent: Runs whose outcome was decided at this moment or later are recent.
    """

    limit: int | None
    least: int
    recent: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that are answered with what other tables know of a run.

    Attributes:
        judged: The runs that are asked.
        good: By rate, those of them that are good.
        also: By name, further runs to count, matured or not.
    """

    judged: Condition
    good: Mapping[str, Condition]
    also: Mapping[str, Condition]


def number_of(condition: Condition) -> Count:
    """How many rows meet a condition."""
    return sa.func.count(sa.case((condition, 1)))


def total(column: ColumnElement[Any]) -> Count:
    """A sum that is 0 without rows, as a whole number."""
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)


def over_runs(
    treated: Treated, limits: Limits, sampling: Sampling, *, everyone: bool
) -> Select[Any]:
    """Count rates over the table of runs alone, each of all matured runs; one row.

    Args:
        treated: The runs.
        limits: The rates.
        sampling: How the runs of a merchant are taken.
        everyone: Add up all merchants first and choose the cohort's then: quicker where most
            merchants are in it. Every `since` must lie before the window.
    """
    merchants = _merchants(treated, limits, sampling, everyone=everyone)
    source: FromClause = merchants
    capped: Mapping[str, Count] = {
        name: merchants.c[name] for name in ("matured", "recent", *limits)
    }
    if sampling.limit is not None:
        first = _first(treated, merchants, limits, sampling, sampling.limit)
        source = merchants.outerjoin(first, first.c.merchant == merchants.c.merchant)
        capped = _capped(merchants, first, limits, sampling.limit)
    matured = merchants.c.matured
    columns: list[ColumnElement[Any]] = [
        total(merchants.c.n).label("n"),
        total(merchants.c.failed).label("failed"),
        total(matured).label("judged"),
        total(capped["matured"]).label("capped"),
        total(capped["recent"]).label("recent"),
        number_of(matured > 0).label("merchants"),
    ]
    for name in limits:
        columns += [
            total(merchants.c[name]).label(f"{name}_good"),
            total(capped[name]).label(f"{name}_capped_good"),
            *worst_merchant(treated, name, merchants, matured, sampling),
        ]
    return sa.select(*columns).select_from(source)


def _merchants(treated: Treated, limits: Limits, sampling: Sampling, *, everyone: bool) -> CTE:
    """One row a merchant."""
    outcomes, merchant = treated.outcomes, treated.merchant
    early = moment(sampling.recent - treated.clock.deadline)
    # Most runs are older than a recent one can be, and no more is asked of them.
    recent = (outcomes.created >= early) & outcomes.matured & outcomes.ended_since(sampling.recent)
    counters: list[ColumnElement[Any]] = [
        merchant.label("merchant"),
        sa.func.count().label("n"),
        number_of(outcomes.matured).label("matured"),
        number_of(outcomes.failed).label("failed"),
        number_of(recent).label("recent"),
        number_of(outcomes.created < early).label("early"),
        *(number_of(outcomes.done(limit)).label(name) for name, limit in limits.items()),
    ]
    if not everyone:
        return treated.select(*counters).group_by(merchant).cte("merchants")
    sums = treated.of_everyone(*counters).group_by(merchant).subquery("sums")
    joined = sums.join(treated.cohort, treated.cohort.c.merchant == sums.c.merchant)
    return sa.select(*sums.c).select_from(joined).cte("merchants")


def _first(
    treated: Treated, merchants: CTE, limits: Limits, sampling: Sampling, limit: int
) -> Subquery:
    """The counts of the first runs of those merchants for which they do not follow already."""
    all_good = sa.and_(*(merchants.c[name] == merchants.c.matured for name in limits))
    none_recent = merchants.c.early - (merchants.c.n - merchants.c.matured) >= limit
    undecided = (
        sa.select(treated.cohort.c.merchant, treated.cohort.c.since)
        .join(merchants, merchants.c.merchant == treated.cohort.c.merchant)
        .where((merchants.c.matured > limit) & sa.not_(all_good & none_recent))
        .subquery("undecided")
    )
    first = treated.first(undecided, limit)
    outcomes = treated.outcomes_of(first)
    counters = [
        number_of(outcomes.ended_since(sampling.recent)).label("recent"),
        *(number_of(outcomes.done(within)).label(name) for name, within in limits.items()),
    ]
    grouped = sa.select(first.c.merchant, *counters).group_by(first.c.merchant)
    return grouped.subquery("looked_up")


def _capped(merchants: CTE, first: Subquery, limits: Limits, limit: int) -> dict[str, Count]:
    """What counts as evidence to pass: as looked up, or all of few runs, or good ones of many."""

    def at_most(column: Count) -> Count:
        return sa.case((column > limit, limit), else_=column)

    few = sa.case((merchants.c.matured <= limit, merchants.c.recent), else_=0)
    return {
        "matured": at_most(merchants.c.matured),
        "recent": sa.func.coalesce(first.c.recent, few),
        **{name: sa.func.coalesce(first.c[name], at_most(merchants.c[name])) for name in limits},
    }


def over_facts(treated: Treated, facts: Subquery, asked: Asked, sampling: Sampling) -> Select[Any]:
    """Count rates that need more than the table of runs; one row.

    Args:
        treated: The runs.
        facts: A column `run`, each run at most once, and what is known of it.
        asked: Conditions over the table of runs and the facts.
        sampling: How the runs of a merchant are taken.
    """
    source = treated.source.outerjoin(facts, facts.c.run == treated.id)
    is_first: Condition = sa.true()
    if sampling.limit is not None:
        ids = treated.first(treated.cohort, sampling.limit)
        source = source.outerjoin(ids, ids.c.run == treated.id)
        is_first = ids.c.run.is_not(None)
    conditions = {**asked.also, "judged": asked.judged, "judged_first": asked.judged & is_first}
    for name, good in asked.good.items():
        conditions |= {name: good, f"{name}_first": good & is_first}
    counters = [number_of(condition).label(name) for name, condition in conditions.items()]
    merchants = (
        sa.select(treated.merchant.label("merchant"), *counters)
        .select_from(source)
        .where(*treated.conditions(treated.cohort))
        .group_by(treated.merchant)
        .subquery("merchants")
    )
    columns: list[ColumnElement[Any]] = [
        total(merchants.c[name]).label(name) for name in asked.also
    ]
    columns += [
        total(merchants.c.judged).label("judged"),
        total(merchants.c.judged_first).label("capped"),
        number_of(merchants.c.judged > 0).label("merchants"),
    ]
    for name in asked.good:
        columns += [
            total(merchants.c[name]).label(f"{name}_good"),
            total(merchants.c[f"{name}_first"]).label(f"{name}_capped_good"),
            *worst_merchant(treated, name, merchants, merchants.c.judged, sampling),
        ]
    return sa.select(*columns)


def worst_merchant(
    treated: Treated, name: str, merchants: FromClause, judged: Count, sampling: Sampling
) -> list[ColumnElement[Any]]:
    """How many merchants have enough runs, and the worst of them.

    The worst is the smallest of texts that sort as merchants are to be ranked: by rate, then by
    more runs, then by id; digits are padded, so one pass over the merchants is enough.
    """
    enough, good = judged >= max(1, sampling.least), merchants.c[name]
    rate = sa.func.floor(sa.cast(good, sa.Double) * SCALE / judged)
    ranked = _padded(rate) + _padded(SCALE - judged) + _padded(good) + merchants.c.merchant
    key = treated.flavour.in_byte_order(sa.case((enough, ranked)))
    return [
        number_of(enough).label(f"{name}_considered"),
        sa.func.min(key).label(f"{name}_worst"),
    ]


def _padded(number: ColumnElement[Any]) -> ColumnElement[str]:
    digits = sa.cast(sa.cast(number, sa.BigInteger), sa.Text)
    return sa.func.lpad(digits, DIGITS, "0", type_=sa.Text)
