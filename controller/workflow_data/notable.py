"""The runs that are not ordinary, one by one, with everything that is asked about each.

Between the conditions and the tally, which looks at no other run closely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select

from controller.workflow_data.outcomes import Condition
from controller.workflow_data.treated import Treated, rarely

Count: TypeAlias = ColumnElement[int]
MATURED: Final = "matured"
JUDGED: Final = "judged"


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


def notable_runs(treated: Treated, searches: Sequence[Search]) -> CTE:
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


def sum_of(column: ColumnElement[Any]) -> Count:
    """A sum that is 0 without rows."""
    return sa.func.coalesce(sa.func.sum(column), 0)


def number_of(condition: Condition) -> Count:
    """How many rows meet a condition."""
    return sa.func.count(sa.case((condition, 1)))


def total(column: ColumnElement[Any]) -> Count:
    """A sum that is 0 without rows, as a whole number."""
    return sa.cast(sum_of(column), sa.BigInteger)


def _one_if(condition: Condition) -> Count:
    """As a small number: of millions of runs some hundred thousand are kept in memory."""
    small = sa.cast(sa.case((condition, 1), else_=0), sa.SmallInteger)
    return sa.type_coerce(small, sa.BigInteger)  # its sums are not small
