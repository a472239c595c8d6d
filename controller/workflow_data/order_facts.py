"""What a run left behind: conditions over its orders and their line items.

Between the tables and `order_search.py`. Joining runs to orders to line items multiplies rows, so
that they are grouped into one row a run first. A run with one order, whose line items are known to
be right, is told by that order alone.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Select, Subquery

from controller.domain.measures import Rate as RateName
from controller.domain.measures import Total
from controller.workflow_data.notable import Asked
from controller.workflow_data.outcomes import Condition, Outcomes
from controller.workflow_data.tables import Tables
from controller.workflow_data.treated import Treated

ORDER_RATES: Final = (
    RateName.PURCHASE_ORDER_CREATED,
    RateName.LINE_ITEMS_EXTRACTED,
    RateName.DATA_COMPLETE,
    RateName.SHOPIFY_SYNCED,
)
_CENTS: Final = 100


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of the orders of a run, as conditions; unknown where it has none.

    Attributes:
        ordered: It has an order.
        twice: It has two.
        itemised: Each has line items.
        complete: It has one, whose fields are filled in and whose line items add up.
        synced: Each is synced.
        corrupted: One is wrong in itself.
    """

    ordered: Condition
    twice: Condition
    itemised: Condition
    complete: Condition
    synced: Condition
    corrupted: Condition

    @classmethod
    def of(cls, facts: FromClause) -> Self:
        """Read off rows with a column for each, 0 or 1."""
        return cls(*(facts.c[field.name] == 1 for field in fields(cls)))

    def asked(self, outcomes: Outcomes) -> Asked:
        """The measures over orders: of the runs that did not fail, which `completed` judges.

        A stuck run counts as a failure of each, whatever it left behind. Orders that are wrong
        count whatever became of their run.
        """
        said = (self.ordered, self.itemised, self.complete, self.synced)
        wrong = self.wrong()
        none_wrong = (sa.not_(sa.func.coalesce(one, sa.false())) for one in wrong.values())
        done = outcomes.done()
        return Asked(
            ordinary=sa.and_(done, *said, *none_wrong),
            judged=outcomes.matured & sa.not_(sa.func.coalesce(outcomes.failed, sa.false())),
            good={name.value: done & good for name, good in zip(ORDER_RATES, said, strict=True)},
            also=wrong,
        )

    def wrong(self) -> dict[str, Condition]:
        """Two orders, and an order that is wrong in itself."""
        return {Total.DUPLICATE_ORDERS.value: self.twice, Total.CORRUPTED.value: self.corrupted}


def rows_of_treated(treated: Treated) -> Subquery:
    """The orders of each run that has any as one row: only what belongs to treated runs is read.

    Returns:
        A column `run`, and the names of `OrderFacts` as 0 or 1.
    """
    joined = treated.source.join(treated.tables.order, order_of(treated))
    chosen = _grouped(treated.tables, treated.id, joined)
    return chosen.where(*treated.conditions(treated.cohort)).subquery("facts")


def rows_of(tables: Tables, runs: FromClause) -> Subquery:
    """The same of the runs in a column `run`, whether they have orders or not."""
    same = tables.column("order.run") == runs.c.run
    return _grouped(tables, runs.c.run, runs.outerjoin(tables.order, same)).subquery("facts")


def of_the_only_order(tables: Tables) -> OrderFacts:
    """What the table of orders tells where a run has one order or none, and its items are right."""
    there = tables.column("order.id").is_not(None)
    return OrderFacts(
        ordered=there,
        twice=sa.false(),
        itemised=there,
        complete=there & _filled_in(tables),
        synced=there & _is_synced(tables),
        corrupted=there & sa.not_(_is_sound(tables)),
    )


def runs_with_two_orders(tables: Tables) -> Select[Any]:
    """The runs that have more than one order; a column `run`."""
    run = tables.column("order.run").label("run")
    return sa.select(run).where(run.is_not(None)).group_by(run).having(sa.func.count() > 1)


