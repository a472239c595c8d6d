"""The merchants of the generated company: who they are, how old, how busy, how troubled.

Before the way of a change. Most upload 5 to 20 purchase orders a month, a few ten times that; most
have been there for a year, some came last week; a few have left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.cuid import Instants, cuids
from controller.demo.company.names import shop_domains
from controller.domain.merchant import Merchant

DAY: Final = np.timedelta64(86_400_000, "ms")
_FOUNDED: Final = np.datetime64("2024-06-01T08:00:00.000", "ms")
_OLDEST_DAYS: Final = 730.0
_NEWER: Final = 1.2  # above 1: more merchants came lately than in the beginning
_INACTIVE: Final = 0.03
_MONTHLY_RUNS: Final = 10.0
_SPREAD: Final = 0.5
_BUSY: Final = 0.01
_BUSY_FACTOR: Final = 10.0
_LONGEST_ABSENCE_DAYS: Final = 150.0
_NAMED_DAYS: Final = (200.0, 500.0)
_NAMED_MONTHLY_RUNS: Final = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Merchants in columns, oldest first, `n` of them.

    Attributes:
        created: When each came. Shape `(n,)`.
        left: When each stopped uploading; NaT for the active ones. Shape `(n,)`.
        monthly_runs: How many runs each has in 30 days, on average. Shape `(n,)`.
        trouble: By how much each fails more or less often than others; 1 on average. Shape `(n,)`.
        named: The places of the merchants that the rollout's files name.
    """

    ids: list[str]
    domains: list[str]
    created: Instants
    left: Instants
    monthly_runs: NDArray[np.float64]
    trouble: NDArray[np.float64]
    named: NDArray[np.intp]

    @property
    def active(self) -> NDArray[np.bool_]:
        """Who has not left. Shape `(n,)`."""
        return np.isnat(self.left)

    def merchants(self) -> tuple[Merchant, ...]:
        """The same as values, one a merchant."""
        created: list[datetime] = self.created.tolist()
        return tuple(
            Merchant(merchant, domain, active, when.replace(tzinfo=UTC))
            for merchant, domain, active, when in zip(
                self.ids, self.domains, self.active.tolist(), created, strict=True
            )
        )


def draw_roster(
    count: int, named: Sequence[str], at: np.datetime64, rng: np.random.Generator
) -> Roster:
    """Invent merchants.

    Their ids depend on the state of `rng` alone, not on `at`: the same seed puts the same merchants
    into the same buckets on every day.

    Args:
        count: How many; at least as many as are named.
        named: Ids that the rollout's files name. These merchants exist, and are what one looks for
            in a pilot: there for long, moderately busy, without trouble.
        at: The present.
        rng: Where chance comes from.
    """
    ages = np.sort(_OLDEST_DAYS * rng.random(count) ** _NEWER)[::-1]
    place = _places_of_named(ages, len(named), rng)
    ids = cuids(_FOUNDED + _days(_OLDEST_DAYS - ages), rng)
    for index, merchant in zip(place.tolist(), named, strict=True):
        ids[index] = merchant
    monthly_runs = _MONTHLY_RUNS * rng.lognormal(sigma=_SPREAD, size=count)
    monthly_runs[rng.random(count) < _BUSY] *= _BUSY_FACTOR
    monthly_runs[place] = _NAMED_MONTHLY_RUNS
    trouble = rng.exponential(size=count)
    trouble[place] = 0.0
    left = _departures(ages, at, rng)
    left[place] = np.datetime64("NaT")
    return Roster(
        ids, shop_domains(count, rng), at - _days(ages), left, monthly_runs, trouble, place
    )


def _places_of_named(
    ages: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    settled = np.flatnonzero((ages > _NAMED_DAYS[0]) & (ages < _NAMED_DAYS[1]))
    pool = settled if len(settled) >= count else np.arange(len(ages))
    return np.sort(rng.choice(pool, size=count, replace=False))


def _departures(ages: NDArray[np.float64], at: np.datetime64, rng: np.random.Generator) -> Instants:
    away = np.minimum(ages, _LONGEST_ABSENCE_DAYS * rng.random(len(ages)))
    left: Instants = at - _days(away)
    left[rng.random(len(ages)) >= _INACTIVE] = np.datetime64("NaT")
    return left


def _days(days: NDArray[np.float64]) -> NDArray[np.timedelta64]:
    return (days * DAY.astype(np.int64)).astype("timedelta64[ms]")
