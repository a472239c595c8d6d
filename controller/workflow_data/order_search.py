"""Where runs whose orders are not as they should be are looked for.

Between what is known of orders and the tally. Which way is the quick one depends on how many of all
runs are asked about.
"""

import sqlalchemy as sa
from sqlalchemy.sql.expression import CTE, FromClause

from controller.workflow_data.notable import Search
from controller.workflow_data.order_facts import (
    OrderFacts,
    of_the_only_order,
    order_of,
    rows_of,
    rows_of_treated,
    runs_with_two_orders,
    runs_with_wrong_items,
)
from controller.workflow_data.treated import Treated, rarely


def among_treated(treated: Treated) -> tuple[Search, ...]:
    """Group the orders and line items of all treated runs, and of no others."""
    rows = rows_of_treated(treated)
    source = treated.source.join(rows, rows.c.run == treated.id, isouter=True)
    return (Search(source, OrderFacts.of(rows).asked(treated.outcomes)),)


def among_whole_tables(treated: Treated) -> tuple[Search, ...]:
    """Look through all orders and line items there are, without grouping them by run.

    Nearly every run has one order, whose line items are right: that one tells everything. The few
    others, found beforehand, are looked at closely. Quicker where most runs are treated.
    """
    tables, outcomes = treated.tables, treated.outcomes
    odd = _odd(treated)
    listed = sa.exists().where(odd.c.run == treated.id)
    asked = of_the_only_order(tables).asked(outcomes)
    notable = rarely(sa.not_(sa.func.coalesce(asked.ordinary, sa.false())))
    joined = treated.source.join(tables.order, order_of(treated), isouter=True)
    rows = rows_of(tables, _few(odd))
    closely = treated.source.join(rows, rows.c.run == treated.id)
    return (
        Search(joined, asked, among=notable & sa.not_(listed)),
        Search(closely, OrderFacts.of(rows).asked(outcomes), among=sa.true()),
    )


def _odd(treated: Treated) -> CTE:
    """The runs with two orders, or with line items that are missing or wrong."""
    tables = treated.tables
    odd = sa.union(runs_with_wrong_items(tables), runs_with_two_orders(tables)).cte("odd")
    return odd.prefix_with("MATERIALIZED", dialect="postgresql")


def _few(odd: CTE) -> FromClause:
    """The same, of which a planner does not fear so many that it had better read all orders."""
    return sa.select(odd.c.run).where(rarely(odd.c.run.is_not(None))).subquery("few")
