"""The worst merchant of a rate, found while everything is added up.

Beside the tallies. Asked batch by batch, the worst of each batch must be comparable afterwards: it
is written as a text, and the smallest text of all is the worst merchant.
"""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, FromClause, Subquery

from controller.gate.counts import MerchantTally, Tally
from controller.workflow_data.flavour import Flavour

_DIGITS: Final = 10
_SCALE: Final = 10**9


def lowest_rates(names: Iterable[str], tallies: FromClause, least: int) -> Subquery:
    """The lowest rate of any merchant with enough runs, a column for each name; one row.

    Args:
        names: The rates.
        tallies: One row a merchant: `merchant`, `judged`, and a column of each name.
        least: How many judged runs are enough.
    """
    columns = [
        sa.func.min(sa.case((_enough(tallies, least), _rank(tallies, name)))).label(name)
        for name in names
    ]
    return sa.select(*columns).select_from(tallies).subquery("lowest")


def worst_merchant(
    flavour: Flavour, name: str, tallies: FromClause, lowest: FromClause, least: int
) -> list[ColumnElement[Any]]:
    """How many merchants have enough runs, and the worst of them.

    The worst is the smallest of texts that sort as merchants are to be ranked: by rate, then by
    more runs, then by id; digits are padded. Texts are slow, so they are made only of the merchants
    that have the lowest rate.

    Args:
        flavour: The engine's.
        name: The rate.
        tallies: As in `lowest_rates`.
        lowest: What that gave.
        least: How many judged runs are enough.
    """
    judged, good, rank = tallies.c.judged, tallies.c[name], _rank(tallies, name)
    enough = _enough(tallies, least)
    text = _padded(rank) + _padded(_SCALE - judged) + _padded(good) + tallies.c.merchant
    key = flavour.in_byte_order(sa.case((enough & (rank == lowest.c[name]), text)))
    return [
        sa.func.count(sa.case((enough, 1))).label(f"{name}_considered"),
        sa.func.min(key).label(f"{name}_worst"),
    ]


def _enough(tallies: FromClause, least: int) -> ColumnElement[bool]:
    return tallies.c.judged >= max(1, least)


def _rank(tallies: FromClause, name: str) -> ColumnElement[float]:
    """The rate in whole billionths; unknown without judged runs."""
    judged = sa.func.nullif(sa.cast(tallies.c.judged, sa.Double), 0, type_=sa.Double)
    return sa.func.floor(sa.cast(tallies.c[name], sa.Double) * _SCALE / judged, type_=sa.Double)


def tally_of(key: str) -> MerchantTally:
    """What the text says."""
    matured = _SCALE - int(key[_DIGITS : 2 * _DIGITS])
    good = int(key[2 * _DIGITS : 3 * _DIGITS])
    return MerchantTally(key[3 * _DIGITS :], Tally(good, matured))


def _padded(number: ColumnElement[Any]) -> ColumnElement[str]:
    digits = sa.cast(sa.cast(number, sa.BigInteger), sa.Text)
    return sa.func.lpad(digits, _DIGITS, "0", type_=sa.Text)
