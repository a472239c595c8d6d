"""The worst merchant of a rate, found while everything is added up.

Beside the tallies. Asked batch by batch, the worst of each batch must be comparable afterwards: it
is written as a text, and the smallest text of all is the worst merchant.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause

from controller.gate.counts import MerchantTally, Tally
from controller.workflow_data.flavour import Flavour

_DIGITS: Final = 10
_SCALE: Final = 10**9


def worst_merchant(
    flavour: Flavour, name: str, tallies: FromClause, least: int
) -> list[ColumnElement[Any]]:
    """How many merchants have enough runs, and the worst of them.

    The worst is the smallest of texts that sort as merchants are to be ranked: by rate, then by
    more runs, then by id; digits are padded, so one pass over the merchants is enough.

    Args:
        flavour: The engine's.
        name: The rate.
        tallies: One row a merchant: `merchant`, `judged`, and a column of this name.
        least: How many judged runs are enough.
    """
    judged, good = tallies.c.judged, tallies.c[name]
    enough = judged >= max(1, least)
    rate = sa.func.floor(sa.cast(good, sa.Double) * _SCALE / judged)
    ranked = _padded(rate) + _padded(_SCALE - judged) + _padded(good) + tallies.c.merchant
    key = flavour.in_byte_order(sa.case((enough, ranked)))
    return [
        sa.func.count(sa.case((enough, 1))).label(f"{name}_considered"),
        sa.func.min(key).label(f"{name}_worst"),
    ]


def tally_of(key: str) -> MerchantTally:
    """What the text says."""
    matured = _SCALE - int(key[_DIGITS : 2 * _DIGITS])
    good = int(key[2 * _DIGITS : 3 * _DIGITS])
    return MerchantTally(key[3 * _DIGITS :], Tally(good, matured))


def _padded(number: ColumnElement[Any]) -> ColumnElement[str]:
    digits = sa.cast(sa.cast(number, sa.BigInteger), sa.Text)
    return sa.func.lpad(digits, _DIGITS, "0", type_=sa.Text)
