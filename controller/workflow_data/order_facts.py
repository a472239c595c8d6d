"""What a run left behind: one row a run, made of its orders and their line items.

Between the tables and the rates. Joining runs to orders to line items multiplies rows, so that line
items are added up before they are joined, or everything is grouped by run before it is counted.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from controller.domain.measures import Rate as RateName
from controller.domain.measures import Total
from controller.workflow_data.outcomes import Condition
from controller.workflow_data.tables import Tables
from controller.workflow_data.tally import Asked
from controller.workflow_data.treated import Treated

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
        whole_tables: Add up all line items and orders there are, and join then: quicker where the
            treated runs are most of all runs. Otherwise only what belongs to treated runs is read.

    Returns:
        Columns `run`, and 0 or 1: `twice` (it has two orders), `itemised`, `complete`, `synced`,
        `corrupted`.
    """
    return (_of_all(treated.tables) if whole_tables else _of_treated(treated)).subquery("facts")


def order_questions(treated: Treated, facts: Subquery) -> Asked:
    """The measures over orders: of the runs that did not fail, which `completed` judges.

    A stuck run counts as a failure of each, whatever it left behind. Orders that are wrong count
    whatever became of their run.
    """
    outcomes = treated.outcomes
    said = (
        facts.c.run.is_not(None),
        facts.c.itemised == 1,
        facts.c.complete == 1,
        facts.c.synced == 1,
    )
    return Asked(
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


def _of_all(tables: Tables) -> Select[Any]:
    item_order = tables.column("line_item.order")
    sums = [item_order.label("order_id")]
    if tables.has("line_item.amount"):
        sums.append(sa.func.sum(tables.column("line_item.amount")).label("amount"))
    items = sa.select(*sums).group_by(item_order).subquery("items")
    order_id, run = tables.column("order.id"), tables.column("order.run")
    single = sa.func.count() == 1
    amount = sa.func.max(items.c.amount) if tables.has("line_item.amount") else None
    columns = _columns(tables, single, items.c.order_id.is_not(None), amount)
    joined = tables.order.outerjoin(items, items.c.order_id == order_id)
    return (
        sa.select(run.label("run"), *columns)
        .select_from(joined)
        .where(run.is_not(None))
        .group_by(run)
    )


def _of_treated(treated: Treated) -> Select[Any]:
    tables = treated.tables
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    single = sa.func.min(order_id) == sa.func.max(order_id)
    has_amount = tables.has("line_item.amount")
    amount = sa.func.sum(tables.column("line_item.amount")) if has_amount else None
    columns = _columns(tables, single, item_order.is_not(None), amount)
    joined = treated.source.join(tables.order, tables.column("order.run") == treated.id).outerjoin(
        tables.line_item, item_order == order_id
    )
    return (
        sa.select(treated.id.label("run"), *columns)
        .select_from(joined)
        .where(*treated.conditions(treated.cohort))
        .group_by(treated.id)
    )


def _columns(
    tables: Tables, single: Condition, has_items: Condition, amount: ColumnElement[Any] | None
) -> list[ColumnElement[Any]]:
    there = _all(
        _filled(tables.column("order.number")),
        _filled(tables.column("order.supplier")),
        tables.column("order.total").is_not(None),
    )
    # With two orders there is no telling which one is right.
    complete = (there == 1) & single
    if amount is not None:
        complete &= _adds_up(sa.func.max(tables.column("order.total")), amount)
    synced = tables.column("order.sync_status").in_(tables.settings.synced)
    broken = sa.or_(
        tables.column("order.total") < 0, sa.not_(_filled(tables.column("order.merchant")))
    )
    return [
        sa.case((single, 0), else_=1).label("twice"),
        _all(has_items).label("itemised"),
        sa.case((complete, 1), else_=0).label("complete"),
        _all(_filled(tables.column("order.shopify_order")), synced).label("synced"),
        sa.func.max(sa.case((broken, 1), else_=0)).label("corrupted"),
    ]


def _filled(column: ColumnElement[Any]) -> Condition:
    return sa.func.coalesce(column, "") != ""


def _all(*conditions: Condition) -> ColumnElement[int]:
    return sa.func.min(sa.case((sa.and_(*conditions), 1), else_=0))


def _adds_up(stated: ColumnElement[Any], amount: ColumnElement[Any]) -> Condition:
    """Within a cent, in whole cents: amounts may be stored as floats. Without amounts, it does."""
    apart = sa.func.round(stated * _CENTS) - sa.func.round(amount * _CENTS)
    return amount.is_(None) | (sa.func.abs(apart) <= 1)


def orphans(tables: Tables) -> Select[Any]:
    """The number of line items whose order does not exist."""
    order_id, item_order = tables.column("order.id"), tables.column("line_item.order")
    joined = tables.line_item.outerjoin(tables.order, order_id == item_order)
    return sa.select(sa.func.count().label("orphans")).select_from(joined).where(order_id.is_(None))
