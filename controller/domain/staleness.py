"""Staleness: which flags should go away, why, and what to do next. Pure.

Beside the way of a change, for those who tidy up. A flag that everybody has, or nobody, decides
nothing any more; each one left in the code is a branch that somebody must understand and that can
be taken by accident.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.halt import Halt
from controller.domain.instants import is_over
from controller.domain.ledger import AppliedFlag
from controller.domain.resolution import audience_of
from controller.domain.units import EVERYONE


class Reason(IntEnum):
    """Why a flag is stale; the smaller, the more urgent."""

    EXPIRED = 1  # its file gives it a last day, which is over
    EVERYONE = 2  # everybody has had it for long
    HALTED = 3  # it was stopped, and nobody has decided what becomes of it
    OFF = 4  # nobody has had it for long
    UNREFERENCED = 5  # the code does not name it


class Reach(StrEnum):
    """Who has a flag, by the files and by what was applied."""

    NOBODY = "nobody"
    SOME = "some"
    EVERYONE = "everyone"


class Step(StrEnum):
    """What to do next about a stale flag."""

    DECIDE_HALT = "decide_halt"
    FINISH = "finish"  # take it to an end, or give it another date
    WITHDRAW = "withdraw"  # some have it, and no code asks for it
    SETTLE_OVERRIDES = "settle_overrides"
    REMOVE_CODE = "remove_code"
    DELETE_FILES = "delete_files"


class Name(StrEnum):
    """By which of its names the code may know a flag."""

    KEY = "key"
    COLUMN = "column"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is long.

    Attributes:
        everyone: How long a flag may be on for everyone.
        off: How long it may be off, or halted.
    """

    everyone: timedelta
    off: timedelta


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A line of the code that names a flag.

    Attributes:
        path: Relative to the folder searched.
        line: From 1.
        word: What stands there.
    """

    path: str
    line: int
    word: str
    name: Name


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where the code names one flag.

    Attributes:
        references: In the order of the paths.
        is_whole: Whether all of the code was searched; otherwise there may be more.
    """

    references: tuple[Reference, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, and since when it holds; None where nobody can tell."""

    reason: Reason
    since: datetime | None

    def days(self, now: datetime) -> int:
        """For how many whole days."""
        return max(0, (now - self.since).days) if self.since else 0


@dataclass(frozen=True, slots=True)
class StaleFlag:
    """One flag that should go away.

    Attributes:
        findings: The most urgent first; never empty.
        contrary: Overrides in force that keep single merchants off although everyone has it.
        mentions: None where no code was searched.
    """

    desired: DesiredFlag
    findings: tuple[Finding, ...]
    reach: Reach
    halt: Halt | None
    contrary: tuple[Override, ...]
    mentions: Mentions | None

    @property
    def key(self) -> str:
        """The flag's key."""
        return self.desired.key

    @property
    def step(self) -> Step:
        """What to do next."""
        if self.halt is not None:
            return Step.DECIDE_HALT
        if self.reach is Reach.SOME:
            return Step.WITHDRAW if self._is_unnamed else Step.FINISH
        if self.contrary:
            return Step.SETTLE_OVERRIDES
        return Step.DELETE_FILES if self._is_unnamed else Step.REMOVE_CODE

    @property
    def _is_unnamed(self) -> bool:
        return self.mentions is not None and is_unreferenced(self.mentions)


def is_unreferenced(mentions: Mentions) -> bool:
    """Whether it is certain that the code searched does not name the flag."""
    return mentions.is_whole and not mentions.references


def names_of(desired: DesiredFlag) -> dict[str, Name]:
    """What the code may call a flag; where two names are one word, the column or variable."""
    flag = desired.flag
    names = {flag.key: Name.KEY}
    if flag.merchant_config:
        names[flag.merchant_config.column] = Name.COLUMN
    if flag.deploy_env:
        names[flag.deploy_env.variable] = Name.VARIABLE
    return names


def judge(
    desired: DesiredFlag,
    applied: AppliedFlag | None,
    halt: Halt | None,
    mentions: Mentions | None,
    now: datetime,
    patience: Patience,
) -> StaleFlag | None:
    """Whether a flag is stale.

    Args:
        desired: What the files say.
        applied: What was applied last; None before the first run: then only its date and the code
            can tell.
        halt: The halt in force.
        mentions: Where the code names it; None where no code was searched.
        now: The database's clock.
        patience: How long is long.
    """
    reach = _reach(desired, applied, now)
    findings = [*_by_date(desired, now)]
    if applied is not None:
        findings += _by_time(reach, applied, halt, now, patience)
    if mentions is not None and is_unreferenced(mentions):
        findings.append(Finding(Reason.UNREFERENCED, None))
    if not findings:
        return None
    contrary = _contrary(desired, now) if reach is Reach.EVERYONE else ()
    return StaleFlag(desired, tuple(findings), reach, halt, contrary, mentions)


def urgency(stale: StaleFlag) -> tuple[int, float, str]:
    """The key to sort by: the most urgent reason, the longest first, then the flag's key."""
    first = stale.findings[0]
    return first.reason, first.since.timestamp() if first.since else 0.0, stale.key


def _by_date(desired: DesiredFlag, now: datetime) -> Iterator[Finding]:
    expires = desired.flag.expires
    if expires is not None and is_over(expires, now):
        # The day after the last one: what is over lies in the past, so there is always one.
        midnight = datetime(expires.year, expires.month, expires.day, tzinfo=UTC)
        yield Finding(Reason.EXPIRED, midnight + timedelta(days=1))


def _by_time(
    reach: Reach, applied: AppliedFlag, halt: Halt | None, now: datetime, patience: Patience
) -> Iterator[Finding]:
    if halt is not None:
        if now - halt.since >= patience.off:
            yield Finding(Reason.HALTED, halt.since)
    elif reach is Reach.EVERYONE:
        if now - applied.phase_since >= patience.everyone:
            yield Finding(Reason.EVERYONE, applied.phase_since)
    elif reach is Reach.NOBODY:
        # The end of an override is no new phase, but it is a new definition.
        since = max(applied.phase_since, applied.since)
        if now - since >= patience.off:
            yield Finding(Reason.OFF, since)


def _reach(desired: DesiredFlag, applied: AppliedFlag | None, now: datetime) -> Reach:
    """Some, while the files and what was applied do not agree: then it is on its way."""
    found = _reach_of(desired, now)
    before = _reach_of(applied.desired, now) if applied else Reach.NOBODY
    return found if found is before else Reach.SOME


def _reach_of(desired: DesiredFlag, now: datetime) -> Reach:
    audience = audience_of(desired, now, halted=False)
    if audience.threshold == EVERYONE.basis_points:
        return Reach.EVERYONE
    is_on = audience.threshold > 0 or any(audience.named.values())
    return Reach.SOME if is_on else Reach.NOBODY


def _contrary(desired: DesiredFlag, now: datetime) -> tuple[Override, ...]:
    if desired.flag.globally_on:
        return ()
    return tuple(o for o in desired.flag.overrides if not o.value and o.active_at(now))
