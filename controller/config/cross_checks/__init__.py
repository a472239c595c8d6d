"""What files mean together: every rule that needs more than the shape of one file.

A check takes the facts and yields problems, each with the places of both sides. Checks never raise
and never depend on each other; a file that could not be read makes them silent, not wrong.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from controller.config.cross_checks import (
    environments,
    flags,
    gates,
    ladder,
    power,
    rollouts,
    waivers,
)
from controller.config.facts import Facts
from controller.config.problems import Problem

Check: TypeAlias = Callable[[Facts], Iterator[Problem]]

ALL: Final[tuple[Check, ...]] = (
    *flags.CHECKS,
    *ladder.CHECKS,
    *rollouts.CHECKS,
    *gates.CHECKS,
    *power.CHECKS,
    *waivers.CHECKS,
    *environments.CHECKS,
)


def check_all(facts: Facts) -> Iterator[Problem]:
    """Everything that all checks find."""
    for check in ALL:
        yield from check(facts)
