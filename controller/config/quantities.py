"""Kinds of value that are more than text: switches, numbers, durations, shares, days, moments."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from controller.config import reading_codes as codes
from controller.config.document import Quoted
from controller.config.problems import shown
from controller.config.scalars import Scalar, complaint
from controller.domain.units import Percent, parse_duration, parse_percent

_YEARS: Final = range(2000, 2200)  # far from where adding a day overflows
_INTEGER: Final = r"-?(?:0|[1-9][0-9]{0,11})"
_DECIMAL: Final = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,6})?"
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
_PERCENT: Final = r"^(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,2})?%?$"


def switch() -> Scalar:
    """`true` or `false`."""

    def _read(text: str) -> bool:
        if isinstance(text, Quoted) or text not in {"true", "false"}:
            advice = "write true or false, in lower case and without quotes"
            raise complaint(
                codes.NOT_A_SWITCH, f"{_written(text)} is neither true nor false", advice
            )
        return text == "true"

    return Scalar(_read, {"title": "true or false", "type": "boolean"})


def count(lowest: int, highest: int) -> Scalar:
    """A whole number within a range."""
    among = f"between {lowest:,} and {highest:,}"
    if lowest == highest:
        among = f"{lowest}, the only one there is"

    def _read(text: str) -> int:
        if isinstance(text, Quoted) or re.fullmatch(_INTEGER, text) is None:
            advice = "write decimal digits only, without quotes, `_` or leading zeros"
            raise complaint(codes.NOT_A_NUMBER, f"{_written(text)} is not a whole number", advice)
        if not lowest <= int(text) <= highest:
            raise complaint(codes.OUT_OF_RANGE, f"{text} is not {among}")
        return int(text)

    schema = {"title": "whole number", "type": "integer", "minimum": lowest, "maximum": highest}
    return Scalar(_read, schema)


def count_or_off(highest: int) -> Scalar:
    """A whole number from 1, or `off` (None)."""
    number = count(1, highest)

    def _read(text: str) -> object:
        return None if text == "off" else number.read(text)

    types = ["integer", "string"]
    schema = {"title": "whole number or off", "type": types, "minimum": 1, "pattern": "^off$"}
    return Scalar(_read, schema)


def decimal(highest: float) -> Scalar:
    """A number above 0 and up to a limit."""

    def _read(text: str) -> float:
        if isinstance(text, Quoted) or re.fullmatch(_DECIMAL, text) is None:
            advice = "write a number such as 0.5, without quotes or exponent"
            raise complaint(codes.NOT_A_NUMBER, f"{_written(text)} is not a number", advice)
        if not 0 < float(text) <= highest:
            raise complaint(codes.OUT_OF_RANGE, f"{text} is not above 0 and at most {highest:g}")
        return float(text)

    schema = {"title": "number", "type": "number", "exclusiveMinimum": 0, "maximum": highest}
    return Scalar(_read, schema)


def duration(*, above_zero: bool = False) -> Scalar:
    """`90s`, `10m`, `36h`, `2d`."""

    def _read(text: str) -> timedelta:
        try:
            time = parse_duration(text)
        except ValueError as error:
            message = f"{shown(text)} is not a duration"
            raise complaint(codes.NOT_A_DURATION, message, str(error)) from None
        if above_zero and not time:
            raise complaint(codes.OUT_OF_RANGE, "a duration of zero makes no sense here")
        return time

    pattern = "^(?:0|[1-9][0-9]{0,8})[smhd]$"
    return Scalar(_read, {"title": "duration", "type": "string", "pattern": pattern})


def share(*, off: bool = False, hundred: bool = True) -> Scalar:
    """A percentage above 0.

    Args:
        off: Whether `off` is accepted (None), where a limit can be switched off.
        hundred: Whether 100% is.
    """

    def _read(text: str) -> Percent | None:
        if off and text == "off":
            return None
        try:
            percent = parse_percent(text)
        except ValueError as error:
            message = f"{shown(text)} is not a percentage"
            raise complaint(codes.NOT_A_PERCENTAGE, message, str(error)) from None
        if not percent.basis_points:
            raise complaint(codes.OUT_OF_RANGE, "0% makes no sense here")
        if percent.fraction == 1 and not hundred:
            message = "100% makes no sense here: no number of runs could show it"
            raise complaint(codes.OUT_OF_RANGE, message)
        return percent

    title = "percentage or off" if off else "percentage"
    schema = {"title": title, "type": ["string", "number"], "minimum": 0, "maximum": 100}
    return Scalar(_read, {**schema, "pattern": f"{_PERCENT}|^off$" if off else _PERCENT})


def day() -> Scalar:
    """`2027-01-31`."""

    def _read(text: str) -> date:
        try:
            found = date.fromisoformat(text) if re.fullmatch(_DATE, text) else None
        except ValueError:
            found = None
        if found is None or found.year not in _YEARS:
            message = f"{shown(text)} is not a day of the years 2000 to 2199"
            advice = "write year-month-day, for example 2027-01-31"
            raise complaint(codes.NOT_A_DATE, message, advice)
        return found

    pattern = f"^{_DATE}$"
    return Scalar(_read, {"title": "date", "type": "string", "format": "date", "pattern": pattern})


def moment() -> Scalar:
    """`2026-12-20T00:00:00Z`; the value is in UTC."""

    def _read(text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text) if re.fullmatch(_DATE + _TIME, text) else None
        except ValueError:
            found = None
        if found is None or found.year not in _YEARS:
            message = f"{shown(text)} is not a moment of the years 2000 to 2199"
            advice = "write date, time and zone, for example 2026-12-20T00:00:00Z"
            raise complaint(codes.NOT_AN_INSTANT, message, advice)
        return found.astimezone(UTC)

    return Scalar(_read, {"title": "moment", "type": "string", "format": "date-time"})


def _written(text: str) -> str:
    """The text as it stands in the file: quotes make the difference for numbers and switches."""
    return f"{shown(text)} in quotes" if isinstance(text, Quoted) else shown(text)
