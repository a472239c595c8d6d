"""Rates: how many runs of the treated merchants were good, all of them and the first of each.

Between the conditions and the counts. Most runs are ordinary: good by every rate. Of those nothing
has to be known but their number, so runs are counted once for each merchant, and only the others,
the notable ones, are looked at one by one:

    merchants   how many runs each has
    notable     one row a run that is not ordinary, with everything that is asked about it
    heads       the notable ones among the first runs of a merchant, which are evidence to pass
    tallies     one row a merchant: its runs, plus or minus what its notable ones change

The first runs of a merchant are looked up only where they do not follow from this already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select, Subquery

from controller.workflow_data.flavour import moment
from controller.workflow_data.outcomes import REASONS, Condition
from controller.workflow_data.treated import Treated, rarely
from controller.workflow_data.worst import lowest_rates, worst_merchant

Limits: TypeAlias = Mapping[str, timedelta | None]
"""Rates over runs alone, by name: completed within this time; None is by the deadline."""

Count: TypeAlias = ColumnElement[int]
MATURED: Final = "matured"
JUDGED: Final = "judged"
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about each run.

    Attributes:
        ordinary: Only such runs need no closer look: matured, judged, good by every rate, and none
            of `also`. Not every one of them has to be recognised.
        judged: The runs that are asked.
        good: By rate, those of them that are good.
        also: By name, further runs to count, matured or not.
    """

    ordinary: Condition
    judged: Condition
    good: Mapping[str, Condition]
    also: Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Search:
    """Where notable runs are looked for.

    Attributes:
        source: The table of runs joined with the cohort, and with what other tables know of a run;
            each run at most once.
        asked: Conditions over that.
        among: Which of the runs are looked at; by default those that are not ordinary.
    """

    source: FromClause
    asked: Asked
    among: Condition | None = None


def number_of(condition: Condition) -> Count:
    """How many rows meet a condition."""
    return sa.func.count(sa.case((condition, 1)))


def total(column: ColumnElement[Any]) -> Count:
    """A sum that is 0 without rows, as a whole number."""
    return sa.cast(_sum(column), sa.BigInteger)


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
    notable = _notable(treated, searches)
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
        sums = all_runs.group_by(merchant).subquery("sums")
        joined = sums.join(cohort, cohort.c.merchant == sums.c.merchant)
        chosen = sa.select(sums.c.merchant, cohort.c.since, sums.c.timed).select_from(joined)
        return chosen.cte("merchants")
    since = cohort.c.since
    chosen = sa.select(merchant.label("merchant"), since, timed).select_from(treated.source)
    chosen = chosen.where(treated.outcomes.timed, treated.outcomes.created >= since)
    return chosen.group_by(merchant, since).cte("merchants")


def _notable(treated: Treated, searches: Sequence[Search]) -> CTE:
    """One row for each run that is not ordinary, or may not be; 1 for what is true of it."""
    found = [_found(treated, search) for search in searches]
    every = found[0] if len(found) == 1 else sa.union_all(*found)
    return every.cte("notable").prefix_with("MATERIALIZED", dialect="postgresql")


def _found(treated: Treated, search: Search) -> Select[Any]:
    outcomes, asked = treated.outcomes, search.asked
    conditions = {MATURED: outcomes.matured, JUDGED: asked.judged, **asked.good, **asked.also}
    unjudged = sa.case((outcomes.matured, None), else_=outcomes.why_unjudged)
    among = search.among
    if among is None:
        among = rarely(sa.not_(sa.func.coalesce(asked.ordinary, sa.false())))
    return (
        sa.select(
            treated.id.label("run"),
            treated.merchant.label("merchant"),
            outcomes.created.label("created"),
            unjudged.label("unjudged"),
            *(_one_if(condition).label(name) for name, condition in conditions.items()),
        )
        .select_from(search.source)
        .where(*treated.conditions(treated.cohort), among)
    )


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
    timed = notable.c.created.is_not(None)
    sums = _summed(notable, names).where(timed).group_by(notable.c.merchant).cte("sums_of_all")
    source = merchants.outerjoin(sums, sums.c.merchant == merchants.c.merchant)
    timed_runs: Count = merchants.c.timed
    heads: FromClause = sums
    size = timed_runs
    if sampling.limit is not None:
        heads = _heads(treated, merchants, notable, sums, names, sampling.limit)
        source = source.outerjoin(heads, heads.c.merchant == merchants.c.merchant)
        few = sa.case((timed_runs > sampling.limit, sampling.limit), else_=timed_runs)
        size = sa.func.coalesce(heads.c.size, few)
    columns: list[ColumnElement[Any]] = [merchants.c.merchant.label("merchant")]
    for name in names:
        true_of_ordinary = name not in asked.also
        columns += [
            _corrected(timed_runs, sums, name, true_of_ordinary).label(name),
            _corrected(size, heads, name, true_of_ordinary).label(f"capped_{name}"),
        ]
    chosen = sa.select(*columns).select_from(source)
    return chosen.cte("tallies").prefix_with("MATERIALIZED", dialect="postgresql")


