"""What runs leave behind: purchase orders and line items that add up, or do not on purpose.

Before the way of a change. A run that got past `database_save` has an order, whether or not it then
failed; its line items add up to its total unless the run is corrupt.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.runs import STAGES, Fate, Runs

SUPPLIERS: Final = 240
_SUPPLIERS_OF_A_MERCHANT: Final = 4
_SAVED: Final = STAGES.index("database_save")
_FURTHER_ITEMS: Final = 0.42  # one item, and each further one with a chance of 1 - this
_MOST_ITEMS: Final = 24
_MOST_OF_ONE: Final = 60
_CENTS: Final = (150, 9_500)


class Corruption(IntEnum):
    """What is wrong with the order of a corrupt run; they take turns."""

    WRONG_TOTAL = 0
    NEGATIVE_TOTAL = 1
    DUPLICATE_ORDER = 2
    NO_ITEMS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Purchase orders in columns, and their line items in columns.

    Attributes:
        run: Which run each order came from, an index. Shape `(orders,)`.
        supplier: An index below `SUPPLIERS`.
        cents: The total that the order states.
        item_order: Which order each line item is of, an index. Shape `(items,)`.
        product: Any number; the same number is the same product.
        quantity: At least 1.
        unit_cents: The price of one.
    """

    run: NDArray[np.intp]
    supplier: NDArray[np.int64]
    cents: NDArray[np.int64]
    item_order: NDArray[np.intp]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    unit_cents: NDArray[np.int64]


def supplier_of(merchant: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.int64]:
    """A supplier for each run: every merchant buys from the same few."""
    which = rng.integers(0, _SUPPLIERS_OF_A_MERCHANT, size=len(merchant))
    return (merchant * 7 + which * 53) % SUPPLIERS


def draw_orders(runs: Runs, supplier: NDArray[np.int64], rng: np.random.Generator) -> Orders:
    """Fill the orders of runs.

    Args:
        runs: The runs.
        supplier: The supplier of each run.
        rng: Where chance comes from.
    """
    run = np.flatnonzero((runs.fate == Fate.COMPLETED) | (runs.stage > _SAVED))
    wrong = np.full(len(run), -1, dtype=np.int64)
    corrupt = runs.corrupt[run]
    wrong[corrupt] = np.arange(np.count_nonzero(corrupt)) % len(Corruption)
    twice = np.where(wrong == Corruption.DUPLICATE_ORDER, 2, 1)
    run, wrong = np.repeat(run, twice), np.repeat(wrong, twice)
    items = np.minimum(rng.geometric(_FURTHER_ITEMS, size=len(run)), _MOST_ITEMS)
    items[wrong == Corruption.NO_ITEMS] = 0
    item_order = np.repeat(np.arange(len(run)), items)
    quantity = rng.integers(1, _MOST_OF_ONE, size=len(item_order))
    unit_cents = rng.integers(*_CENTS, size=len(item_order))
    cents = np.bincount(item_order, quantity * unit_cents, minlength=len(run)).astype(np.int64)
    cents[wrong == Corruption.WRONG_TOTAL] += 1_000
    cents[wrong == Corruption.NEGATIVE_TOTAL] *= -1
    cents[wrong == Corruption.NO_ITEMS] = _CENTS[1]
    return Orders(
        run=run,
        supplier=supplier[run],
        cents=cents,
        item_order=item_order,
        product=rng.integers(0, 2**31, size=len(item_order)),
        quantity=quantity,
        unit_cents=unit_cents,
    )
