"""The runs of the merchants that have the feature, and the first few of each.

Between the cohort and the counts. The first runs are what a gate may pass on; PostgreSQL finds them
through an index on the merchant, a handful of rows each; other engines number them in a window.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Join, Select, Subquery

from controller.workflow_data.flavour import Flavour, moment
from controller.workflow_data.outcomes import Clock, Condition, Outcomes
from controller.workflow_data.tables import Tables


def usually(condition: Condition) -> Condition:
    """A condition as a comparison that a planner takes for nearly always true."""
    return sa.case((condition, 1), else_=0) != 0


def rarely(condition: Condition) -> Condition:
    """A condition as a comparison that a planner takes for nearly always false."""
    return sa.case((condition, 1), else_=0) == 1


@dataclass(frozen=True, slots=True)
class Treated:
    """Runs in a window, of the merchants of a cohort.

    Attributes:
        cohort: Columns `merchant` and `since`; each merchant once.
        by_index: Whether an index leads from a merchant to its runs (PostgreSQL).
    """

    flavour: Flavour
    tables: Tables
    clock: Clock
    cohort: FromClause
    by_index: bool = False

    @property
    def merchant(self) -> ColumnElement[str]:
        """Whose run it is."""
        return self.tables.column("run.merchant")

    @property
    def id(self) -> ColumnElement[str]:
        """The run's key."""
        return self.tables.column("run.id")

    @property
    def outcomes(self) -> Outcomes:
        """What became of them."""
        return Outcomes.of(self.tables, self.clock)

    @property
    def source(self) -> Join:
        """The runs joined with the cohort; `conditions` belong to it."""
        return self.tables.run.join(self.cohort, self.merchant == self.cohort.c.merchant)

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Columns of these runs and of the cohort, one row a run."""
        return sa.select(*columns).select_from(self.source).where(*self.conditions(self.cohort))

    def conditions(self, cohort: FromClause) -> tuple[Condition, ...]:
        """In the window, and since the merchant got the feature."""
        created = self.outcomes.created
        return self.outcomes.in_window, (created >= cohort.c.since) | created.is_(None)

    def of_everyone(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Columns of the runs of all merchants in the window."""
        return sa.select(*columns).select_from(self.tables.run).where(self.outcomes.in_window)

    def first(self, of: FromClause, limit: int) -> Subquery:
        """The first matured runs of each merchant, by creation and then by key.

        Args:
            of: Columns `merchant` and `since`: the cohort or a part of it.
            limit: How many of each.

        Returns:
            Columns `run`, `merchant`, `created`, `completed` and `status`.
        """
        outcomes = self.outcomes
        columns: list[ColumnElement[Any]] = [
            self.id.label("run"),
            self.merchant.label("merchant"),
            outcomes.created.label("created"),
            outcomes.completed.label("completed"),
            outcomes.status.label("status"),
        ]
        order = (outcomes.created, self.id)
        # The planner would otherwise fear to read many runs for the first few, and sort all runs of
        # each merchant instead.
        matured = usually(outcomes.matured)
        # A matured run was created at a known time; said without exception, an index can be used.
        begun = outcomes.created >= moment(self.clock.starts), outcomes.created >= of.c.since
        found = sa.select(*columns).where(*begun, self.outcomes.in_window, matured)
        if self.by_index:
            a_few = found.where(self.merchant == of.c.merchant).order_by(*order).limit(limit)
            few = a_few.correlate(of).lateral("a_few")
            return sa.select(*few.c).select_from(of.join(few, sa.true())).subquery("first")
        number = sa.func.row_number().over(partition_by=self.merchant, order_by=order)
        numbered = (
            found.add_columns(number.label("number"))
            .select_from(self.tables.run.join(of, self.merchant == of.c.merchant))
            .subquery("numbered")
        )
        kept = [column for column in numbered.c if column.name != "number"]
        return sa.select(*kept).where(numbered.c.number <= limit).subquery("first")
