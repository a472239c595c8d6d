from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.units import (
    EVERYONE,
    Percent,
    format_duration,
    parse_duration,
    parse_percent,
)

LONGEST = 3_650 * 86_400


@pytest.mark.parametrize(
    ("text", "basis_points"),
    [
        ("0", 0),
        ("0%", 0),
        ("0.01%", 1),
        ("1", 100),
        ("10%", 1_000),
        ("12.5", 1_250),
        ("12.50%", 1_250),
        ("33.33%", 3_333),
        ("100", 10_000),
        ("100.00%", 10_000),
    ],
)
def test_a_percentage_as_people_write_it(text, basis_points):
    assert parse_percent(text) == Percent(basis_points)


NO_PERCENTAGES = (
    ["", "%", "-1", "+1", "010", "1.", ".5", "1.234", "1e1", "10 %", " 10", "10%%", "1_0", "ten"],
    ["100.01", "101%", "999", "1000", "\u0661\u0660", "10\n"],
)


@pytest.mark.parametrize("text", [text for texts in NO_PERCENTAGES for text in texts])
def test_what_is_no_percentage(text):
    with pytest.raises(ValueError, match="percentage"):
        parse_percent(text)


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(0, "0%"), (1, "0.01%"), (1_250, "12.5%"), (9_999, "99.99%"), (10_000, "100%")],
)
def test_a_percentage_is_shown_as_short_as_it_is(basis_points, text):
    assert str(Percent(basis_points)) == text


@given(st.integers(0, 10_000))
def test_a_percentage_survives_being_shown_and_read(basis_points):
    assert parse_percent(str(Percent(basis_points))) == Percent(basis_points)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percentages_are_ordered_as_numbers(one, other):
    assert (Percent(one) < Percent(other)) == (one < other)
    assert Percent(one).fraction * 10_000 == pytest.approx(one)


@pytest.mark.parametrize(("basis_points", "shown"), [(-1, "-0.01"), (10_001, "100.01")])
def test_a_percentage_is_between_0_and_100(basis_points, shown):
    with pytest.raises(ValueError, match=f"between 0 and 100, not {shown}"):
        Percent(basis_points)


def test_everyone_is_100_percent():
    assert str(EVERYONE) == "100%"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("90s", 90), ("10m", 600), ("36h", 129_600), ("2d", 172_800), ("3650d", LONGEST)],
)
def test_a_duration_as_people_write_it(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "1", "d", "1.5d", "-1d", "01d", "1w", "1 d", "1d ", "1D", "1_0s", "\u0663d", "1d\n"],
)
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["3651d", "999999999d", "315360001s"])
def test_a_duration_is_at_most_ten_years(text):
    with pytest.raises(ValueError, match="at most 3650d"):
        parse_duration(text)


@given(st.integers(0, LONGEST))
def test_a_duration_survives_being_shown_and_read(seconds):
    duration = timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(), "0s"),
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=60), "1h"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=2), "2d"),
    ],
)
def test_a_duration_is_shown_in_the_largest_unit_that_is_exact(duration, text):
    assert format_duration(duration) == text
