"""Values that are more than text: switches, numbers, durations, percentages, days and moments.

Like `scalars.py`, whose base they share; apart from it only because one file would be too long.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from controller.config import reading_codes as codes
from controller.config.document import Quoted
from controller.config.problems import shown
from controller.config.scalars import JsonSchema, Scalar, complaint
from controller.domain.units import Percent, parse_duration, parse_percent

_YEARS: Final = range(2000, 2200)  # far from where adding a day overflows
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,11})")
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,6})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Switch(Scalar):
    """`true` or `false`."""

    def convert(self, text: str) -> bool:
        """The boolean."""
        if isinstance(text, Quoted) or text not in {"true", "false"}:
            advice = "write true or false, in lower case and without quotes"
            raise complaint(codes.NOT_A_SWITCH, f"{shown(text)} is neither true nor false", advice)
        return text == "true"

    def json_schema(self) -> JsonSchema:
        """A boolean."""
        return {"title": "true or false", "type": "boolean"}


@dataclass(frozen=True, slots=True)
class Count(Scalar):
    """A whole number."""

    lowest: int
    highest: int

    def convert(self, text: str) -> int:
        """The number."""
        if isinstance(text, Quoted) or _INTEGER.fullmatch(text) is None:
            advice = "write decimal digits only, without quotes, `_` or leading zeros"
            raise complaint(codes.NOT_A_NUMBER, f"{shown(text)} is not a whole number", advice)
        if not self.lowest <= int(text) <= self.highest:
            among = f"between {self.lowest} and {self.highest}"
            if self.lowest == self.highest:
                among = f"{self.lowest}, the only one there is"
            raise complaint(codes.OUT_OF_RANGE, f"{text} is not {among}")
        return int(text)

    def json_schema(self) -> JsonSchema:
        """An integer within its range."""
        return {
            "title": "whole number",
            "type": "integer",
            "minimum": self.lowest,
            "maximum": self.highest,
        }


@dataclass(frozen=True, slots=True)
class Decimal(Scalar):
    """A number above 0 and up to a limit."""

    highest: float

    def convert(self, text: str) -> float:
        """The number."""
        if isinstance(text, Quoted) or _DECIMAL.fullmatch(text) is None:
            advice = "write a number such as 0.5, without quotes or exponent"
            raise complaint(codes.NOT_A_NUMBER, f"{shown(text)} is not a number", advice)
        if not 0 < float(text) <= self.highest:
            raise complaint(
                codes.OUT_OF_RANGE, f"{text} is not above 0 and at most {self.highest:g}"
            )
        return float(text)

    def json_schema(self) -> JsonSchema:
        """A number within its range."""
        return {"title": "number", "type": "number", "exclusiveMinimum": 0, "maximum": self.highest}


@dataclass(frozen=True, slots=True)
class Duration(Scalar):
    """`90s`, `10m`, `36h`, `2d`."""

    above_zero: bool = False

    def convert(self, text: str) -> timedelta:
        """The duration."""
        try:
            duration = parse_duration(text)
        except ValueError as error:
            raise complaint(
                codes.NOT_A_DURATION, f"{shown(text)} is not a duration", str(error)
            ) from None
        if self.above_zero and not duration:
            raise complaint(codes.OUT_OF_RANGE, "a duration of zero makes no sense here")
        return duration

    def json_schema(self) -> JsonSchema:
        """A text with a pattern."""
        return {"title": "duration", "type": "string", "pattern": "^(?:0|[1-9][0-9]{0,8})[smhd]$"}


@dataclass(frozen=True, slots=True)
class Share(Scalar):
    """A percentage.

    Zero is refused unless asked for; `off` is accepted where a limit can be switched off.
    """

    zero: bool = False
    off: bool = False
    hundred: bool = True

    def convert(self, text: str) -> Percent | None:
        """The percentage; None for `off`."""
        if self.off and text == "off":
            return None
        try:
            share = parse_percent(text)
        except ValueError as error:
            raise complaint(
                codes.NOT_A_PERCENTAGE, f"{shown(text)} is not a percentage", str(error)
            ) from None
        if not self.zero and not share.basis_points:
            raise complaint(codes.OUT_OF_RANGE, "0% makes no sense here")
        if not self.hundred and share.fraction == 1:
            raise complaint(
                codes.OUT_OF_RANGE, "100% makes no sense here: no number of runs could show it"
            )
        return share

    def json_schema(self) -> JsonSchema:
        """A number, or a text with a pattern."""
        pattern = r"^(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,2})?%?$" + ("|^off$" if self.off else "")
        return {
            "title": "percentage",
            "type": ["string", "number"],
            "minimum": 0,
            "maximum": 100,
            "pattern": pattern,
        }


@dataclass(frozen=True, slots=True)
class CountOrOff(Scalar):
    """A whole number from 1, or `off`."""

    def convert(self, text: str) -> int | None:
        """The number; None for `off`."""
        return None if text == "off" else Count(1, 10**9).convert(text)

    def json_schema(self) -> JsonSchema:
        """An integer or the one word."""
        return {
            "title": "whole number or off",
            "type": ["integer", "string"],
            "minimum": 1,
            "pattern": "^off$",
        }


@dataclass(frozen=True, slots=True)
class Day(Scalar):
    """`2027-01-31`."""

    def convert(self, text: str) -> date:
        """The date."""
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day.year not in _YEARS:
            advice = "write year-month-day, for example 2027-01-31"
            raise complaint(
                codes.NOT_A_DATE, f"{shown(text)} is not a day of the years 2000 to 2199", advice
            )
        return day

    def json_schema(self) -> JsonSchema:
        """A text with a pattern and a format."""
        return {
            "title": "date",
            "type": "string",
            "format": "date",
            "pattern": "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$",
        }


@dataclass(frozen=True, slots=True)
class Instant(Scalar):
    """`2026-12-20T00:00:00Z`."""

    def convert(self, text: str) -> datetime:
        """The moment, in UTC."""
        try:
            moment = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None or moment.year not in _YEARS:
            advice = "write date, time and zone, for example 2026-12-20T00:00:00Z"
            raise complaint(
                codes.NOT_AN_INSTANT,
                f"{shown(text)} is not a moment of the years 2000 to 2199",
                advice,
            )
        return moment.astimezone(UTC)

    def json_schema(self) -> JsonSchema:
        """A text with a format."""
        return {"title": "moment", "type": "string", "format": "date-time"}
