"""What a run left behind: one row a run, made of its orders and their line items.

Between the tables and the rates. Joining runs to orders to line items multiplies rows, so that line
items are grouped by run before anything is counted.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause, Select, Subquery

from controller.domain.measures import Rate as RateName
from controller.domain.measures import Total
from controller.workflow_data.outcomes import Condition
from controller.workflow_data.tables import Tables
from controller.workflow_data.tally import Asked
from controller.workflow_data.treated import Treated, rarely

ORDER_RATES: Final = (
    RateName.PURCHASE_ORDER_CREATED,
    RateName.LINE_ITEMS_EXTRACTED,
    RateName.DATA_COMPLETE,
    RateName.SHOPIFY_SYNCED,
)
_CENTS: Final = 100


def order_facts(treated: Treated, *, whole_tables: bool) -> Subquery:
    """The orders of each run as one row.

    Args:
        treated: The runs.
        whole_tables: Look through all orders and line items there are for what is not as it should
            be, and at the runs that belong to that: quicker where the treated runs are most of all
            runs. Otherwise what belongs to treated runs is read, and only that.

    Returns:
        Columns `run`, and 0 or 1: `ordered` (it has an order), `twice` (it has two), `itemised`,
        `complete`, `synced`, `corrupted`. With `whole_tables` every run that is not ordinary is
        there, and some of which no order may be known; otherwise every run that has an order.
    """
    return (_of_suspects(treated) if whole_tables else _of_treated(treated)).subquery("facts")


def order_questions(treated: Treated, facts: Subquery) -> Asked:
    """The measures over orders: of the runs that did not fail, which `completed` judges.

    A stuck run counts as a failure of each, whatever it left behind. Orders that are wrong count
    whatever became of their run.
    """
    outcomes = treated.outcomes
    said = (
        facts.c.ordered == 1,
        facts.c.itemised == 1,
        facts.c.complete == 1,
        facts.c.synced == 1,
    )
    none_wrong = (
        sa.func.coalesce(column == 0, sa.true()) for column in (facts.c.twice, facts.c.corrupted)
    )
    return Asked(
        ordinary=sa.and_(outcomes.done(), *said, *none_wrong),
        judged=outcomes.matured & sa.not_(sa.func.coalesce(outcomes.failed, sa.false())),
        good={
            name.value: outcomes.done() & good for name, good in zip(ORDER_RATES, said, strict=True)
        },
        also=wrong(facts),
    )


def wrong(facts: Subquery) -> dict[str, Condition]:
    """The runs with two orders, and those with an order that is wrong in itself."""
    return {
        Total.DUPLICATE_ORDERS.value: facts.c.twice == 1,
        Total.CORRUPTED.value: facts.c.corrupted == 1,
    }


def produced(treated: Treated, *, with_items: bool) -> Select[Any]:
    """The number of orders, or of their line items, of the matured runs; one row, `number`."""
    tables = treated.tables
    joined = treated.source.join(tables.order, _order_of(treated))
    if with_items:
        same = tables.column("line_item.order") == tables.column("order.id")
        joined = joined.join(tables.line_item, same)
    chosen = sa.select(sa.func.count().label("number")).select_from(joined)
    return chosen.where(*treated.conditions(treated.cohort), treated.outcomes.matured)


def _of_treated(treated: Treated) -> Select[Any]:
    """The runs that have orders: only what belongs to treated runs is read."""
    joined = treated.source.join(treated.tables.order, _order_of(treated))
    chosen = _grouped(treated.tables, treated.id, joined)
    return chosen.where(*treated.conditions(treated.cohort))


def _of_suspects(treated: Treated) -> Select[Any]:
    """The runs that may not be ordinary, whether they have orders or not."""
    tables = treated.tables
    found = _suspects(treated)
    # It would otherwise take suspects for so many that it had better read all orders again.
    suspects = sa.select(found.c.run).where(rarely(found.c.run.is_not(None))).subquery("few")
    same = tables.column("order.run") == suspects.c.run
    return _grouped(tables, suspects.c.run, suspects.outerjoin(tables.order, same))


def _order_of(treated: Treated) -> Condition:
    return treated.tables.column("order.run") == treated.id


def _grouped(tables: Tables, run: ColumnElement[str], orders: FromClause) -> Select[Any]:
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    joined = orders.outerjoin(tables.line_item, item_order == order_id)
    return sa.select(run.label("run"), *_columns(tables)).select_from(joined).group_by(run)


def _suspects(treated: Treated) -> CTE:
    """The runs that may not be ordinary, found without joining everything to everything.

    Those that are not done, or whose order is missing or wrong in itself; those with an order whose
    line items are missing or do not add up; those with two orders.
    """
    tables = treated.tables
    run = tables.column("order.run")
    with_orders = tables.run.outerjoin(tables.order, _order_of(treated))
    fine = treated.outcomes.done() & tables.column("order.id").is_not(None) & _filled_in(tables)
    amiss = sa.not_(sa.func.coalesce(fine & _is_synced(tables) & _is_sound(tables), sa.false()))
    found = sa.select(treated.id.label("run")).select_from(with_orders)
    twice = sa.select(run).where(run.is_not(None)).group_by(run).having(sa.func.count() > 1)
    suspects = sa.union(
        found.where(treated.outcomes.in_window, rarely(amiss)), _with_wrong_items(tables), twice
    )
    return suspects.cte("suspects").prefix_with("MATERIALIZED", dialect="postgresql")


def _with_wrong_items(tables: Tables) -> Select[Any]:
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    run = tables.column("order.run")
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
