"""A report of stale flags, for the formats it is shown in."""

from pathlib import Path

from controller.domain.staleness import Mentions, Name, Patience, Reference, judge
from controller.inquiry.staleness import StaleReport
from tests.domain.strategies import DAY, NOW, applied, flag

PATIENCE = Patience(everyone=30 * DAY, off=90 * DAY)


def report(*references: Reference, is_whole: bool = True) -> StaleReport:
    """One flag that everyone has, named on these lines."""
    desired, mentions = flag("100%"), Mentions(references, is_whole)
    stale = judge(desired, applied(desired), None, mentions, NOW, PATIENCE)
    assert stale is not None
    return StaleReport("test", 1, NOW, PATIENCE, None, 1, (stale,), Path("shop"), is_whole)


def lines(count: int, path: str = "src/a.ts") -> list[Reference]:
    """So many lines that name it."""
    return [Reference(path, number, "enableSeq", Name.COLUMN) for number in range(1, count + 1)]
