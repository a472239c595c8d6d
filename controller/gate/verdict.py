"""The two ladders of verdicts, and the one order in which the worse wins.

Positive evidence of harm beats everything, so that a broken second query cannot hide it. What could
not be judged beats what is undecided, that beats what is merely below target, and only where
nothing else is left does a rollout proceed.
"""

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering
from typing import TypeVar


class _Ladder(Enum):
    """Members from the best to the worst; the worse one is the greater one."""

    @property
    def severity(self) -> int:
        """The position on the ladder; 0 is the best."""
        return list(type(self)).index(self)

    def __str__(self) -> str:
        return str(self.value)


@total_ordering
class Verdict(_Ladder):
    """May the rollout go one step further?"""

    PROCEED = "proceed"
    FIX_MINOR = "fix_minor"
    INSUFFICIENT_DATA = "insufficient_data"
    ERROR = "error"
    ROLLBACK = "rollback"

    def __lt__(self, other: "Verdict") -> bool:
        return self.severity < other.severity


@total_ordering
class CriterionVerdict(_Ladder):
    """What one criterion, or one check of the whole, says."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    INSUFFICIENT_DATA = "insufficient_data"
    ERROR = "error"
    FAIL = "fail"

    def __lt__(self, other: "CriterionVerdict") -> bool:
        return self.severity < other.severity

    @property
    def for_the_gate(self) -> Verdict:
        """What this means for the whole."""
        return _FOR_THE_GATE[self]


_FOR_THE_GATE = {
    CriterionVerdict.PASS: Verdict.PROCEED,
    CriterionVerdict.WARN: Verdict.FIX_MINOR,
    CriterionVerdict.INCONCLUSIVE: Verdict.INSUFFICIENT_DATA,
    CriterionVerdict.INSUFFICIENT_DATA: Verdict.INSUFFICIENT_DATA,
    CriterionVerdict.ERROR: Verdict.ERROR,
    CriterionVerdict.FAIL: Verdict.ROLLBACK,
}

AnyVerdict = TypeVar("AnyVerdict", Verdict, CriterionVerdict)


def worst(verdicts: Iterable[AnyVerdict]) -> AnyVerdict:
    """The worst of them.

    Raises:
        ValueError: There are none. Nothing judged is not a pass, and no verdict is made up for it.
    """
    return max(verdicts)
