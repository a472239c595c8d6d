"""Instants and days, as decisions use them: always in UTC, whatever zone a value carries.

The instants themselves come from the database's clock or from reviewed files, never from here.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def whole_seconds(at: datetime) -> int:
    """Seconds since 1970, rounded down.

    Merchants' ages are compared so, one at a time as well as in bulk, where they come as whole
    seconds.
    """
    return (at - _EPOCH) // timedelta(seconds=1)


def is_over(last_day: date, now: datetime) -> bool:
    """Whether the last day on which something counts has ended, in UTC."""
    return now.astimezone(UTC).date() > last_day


def format_instant(at: datetime) -> str:
    """For people, to the minute: `2026-11-20 12:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
