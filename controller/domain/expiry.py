"""Expiry: what the files say will end, and has ended. Pure.

A release flag must go away, and an override, a waiver or an allowance is an exception for a time.
`status` warns before the last day, because on the day after it something changes by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from controller.domain.desired import Desired, DesiredFlag

SOON: Final = timedelta(days=14)
"""How long before its last day something is warned of."""


class Expiring(StrEnum):
    """What kind of thing expires."""

    FLAG = "flag"
    OVERRIDE = "override"
    WAIVER = "waiver"
    ALLOWANCE = "allowance"


@dataclass(frozen=True, slots=True, order=True)
class Expiry:
    """One thing that expires soon, or has expired.

    Attributes:
        expires: Its last day, in UTC.
        days_left: Whole days after today; 0 on the last day, negative once it counts no longer.
        flag: The flag it concerns.
        subject: What is excepted: a merchant, a criterion, a guardrail; the flag itself for a flag.
    """

    expires: date
    kind: Expiring
    flag: str
    subject: str
    days_left: int

    @property
    def is_over(self) -> bool:
        """Whether it counts no longer."""
        return self.days_left < 0


def expiries(desired: Desired, now: datetime) -> tuple[Expiry, ...]:
    """Everything that expires within `SOON`, or has expired and still stands in the files.

    The earliest comes first.
    """
    today = now.astimezone(UTC).date()
    return tuple(
        sorted(
            Expiry(expires, kind, flag, subject, (expires - today).days)
            for kind, flag, subject, expires in _all(desired)
            if expires is not None and expires - today <= SOON
        )
    )


def _all(desired: Desired) -> Iterator[tuple[Expiring, str, str, date | None]]:
    yield from _of_flags(desired.flags)
    for waiver in desired.waivers:
        yield Expiring.WAIVER, waiver.flag, f"{waiver.phase}: {waiver.criterion}", waiver.expires
    for allowance in desired.environment.allowances:
        yield Expiring.ALLOWANCE, allowance.flag or "", allowance.guardrail, allowance.expires


def _of_flags(flags: Iterable[DesiredFlag]) -> Iterator[tuple[Expiring, str, str, date | None]]:
    for desired in flags:
        yield Expiring.FLAG, desired.key, desired.key, desired.flag.expires
        for override in desired.flag.overrides:
            yield Expiring.OVERRIDE, desired.key, override.merchant, override.expires