def runs_with_wrong_items(tables: Tables) -> Select[Any]:
    """The runs with an order whose line items are missing or do not add up; a column `run`."""
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    run = tables.column("order.run").label("run")
    if not tables.has("line_item.amount"):
        joined = tables.order.outerjoin(tables.line_item, item_order == order_id)
        return sa.select(run).select_from(joined).where(item_order.is_(None), run.is_not(None))
    amount = sa.func.sum(tables.column("line_item.amount")).label("amount")
    items = sa.select(item_order.label("order_id"), amount).group_by(item_order).subquery("items")
    adds_up = sa.func.coalesce(_adds_up(tables.column("order.total"), items.c.amount), sa.false())
    return (
        sa.select(run)
        .select_from(tables.order.outerjoin(items, items.c.order_id == order_id))
        .where(items.c.order_id.is_(None) | sa.not_(adds_up), run.is_not(None))
    )


def produced(treated: Treated, *, with_items: bool) -> Select[Any]:
    """The number of orders, or of their line items, of the matured runs; one row, `number`."""
    tables = treated.tables
    joined = treated.source.join(tables.order, order_of(treated))
    if with_items:
        same = tables.column("line_item.order") == tables.column("order.id")
        joined = joined.join(tables.line_item, same)
    chosen = sa.select(sa.func.count().label("number")).select_from(joined)
    return chosen.where(*treated.conditions(treated.cohort), treated.outcomes.matured)


def order_of(treated: Treated) -> Condition:
    """That an order belongs to a run."""
    return treated.tables.column("order.run") == treated.id


def _grouped(tables: Tables, run: ColumnElement[str], orders: FromClause) -> Select[Any]:
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    joined = orders.outerjoin(tables.line_item, item_order == order_id)
    return sa.select(run.label("run"), *_columns(tables)).select_from(joined).group_by(run)


def _columns(tables: Tables) -> list[ColumnElement[Any]]:
    order_id, total = tables.column("order.id"), tables.column("order.total")
    first, last = sa.func.min(order_id), sa.func.max(order_id)
    # With two orders there is no telling which one is right.
    complete = (_all(_filled_in(tables)) == 1) & (first == last)
    if tables.has("line_item.amount"):
        amount = sa.func.sum(tables.column("line_item.amount"))
        complete &= _adds_up(sa.func.max(total), amount)
    return [
        sa.case((first.is_not(None), 1), else_=0).label("ordered"),
        sa.case((first < last, 1), else_=0).label("twice"),
        _all(tables.column("line_item.order").is_not(None)).label("itemised"),
        sa.case((complete, 1), else_=0).label("complete"),
        _all(_is_synced(tables)).label("synced"),
        _any(order_id.is_not(None) & sa.not_(_is_sound(tables))).label("corrupted"),
    ]


def _filled_in(tables: Tables) -> Condition:
    filled = (_filled(tables.column(f"order.{name}")) for name in ("number", "supplier"))
    return sa.and_(*filled, tables.column("order.total").is_not(None))


def _is_synced(tables: Tables) -> Condition:
    said = tables.column("order.sync_status").in_(tables.settings.synced)
    return _filled(tables.column("order.shopify_order")) & said


def _is_sound(tables: Tables) -> Condition:
    total = sa.func.coalesce(tables.column("order.total"), 0)
    return (total >= 0) & _filled(tables.column("order.merchant"))


def _filled(column: ColumnElement[Any]) -> Condition:
    return sa.func.coalesce(column, "") != ""


def _all(condition: Condition) -> ColumnElement[int]:
    return sa.func.min(sa.case((condition, 1), else_=0))


def _any(condition: Condition) -> ColumnElement[int]:
    return sa.func.max(sa.case((condition, 1), else_=0))


def _adds_up(stated: ColumnElement[Any], amount: ColumnElement[Any]) -> Condition:
    """Within a cent, in whole cents: amounts may be stored as floats. Without amounts, it does."""
    apart = sa.func.round(stated * _CENTS) - sa.func.round(amount * _CENTS)
    return amount.is_(None) | (sa.func.abs(apart) <= 1)


def orphans(tables: Tables) -> Select[Any]:
    """The number of line items whose order does not exist."""
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    joined = tables.line_item.outerjoin(tables.order, order_id == item_order)
    return sa.select(sa.func.count().label("orphans")).select_from(joined).where(order_id.is_(None))
