"""Switches, numbers, durations, shares, days and moments: exactly one way to write each."""

import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from controller.config import reading_codes as codes
from controller.config.document import Quoted
from controller.config.quantities import (
    count,
    count_or_off,
    day,
    decimal,
    duration,
    moment,
    share,
    switch,
)
from controller.domain.units import Percent

KINDS = {
    "switch": switch(),
    "count": count(0, 10**9),
    "count_or_off": count_or_off(100),
    "decimal": decimal(10),
    "duration": duration(),
    "share": share(),
    "share_or_off": share(off=True),
    "day": day(),
    "moment": moment(),
}


def code_of(scalar, text):
    with pytest.raises(PydanticCustomError) as raised:
        scalar.read(text)
    return raised.value.context["code"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("switch", "true", True),
        ("switch", "false", False),
        ("count", "0", 0),
        ("count", "1000000", 1_000_000),
        ("count_or_off", "off", None),
        ("count_or_off", "7", 7),
        ("decimal", "0.5", 0.5),
        ("decimal", "10", 10.0),
        ("duration", "36h", timedelta(hours=36)),
        ("duration", "0s", timedelta(0)),
        ("share", "10", Percent(1_000)),
        ("share", Quoted("12.5%"), Percent(1_250)),
        ("share", "100%", Percent(10_000)),
        ("share_or_off", "off", None),
        ("day", "2028-02-29", date(2028, 2, 29)),
        ("moment", "2026-12-20T01:00:00+01:00", datetime(2026, 12, 20, tzinfo=UTC)),
        ("moment", "2026-12-20T00:00:00.5Z", datetime(2026, 12, 20, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_what_is_read(kind, text, value):
    found = KINDS[kind].read(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "texts", "code"),
    [
        ("switch", ["yes", "True", "1", Quoted("true")], codes.NOT_A_SWITCH),
        ("count", ["1.0", "010", "1_0", "+1", "٣", "9" * 5_000, Quoted("1")], codes.NOT_A_NUMBER),
        ("count", ["-1", "1000000001"], codes.OUT_OF_RANGE),
        ("count_or_off", ["0", "101"], codes.OUT_OF_RANGE),
        ("decimal", [".5", "1e-1", "nan", "inf", "0.1234567", Quoted("1")], codes.NOT_A_NUMBER),
        ("decimal", ["0", "0.0", "10.1"], codes.OUT_OF_RANGE),
        ("duration", ["10", "1.5h", "10 m", "-1h", "01h", "1w", "4000d"], codes.NOT_A_DURATION),
        ("share", ["101", "10.123", "-1", "1e1", "ten", "010"], codes.NOT_A_PERCENTAGE),
        ("share", ["0", "0.00%"], codes.OUT_OF_RANGE),
        ("share", ["off"], codes.NOT_A_PERCENTAGE),
        (
            "day",
            ["2026-02-30", "2026-2-3", "1999-12-31", "2200-01-01", "20260203"],
            codes.NOT_A_DATE,
        ),
        (
            "moment",
            ["2026-12-20T00:00:00", "2026-12-20", "2026-12-20 00:00:00Z"],
            codes.NOT_AN_INSTANT,
        ),
        ("moment", ["2026-12-20T24:01:00Z", "2026-12-20T00:00:60Z"], codes.NOT_AN_INSTANT),
        ("moment", ["2026-12-20T00:00:00+25:00", "1999-12-31T00:00:00Z"], codes.NOT_AN_INSTANT),
    ],
)
def test_what_is_refused(kind, texts, code):
    assert [code_of(KINDS[kind], text) for text in texts] == [code] * len(texts)


def test_limits_that_depend_on_the_field():
    assert code_of(duration(above_zero=True), "0s") is codes.OUT_OF_RANGE
    assert code_of(share(hundred=False), "100%") is codes.OUT_OF_RANGE


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(max_size=20))
def test_any_text_is_read_or_complained_about(kind, text):
    with contextlib.suppress(PydanticCustomError):
        KINDS[kind].read(text)
