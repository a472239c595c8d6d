"""The built-in measures: what the gate can ask about a run, over the app's own tables.

Gate files name them, `controller.workflow_data` counts them, `controller.gate` judges the counts.
An environment may define more rates of its own.
"""

from enum import StrEnum
from typing import Final


class Rate(StrEnum):
    """A question that each run answers with yes or no."""

    COMPLETED = "completed"  # its status says so, by the deadline
    ON_TIME = "on_time"  # completed within the criterion's `within`
    PURCHASE_ORDER_CREATED = "purchase_order_created"  # of completed runs: an order belongs to it
    LINE_ITEMS_EXTRACTED = "line_items_extracted"  # that order has at least one line item
    DATA_COMPLETE = "data_complete"  # number, supplier and total are there, and add up
    SHOPIFY_SYNCED = "shopify_synced"  # the order has reached the shop
    FASTER_THAN_BASELINE = "faster_than_baseline"  # at most `ratio` times the baseline's median


class Total(StrEnum):
    """Something that is counted and should not happen."""

    STUCK = "stuck"  # not finished by the deadline
    FAILED = "failed"
    DUPLICATE_ORDERS = "duplicate_orders"  # two orders from one run
    CORRUPTED = "corrupted"  # negative totals, orders without merchant, items without order


WORST_MERCHANT: Final = "worst_merchant"
"""The name of the rule on the single worst merchant, where a waiver or a report speaks of it."""

DURATION: Final = "duration"
"""The name of a deterministic gate's rule on how long a run may take."""
