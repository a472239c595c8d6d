"""The notable runs of each merchant added up: all, and the first ones, which are evidence to pass.

Beside the tally. The first runs are looked up only where they do not follow from when the last of
them was created.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, Subquery

from controller.workflow_data.notable import MATURED, number_of, sum_of
from controller.workflow_data.treated import Treated


def sums_of(
    treated: Treated, merchants: CTE, notable: CTE, names: Iterable[str], limit: int | None
) -> CTE:
    """The notable runs of each merchant that has any, added up: all, and those among its first.

    Args:
        treated: The runs.
        merchants: One row a merchant: `merchant`, `since`, and how many runs it has, `timed`.
        notable: The notable runs.
        names: What is added up.
        limit: How many runs are the first ones; None if all are.

    Returns:
        Columns `merchant`, `n` and the names, each of all runs and, as `first_...`, of the first
        ones; `unsure` is above 0 where those have to be looked up.
    """
    ends = _ends(treated, merchants, notable, limit)
    created, last = notable.c.created, ends.c.last
    first = last.is_(None) | (created <= last)
    # Which runs are the first ones is only sure if all of them matured and none ties with the last.
    unsure = (notable.c[MATURED] == 0) | sa.func.coalesce(created == last, True)
    return (
        sa.select(
            notable.c.merchant,
            sa.func.count().label("n"),
            number_of(first).label("first_n"),
            number_of(ends.c.merchant.is_not(None) & first & unsure).label("unsure"),
            *(sum_of(notable.c[name]).label(name) for name in names),
            *(sum_of(sa.case((first, notable.c[name]))).label(f"first_{name}") for name in names),
        )
        .select_from(notable.outerjoin(ends, ends.c.merchant == notable.c.merchant))
        .where(created.is_not(None))
        .group_by(notable.c.merchant)
        .cte("sums")
    )


def looked_up(
    treated: Treated, merchants: CTE, sums: CTE, notable: CTE, names: Iterable[str], limit: int
) -> Subquery:
    """The first runs of the merchants of which `sums_of` is unsure, looked up.

    Returns:
        Columns `merchant`, `first_n` and the names as `first_...`, and how many runs are the first
        ones, `size`.
    """
    undecided = (
        sa.select(merchants.c.merchant, merchants.c.since)
        .join(sums, sums.c.merchant == merchants.c.merchant)
        .where(sums.c.unsure > 0)
        .cte("undecided")
    )
    # Looked up once, whatever the planner believes of the number of notable runs.
    found = sa.select(treated.first(undecided, limit)).cte("first_runs")
    first = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        sa.select(
            undecided.c.merchant,
            sa.func.count(first.c.run).label("size"),
            sa.func.count(notable.c.run).label("first_n"),
            *(sum_of(notable.c[name]).label(f"first_{name}") for name in names),
        )
        .select_from(
            undecided.outerjoin(first, first.c.merchant == undecided.c.merchant).outerjoin(
                notable, notable.c.run == first.c.run
            )
        )
        .group_by(undecided.c.merchant)
        .subquery("looked_up")
    )


def _ends(treated: Treated, merchants: CTE, notable: CTE, limit: int | None) -> Subquery:
    """When the last of the first runs was created, of merchants with more runs than those.

    Columns `merchant` and `last`; that is unknown where only reading all runs would tell.
    """
    more = sa.false() if limit is None else merchants.c.timed > limit
    unknown = sa.cast(sa.null(), sa.DateTime).label("last")
    if limit is None or not treated.by_index:
        return sa.select(merchants.c.merchant, unknown).where(more).subquery("ends")
    has_notable = sa.exists().where(notable.c.merchant == merchants.c.merchant)
    many = (
        sa.select(merchants.c.merchant, merchants.c.since).where(more, has_notable).subquery("many")
    )
    created = treated.outcomes.created
    end = (
        sa.select(created.label("created"))
        .where(treated.merchant == many.c.merchant)
        .where(treated.outcomes.timed, created >= many.c.since)
        .order_by(created)
        .offset(limit - 1)
        .limit(1)
        .correlate(many)
        .lateral("last_of_first")
    )
    joined = many.join(end, sa.true())
    return (
        sa.select(many.c.merchant, end.c.created.label("last")).select_from(joined).subquery("ends")
    )