def _corrected(size: Count, sums: FromClause, name: str, true_of_ordinary: bool) -> Count:  # noqa: FBT001
    """The number of runs of which something is true, from their number and the notable ones."""
    known = sa.func.coalesce(sums.c[name], 0)
    return size - sa.func.coalesce(sums.c.n, 0) + known if true_of_ordinary else known


def _heads(
    treated: Treated, merchants: CTE, notable: CTE, sums: CTE, names: Iterable[str], limit: int
) -> Subquery:
    """The notable ones among the first runs of each merchant that has any, added up.

    `size` is how many runs are the first ones, where those had to be looked up.
    """
    ends = _ends(treated, merchants, sums, limit)
    # Which runs are the first ones is only sure if all of them matured and none ties with the last.
    unsure = (notable.c[MATURED] == 0) | sa.func.coalesce(notable.c.created == ends.c.last, True)
    simple = (
        _summed(notable, names)
        .add_columns(number_of(ends.c.merchant.is_not(None) & unsure).label("unsure"))
        .select_from(notable.outerjoin(ends, ends.c.merchant == notable.c.merchant))
        .where(
            notable.c.created.is_not(None),
            ends.c.last.is_(None) | (notable.c.created <= ends.c.last),
        )
        .group_by(notable.c.merchant)
        .cte("simple_heads")
    )
    undecided = (
        sa.select(merchants.c.merchant, merchants.c.since)
        .join(simple, simple.c.merchant == merchants.c.merchant)
        .where(simple.c.unsure > 0)
        .cte("undecided")
    )
    # Looked up once, whatever the planner believes of the number of notable runs.
    found = sa.select(treated.first(undecided, limit)).cte("first_runs")
    first = found.prefix_with("MATERIALIZED", dialect="postgresql")
    looked_up = (
        sa.select(
            undecided.c.merchant,
            sa.func.count(first.c.run).label("size"),
            sa.func.count(notable.c.run).label("n"),
            *(_sum(notable.c[name]).label(name) for name in names),
        )
        .select_from(
            undecided.outerjoin(first, first.c.merchant == undecided.c.merchant).outerjoin(
                notable, notable.c.run == first.c.run
            )
        )
        .group_by(undecided.c.merchant)
    )
    size = sa.cast(sa.null(), sa.BigInteger).label("size")
    columns = (simple.c.merchant, size, simple.c.n, *(simple.c[name] for name in names))
    return sa.union_all(sa.select(*columns).where(simple.c.unsure == 0), looked_up).subquery(
        "heads"
    )


def _ends(treated: Treated, merchants: CTE, sums: CTE, limit: int) -> Subquery:
    """When the last of the first runs was created, of merchants with more runs than those.

    Columns `merchant` and `last`; that is unknown where only reading all runs would tell.
    """
    has_notable = sa.exists().where(sums.c.merchant == merchants.c.merchant)
    many = (
        sa.select(merchants.c.merchant, merchants.c.since)
        .where(merchants.c.timed > limit, has_notable)
        .subquery("many")
    )
    if not treated.by_index:
        unknown = sa.cast(sa.null(), sa.DateTime).label("last")
        return sa.select(many.c.merchant, unknown).subquery("ends")
    created = treated.outcomes.created
    last = (
        sa.select(created.label("created"))
        .where(treated.merchant == many.c.merchant)
        .where(treated.outcomes.timed, created >= many.c.since)
        .order_by(created)
        .offset(limit - 1)
        .limit(1)
        .correlate(many)
        .lateral("last_of_first")
    )
    joined = many.join(last, sa.true())
    return (
        sa.select(many.c.merchant, last.c.created.label("last"))
        .select_from(joined)
        .subquery("ends")
    )


def _summed(notable: CTE, names: Iterable[str]) -> Select[Any]:
    return sa.select(
        notable.c.merchant,
        sa.func.count().label("n"),
        *(_sum(notable.c[name]).label(name) for name in names),
    )


def _sum(column: ColumnElement[Any]) -> Count:
    return sa.func.coalesce(sa.func.sum(column), 0)


def _one_if(condition: Condition) -> Count:
    return sa.case((condition, 1), else_=0)
