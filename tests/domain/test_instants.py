from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.instants import format_instant, is_over, whole_seconds

ZONES = [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))]
instants = st.integers(-2_000_000_000_000, 30_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@pytest.mark.parametrize(
    ("milliseconds", "seconds"),
    [(0, 0), (999, 0), (1_000, 1), (-1, -1), (-1_000, -1), (-1_001, -2)],
)
def test_seconds_are_rounded_down_on_both_sides_of_1970(milliseconds, seconds):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert whole_seconds(at) == seconds


@given(instants, instants)
def test_rounding_keeps_the_order(one, other):
    if one <= other:
        assert whole_seconds(one) <= whole_seconds(other)


@given(instants, st.sampled_from(ZONES))
def test_the_zone_of_a_value_does_not_matter(at, zone):
    local = at.astimezone(zone)
    assert whole_seconds(local) == whole_seconds(at)
    assert format_instant(local) == format_instant(at)
    assert is_over(date(2026, 11, 20), local) == is_over(date(2026, 11, 20), at)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_over_at_midnight_in_utc(zone):
    midnight = datetime(2026, 11, 21, tzinfo=UTC).astimezone(zone)
    assert not is_over(date(2026, 11, 20), midnight - timedelta(microseconds=1))
    assert is_over(date(2026, 11, 20), midnight)


def test_the_last_day_there_is_never_ends():
    assert not is_over(date.max, datetime(9999, 12, 31, 23, 59, tzinfo=UTC))


def test_an_instant_is_told_to_the_minute_in_utc():
    at = datetime(2026, 11, 20, 1, 30, 59, tzinfo=timezone(timedelta(hours=2)))
    assert format_instant(at) == "2026-11-19 23:30 UTC"
