"""The first runs of each merchant, which are evidence to pass: which of them are notable.

Beside the tally. The first runs are looked up only where they do not follow from when the last of
them was created.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, Select, Subquery

from controller.workflow_data.notable import MATURED, number_of, sum_of, summed
from controller.workflow_data.treated import Treated


def heads_of(
    treated: Treated, merchants: CTE, notable: CTE, sums: CTE, names: Iterable[str], limit: int
) -> Subquery:
    """The notable ones among the first runs of each merchant that has any, added up.

    Args:
        treated: The runs.
        merchants: One row a merchant: `merchant`, `since`, and how many runs it has, `timed`.
        notable: The notable runs.
        sums: What they add up to for each merchant.
        names: What is added up.
        limit: How many runs are the first ones.

    Returns:
        Columns `merchant`, `n` and the names; `size` is how many runs are the first ones, where
        those had to be looked up.
    """
    ends = _ends(treated, merchants, sums, limit)
    # Which runs are the first ones is only sure if all of them matured and none ties with the last.
    unsure = (notable.c[MATURED] == 0) | sa.func.coalesce(notable.c.created == ends.c.last, True)
    simple = (
        summed(notable, names)
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
    size = sa.cast(sa.null(), sa.BigInteger).label("size")
    columns = (simple.c.merchant, size, simple.c.n, *(simple.c[name] for name in names))
    decided = sa.select(*columns).where(simple.c.unsure == 0)
    looked_up = _looked_up(treated, undecided, notable, names, limit)
    return sa.union_all(decided, looked_up).subquery("heads")


def _looked_up(
    treated: Treated, undecided: CTE, notable: CTE, names: Iterable[str], limit: int
) -> Select[Any]:
    # Looked up once, whatever the planner believes of the number of notable runs.
    found = sa.select(treated.first(undecided, limit)).cte("first_runs")
    first = found.prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        sa.select(
            undecided.c.merchant,
            sa.func.count(first.c.run).label("size"),
            sa.func.count(notable.c.run).label("n"),
            *(sum_of(notable.c[name]).label(name) for name in names),
        )
        .select_from(
            undecided.outerjoin(first, first.c.merchant == undecided.c.merchant).outerjoin(
                notable, notable.c.run == first.c.run
            )
        )
        .group_by(undecided.c.merchant)
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
