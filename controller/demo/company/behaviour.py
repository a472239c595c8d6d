"""How the app behaves: how long its runs take and how they end.

Before the way of a change. The legacy way takes about 38 minutes; the sequential way takes 3 to 5
when it is good, and everything a gate must notice when it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Behaviour(StrEnum):
    """What becomes of the runs of merchants that have the feature."""

    FLAWLESS = "flawless"  # good, and nothing else went wrong meanwhile
    GOOD = "good"
    SLOW = "slow"  # they complete, but late
    FAILING = "failing"
    STUCK = "stuck"  # they never end
    CORRUPTING = "corrupting"  # they complete quickly, with wrong orders
    QUIET = "quiet"  # there are none
    BAD_FOR_SOME = "bad_for_some"  # good for most merchants, hopeless for a few


@dataclass(frozen=True, slots=True)
class Profile:
    """The odds of one run.

    Attributes:
        minutes: How long half of the completed runs take at most.
        spread: Sigma of the logarithm of that.
        failed: The share that fails, for a merchant of average trouble.
        stuck: The share that never ends, likewise.
        unsynced: The share of completed runs whose order did not reach the shop.
        corrupt: The share of completed runs that leave wrong data.
        afflicted: The share of merchants that these odds hold for; the others fare well.
        runs: Whether there are runs at all.
    """

    minutes: float
    spread: float
    failed: float
    stuck: float
    unsynced: float = 0.003
    corrupt: float = 0.0
    afflicted: float = 1.0
    runs: bool = True


LEGACY: Final = Profile(minutes=38.0, spread=0.25, failed=0.03, stuck=0.003)
"""The way on Bull queues."""

GOOD: Final = Profile(minutes=3.9, spread=0.13, failed=0.01, stuck=0.0)
"""The sequential way as it should be."""

SEQUENTIAL: Final[Mapping[Behaviour, Profile]] = {
    Behaviour.FLAWLESS: replace(GOOD, failed=0.0, unsynced=0.0),
    Behaviour.GOOD: GOOD,
    Behaviour.SLOW: Profile(minutes=17.0, spread=0.25, failed=0.01, stuck=0.0),
    Behaviour.FAILING: Profile(minutes=3.9, spread=0.13, failed=0.30, stuck=0.0),
    Behaviour.STUCK: Profile(minutes=3.9, spread=0.13, failed=0.01, stuck=0.20),
    Behaviour.CORRUPTING: Profile(minutes=3.9, spread=0.13, failed=0.01, stuck=0.0, corrupt=0.15),
    Behaviour.QUIET: Profile(minutes=3.9, spread=0.13, failed=0.0, stuck=0.0, runs=False),
    Behaviour.BAD_FOR_SOME: Profile(
        minutes=3.9, spread=0.13, failed=0.90, stuck=0.0, afflicted=0.10
    ),
}
"""The sequential way in each behaviour."""
