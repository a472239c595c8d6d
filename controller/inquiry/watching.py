"""What is known after each look, and what there is to tell about it: pure, no clock, no database.

Between `monitor.py`, which looks, and whoever shows it: a screen that is drawn anew, lines that are
appended, or objects for machines. All three tell the same events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from controller.errors import DatabaseUnreachable
from controller.gate.counts import GateCounts
from controller.gate.verdict import Verdict
from controller.gate.watched import Happening, RunEvent, events
from controller.inquiry.monitor import Sighting

_SURE: Final = 2
"""An error may pass; so many in a row are an answer."""


@dataclass(frozen=True, slots=True)
class Away:
    """The database did not answer.

    Attributes:
        since: By the database's clock, as far as that can be told from here.
        again_in: How long until it is tried again.
    """

    problem: DatabaseUnreachable
    since: datetime
    again_in: timedelta


@dataclass(frozen=True, slots=True)
class Began:
    """The first look."""

    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Moved:
    """The ledger has changed: another phase, a halt, the end of one."""

    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Counted:
    """The gate's counts or its answer are not what they were."""

    sighting: Sighting


@dataclass(frozen=True, slots=True)
class WentAway:
    """The database does not answer any more."""

    away: Away


@dataclass(frozen=True, slots=True)
class CameBack:
    """It answers again."""

    at: datetime
    after: timedelta


Event = Began | RunEvent | Moved | Counted | WentAway | CameBack


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known by now.

    Attributes:
        begun: The first look; counts are shown against it.
        latest: The last look that the database answered.
        away: Set while it does not.
        ended: How many runs have matured since the first look.
        errors: How many looks in a row could not be judged.
    """

    begun: Sighting
    latest: Sighting
    away: Away | None = None
    ended: int = 0
    errors: int = 0

    @classmethod
    def of(cls, first: Sighting) -> "Progress":
        """After the first look."""
        return cls(first, first, errors=_errors(0, first))

    def after(self, found: Sighting | Away) -> tuple["Progress", tuple[Event, ...]]:
        """What is known after one more look, and what there is to tell."""
        if isinstance(found, Away):
            away = found if self.away is None else replace(found, since=self.away.since)
            told = (WentAway(away),) if self.away is None else ()
            return replace(self, away=away), told
        happened = tuple(events(self.latest.look, found.look))
        known = {run.id for run in self.latest.look.runs if run.has_matured}
        ended = sum(
            event.happening is Happening.CHANGED
            and event.run.has_matured
            and event.run.id not in known
            for event in happened
        )
        following = replace(
            self,
            latest=found,
            away=None,
            ended=self.ended + ended,
            errors=_errors(self.errors, found),
        )
        return following, (*self._told(found), *happened, *self._counted(found))

    def _told(self, found: Sighting) -> Iterator[Event]:
        if self.away is not None:
            yield CameBack(found.look.now, max(found.look.now - self.away.since, timedelta()))
        if found.subject != self.latest.subject or _halted(found) != _halted(self.latest):
            yield Moved(found)

    def _counted(self, found: Sighting) -> Iterator[Event]:
        if _essence(found) != _essence(self.latest):
            yield Counted(found)

    @property
    def verdict(self) -> Verdict | None:
        """The gate's; None where none judges."""
        report = self.latest.report
        return report.verdict if report else None


def _errors(before: int, found: Sighting) -> int:
    is_error = found.report is not None and found.report.verdict is Verdict.ERROR
    return before + 1 if is_error else 0


def _halted(found: Sighting) -> str | None:
    counts = found.counts
    if counts is None:
        nothing = found.subject.nothing
        return nothing.halt.reason if nothing and nothing.halt else None
    return getattr(counts.identity, "halted", None)


def _essence(found: Sighting) -> object:
    """What a reader would call a change of the counts; times always move."""
    counts: GateCounts | None = found.counts
    if counts is None or found.report is None:
        return None
    matured = getattr(counts.population, "matured", None)
    rates = {name: getattr(rate, "all_runs", None) for name, rate in counts.rates.items()}
    totals = {name: getattr(total, "count", None) for name, total in counts.totals.items()}
    return found.report.verdict, matured, rates, totals


@dataclass(frozen=True, slots=True)
class Until:
    """When to stop by itself; whichever comes first, and never where nothing is said.

    Attributes:
        verdict: Once the gate says something else than that there is too little data.
        run: Once a run has matured.
        span: After so long.
    """

    verdict: bool = False
    run: bool = False
    span: timedelta | None = None

    def is_over(self, progress: Progress, watched: timedelta) -> bool:
        """Whether that has come."""
        if self.span is not None and watched >= self.span:
            return True
        if progress.away is not None:
            return False
        return (self.run and progress.ended > 0) or (self.verdict and _is_decided(progress))


def _is_decided(progress: Progress) -> bool:
    if progress.verdict is Verdict.ERROR:
        return progress.errors >= _SURE
    return progress.verdict not in {None, Verdict.INSUFFICIENT_DATA}
