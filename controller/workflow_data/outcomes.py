"""What became of a run, as SQL conditions: the rules of maturity, in one place.

The heart of every count. A run's outcome is decided at its deadline, `outcome_deadline` after it
was created:

    done      completed by its deadline
    failed    failed by its deadline
    stuck     neither by its deadline, whatever became of it later
    pending   not ended, and younger than the deadline: not judged
    excluded  its time stamps are impossible: not judged, but shown

`done`, `failed` and `stuck` runs have matured. The end of a failed run is not needed to know that
it failed, so a broken clock does not make a failure disappear.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from controller.workflow_data.flavour import later, moment
from controller.workflow_data.tables import Tables

Condition = ColumnElement[bool]

PENDING: Final = "pending"
UNKNOWN_STATUS: Final = "of a status that is not in the configuration"
UNTIMED: Final = "created at an unknown time"
FROM_THE_FUTURE: Final = "created in the future"
ENDLESS: Final = "completed at an unknown time"
BACKWARDS: Final = "completed before it was created"
ENDS_IN_THE_FUTURE: Final = "completed in the future"
REASONS: Final = (
    UNTIMED, FROM_THE_FUTURE, UNKNOWN_STATUS, PENDING, ENDLESS, BACKWARDS, ENDS_IN_THE_FUTURE,
)  # fmt: skip
"""Why a run has not matured."""
TOLERANCE: Final = timedelta(minutes=5)
"""Clocks of two machines may differ by this much before one is distrusted."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The times that a run is judged by.

    Attributes:
        starts: Runs created earlier are not looked at.
        ends: Runs created at this moment or later neither; None for no such limit.
        at: The moment judged.
        now: The clock's present; later than `at` where the past is judged.
        deadline: How long a run may take before its outcome is decided.
    """

    starts: datetime
    ends: datetime | None
    at: datetime
    now: datetime
    deadline: timedelta

    @property
    def impossible(self) -> datetime:
        """Time stamps after this one are wrong."""
        return self.now + TOLERANCE

    @property
    def seen(self) -> datetime:
        """What happened after this had not happened at the moment judged."""
        return self.at if self.at < self.now else self.impossible


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Conditions on the columns of a table, or of a selection, of runs."""

    created: ColumnElement[datetime]
    completed: ColumnElement[datetime]
    status: ColumnElement[str]
    tables: Tables
    clock: Clock

    @classmethod
    def of(cls, tables: Tables, clock: Clock) -> Self:
        """The conditions on the app's own table."""
        return cls(
            tables.column("run.created_at"),
            tables.column("run.completed_at"),
            tables.column("run.status"),
            tables,
            clock,
        )

    @property
    def in_window(self) -> Condition:
        """Created in the window, as far as that is known; a future nobody has seen is not there."""
        if self.clock.ends is not None:
            return self.timed
        return self.timed | self.created.is_(None)

    @property
    def timed(self) -> Condition:
        """Created in the window for sure: at a known time."""
        clock = self.clock
        begun = self.created >= moment(clock.starts)
        if clock.ends is not None:
            return begun & (self.created < moment(clock.ends))
        if self._past:
            begun &= (self.created <= moment(clock.seen)) | (
                self.created > moment(clock.impossible)
            )
        return begun

    def done(self, within: timedelta | None = None) -> Condition:
        """Completed by its deadline, and within a time, if that is given."""
        limit = self.clock.deadline if within is None else min(within, self.clock.deadline)
        return (
            self._has(self.tables.settings.completed)
            & (self.completed <= later(self.created, limit))
            & self._usable_end
        )

    def measured(self, within: timedelta | None = None) -> Condition:
        """Completed with a usable duration, by its deadline or not, and within a time."""
        ended = self._has(self.tables.settings.completed) & self._usable_end
        return ended if within is None else ended & (self.completed <= later(self.created, within))

    @property
    def failed(self) -> Condition:
        """Failed by its deadline, or at a time that cannot be known."""
        clock = self.clock
        by_deadline = (self.completed <= later(self.created, clock.deadline)) & (
            self.completed <= moment(clock.seen)
        )
        unknown = self.completed.is_(None) | (self.completed > moment(clock.impossible))
        return self._has(self.tables.settings.failed) & self._usable_start & (unknown | by_deadline)

    @property
    def matured(self) -> Condition:
        """Its outcome is decided, and its time stamps allow to say which; unknown for some.

        Asked of every run, so the usual case comes first and nothing is asked twice: whatever ended
        at a possible time after it was created was created at a possible time.
        """
        settings = self.tables.settings
        not_yet = [(self._known & self._not_yet, self._old)] if self._past else []
        return sa.case(
            *not_yet,
            (self._has(settings.completed), self._usable_end),
            (self._has(settings.failed), self._usable_start),
            (self._has(settings.running), self._old),
        )

    @property
    def unjudged(self) -> Condition:
        """It has not matured."""
        return sa.not_(sa.func.coalesce(self.matured, sa.false()))

    @property
    def stuck(self) -> Condition:
        """Matured, neither done nor failed."""
        return self.matured & sa.not_(self.done()) & sa.not_(sa.func.coalesce(self.failed, False))

    @property
    def why_unjudged(self) -> ColumnElement[str]:
        """For a run that has not matured: the reason, in words."""
        settings, late = self.tables.settings, moment(self.clock.impossible)
        return sa.case(
            (self.created.is_(None), UNTIMED),
            (self.created > late, FROM_THE_FUTURE),
            (self.status.is_(None) | sa.not_(self._known), UNKNOWN_STATUS),
            (self._not_yet | self._has(settings.running), PENDING),
            (self.completed.is_(None), ENDLESS),
            (self.completed < self.created, BACKWARDS),
            else_=ENDS_IN_THE_FUTURE,
        )

    def ended_since(self, at: datetime) -> Condition:
        """Of a matured run: its outcome was decided at that moment or later."""
        decided = later(self.created, self.clock.deadline)
        by_deadline = self.completed.between(self.created, decided)
        ended = self.status.in_((*self.tables.settings.completed, *self.tables.settings.failed))
        when = sa.case((ended & by_deadline, self.completed), else_=decided)
        return when >= moment(at)

    def _has(self, statuses: tuple[str, ...]) -> Condition:
        return self.status == statuses[0] if len(statuses) == 1 else self.status.in_(statuses)

    @property
    def _usable_start(self) -> Condition:
        return self.created <= moment(self.clock.impossible)

    @property
    def _usable_end(self) -> Condition:
        return (self.completed >= self.created) & (self.completed <= moment(self.clock.seen))

    @property
    def _old(self) -> Condition:
        return self.created <= moment(self.clock.at - self.clock.deadline)

    @property
    def _known(self) -> Condition:
        settings = self.tables.settings
        return self.status.in_((*settings.completed, *settings.failed, *settings.running))

    @property
    def _past(self) -> bool:
        return self.clock.seen < self.clock.impossible

    @property
    def _not_yet(self) -> Condition:
        """Ended after the moment judged, so that it had not ended then."""
        clock = self.clock
        if not self._past:
            return sa.false()
        return (self.completed > moment(clock.seen)) & (self.completed <= moment(clock.impossible))
