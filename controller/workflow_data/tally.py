"""Rates: how many runs of the treated merchants were good, all of them and the first of each.

Between the conditions and the counts. Most runs are ordinary: good by every rate. Of those nothing
has to be known but their number, so runs are counted once for each merchant, and only the others,
the notable ones, are looked at one by one:

    merchants   how many runs each has
    notable     one row a run that is not ordinary, with everything that is asked about it
    sums        one row a merchant: its notable runs added up, and those among its first ones, which
                are evidence to pass
    tallies     one row a merchant: its runs, plus or minus what its notable ones change

The first runs of a merchant are looked up only where they do not follow from this already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select

from controller.workflow_data.flavour import moment
from controller.workflow_data.heads import looked_up, sums_of
from controller.workflow_data.notable import (
    JUDGED,
    Asked,
    Count,
    Search,
    notable_runs,
    number_of,
    total,
)
from controller.workflow_data.outcomes import REASONS
from controller.workflow_data.treated import Treated
from controller.workflow_data.worst import lowest_rates, worst_merchant

Limits: TypeAlias = Mapping[str, timedelta | None]
"""Rates over runs alone, by name: completed within this time; None is by the deadline."""

RECENT: Final = "recent"
FAILED: Final = "failed"


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


def unjudged_column(reason: str) -> str:
    """The column with the number of runs that have not matured for a reason."""
    return f"unjudged_{REASONS.index(reason)}"


def over_runs(
    treated: Treated, limits: Limits, sampling: Sampling, *, everyone: bool
) -> Select[Any]:
    """Count rates over the table of runs alone, each of all matured runs; one row.

    Args:
        treated: The runs.
        limits: The rates.
        sampling: How the runs of a merchant are taken.
        everyone: Count the runs of all merchants first and choose the cohort's then: quicker where
            most merchants are in it. Every `since` must lie before the window.
    """
    outcomes = treated.outcomes
    deadline = treated.clock.deadline
    tightest = min(deadline if limit is None else limit for limit in limits.values())
    # What was created earlier cannot be recent.
    early = outcomes.created < moment(sampling.recent - deadline)
    asked = Asked(
        ordinary=outcomes.done(tightest) & early,
        judged=outcomes.matured,
        good={name: outcomes.done(limit) for name, limit in limits.items()},
        also={
            FAILED: outcomes.failed,
            RECENT: outcomes.matured & outcomes.ended_since(sampling.recent),
        },
    )
    return over_searches(treated, [Search(treated.source, asked)], sampling, everyone=everyone)


def over_searches(
    treated: Treated, searches: Sequence[Search], sampling: Sampling, *, everyone: bool
) -> Select[Any]:
    """Count rates by what is asked about each run; one row.

    Args:
        treated: The runs.
        searches: They ask for the same names, and find all notable runs between them, none twice.
        sampling: How the runs of a merchant are taken.
        everyone: As in `over_runs`.
    """
    asked = searches[0].asked
    merchants = _merchants(treated, everyone=everyone)
    notable = notable_runs(treated, searches)
    per_merchant = (JUDGED, *asked.good, *(name for name in asked.also if name == RECENT))
    tallies = _tallies(treated, merchants, notable, per_merchant, asked, sampling)
    lowest = lowest_rates(asked.good, tallies, sampling.least)
    columns: list[ColumnElement[Any]] = [
        total(tallies.c[JUDGED]).label(JUDGED),
        total(tallies.c[f"capped_{JUDGED}"]).label("capped"),
        number_of(tallies.c[JUDGED] > 0).label("merchants"),
    ]
    if RECENT in per_merchant:
        columns.append(total(tallies.c[f"capped_{RECENT}"]).label(f"capped_{RECENT}"))
    for name in asked.good:
        columns += [
            total(tallies.c[name]).label(f"{name}_good"),
            total(tallies.c[f"capped_{name}"]).label(f"{name}_capped_good"),
            *worst_merchant(treated.flavour, name, tallies, lowest, sampling.least),
        ]
    rates = sa.select(*columns).select_from(tallies.join(lowest, sa.true())).subquery("rates")
    others = _others(notable, asked).subquery("others")
    joined = rates.join(others, sa.true())
    return sa.select(sa.literal_column("*")).select_from(joined)


def _merchants(treated: Treated, *, everyone: bool) -> CTE:
    """One row a merchant: how many of its runs were created at a known time in the window."""
    merchant, cohort, timed = treated.merchant, treated.cohort, sa.func.count().label("timed")
    if everyone:
        all_runs = sa.select(merchant.label("merchant"), timed).where(treated.outcomes.timed)
        of_all = all_runs.group_by(merchant).subquery("of_all")
        joined = of_all.join(cohort, cohort.c.merchant == of_all.c.merchant)
        chosen = sa.select(of_all.c.merchant, cohort.c.since, of_all.c.timed).select_from(joined)
        return chosen.cte("merchants")
    since = cohort.c.since
    chosen = sa.select(merchant.label("merchant"), since, timed).select_from(treated.source)
    chosen = chosen.where(treated.outcomes.timed, treated.outcomes.created >= since)
    return chosen.group_by(merchant, since).cte("merchants")


def _others(notable: CTE, asked: Asked) -> Select[Any]:
    """What is counted over all merchants together; one row."""
    columns: list[ColumnElement[Any]] = [
        *(total(notable.c[name]).label(name) for name in asked.also),
        *(
            number_of(notable.c.unjudged == reason).label(unjudged_column(reason))
            for reason in REASONS
        ),
    ]
    return sa.select(*columns).select_from(notable)


def _tallies(
    treated: Treated,
    merchants: CTE,
    notable: CTE,
    names: Iterable[str],
    asked: Asked,
    sampling: Sampling,
) -> CTE:
    """One row a merchant: for each name the number of all its runs, and of its first ones."""
    limit, timed_runs = sampling.limit, merchants.c.timed
    sums = sums_of(treated, merchants, notable, names, limit)
    source = merchants.outerjoin(sums, sums.c.merchant == merchants.c.merchant)
    size: Count = timed_runs
    firsts: list[FromClause] = [sums]
    if limit is not None:
        found = looked_up(treated, merchants, sums, notable, names, limit)
        source = source.outerjoin(found, found.c.merchant == merchants.c.merchant)
        few = sa.case((timed_runs > limit, limit), else_=timed_runs)
        size, firsts = sa.func.coalesce(found.c.size, few), [found, sums]
    columns: list[ColumnElement[Any]] = [merchants.c.merchant.label("merchant")]
    for name in names:
        plain = name not in asked.also
        first = [(one.c.first_n, one.c[f"first_{name}"]) for one in firsts]
        columns += [
            _corrected(timed_runs, [(sums.c.n, sums.c[name])], plain=plain).label(name),
            _corrected(size, first, plain=plain).label(f"capped_{name}"),
        ]
    chosen = sa.select(*columns).select_from(source)
    return chosen.cte("tallies").prefix_with("MATERIALIZED", dialect="postgresql")


def _corrected(size: Count, known: Sequence[tuple[Count, Count]], *, plain: bool) -> Count:
    """The number of runs of which something is true, from their number and the notable ones.

    Args:
        size: The number of runs.
        known: How many of them are notable, and of how many of those it is true; the first that is
            known counts.
        plain: Whether it is true of the others.
    """
    notable = sa.func.coalesce(*(number for number, _ in known), 0)
    true = sa.func.coalesce(*(number for _, number in known), 0)
    return size - notable + true if plain else true
