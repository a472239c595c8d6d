"""Durations and percentages as people write them: `90s`, `10m`, `36h`, `2d`; `10%`, `12.5%`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(0|[1-9][0-9]{0,8})([smhd])")
_PERCENT: Final = re.compile(r"(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,2}))?%?")
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Percent:
    """A share, in basis points: `Percent(1250)` is 12.5 %. Always 0 to 10,000."""

    basis_points: int

    def __post_init__(self) -> None:
        if not 0 <= self.basis_points <= _WHOLE:
            raise ValueError(f"a percentage is between 0 and 100, not {self.basis_points / 100:g}")

    @property
    def fraction(self) -> float:
        """The share as a number between 0 and 1."""
        return self.basis_points / _WHOLE

    def __str__(self) -> str:
        return f"{self.basis_points / 100:g}%"


EVERYONE: Final = Percent(_WHOLE)
"""100 %: also those whom a lower percentage would leave out as not eligible."""


def parse_percent(text: str) -> Percent:
    """Read `10`, `10%` or `12.5%`.

    Raises:
        ValueError: The text is not a percentage between 0 and 100 with at most two decimals.
    """
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise ValueError("write a percentage such as 10, 10% or 12.5% (at most two decimals)")
    whole, decimals = match[1], (match[2] or "").ljust(2, "0")
    return Percent(int(whole) * 100 + int(decimals))


def parse_duration(text: str) -> timedelta:
    """Read `90s`, `10m`, `36h` or `2d`.

    Raises:
        ValueError: The text is not a whole number followed by one of `s`, `m`, `h`, `d`.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("write a duration such as 90s, 10m, 36h or 2d")
    seconds = int(match[1]) * _SECONDS[match[2]]
    if seconds > 3_650 * _SECONDS["d"]:
        raise ValueError("a duration is at most 3650d")
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """Write a duration with the largest unit that is exact: `timedelta(hours=36)` is `36h`."""
    seconds = int(duration.total_seconds())
    for unit in "dhm":
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"
