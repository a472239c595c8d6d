"""Rounding that never flatters, and words that a sentence can be made of."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.units import Percent
from controller.gate import words


@pytest.mark.parametrize(
    ("share", "down", "up"),
    [
        (0.0, "0 %", "0 %"),
        (0.29, "29 %", "29 %"),
        (0.9499, "94.9 %", "95 %"),
        (0.95, "95 %", "95 %"),
        (0.95001, "95 %", "95.1 %"),
        (0.9999, "99.9 %", "100 %"),
        (1.0, "100 %", "100 %"),
    ],
)
def test_rates_are_rounded_against_the_feature(share, down, up):
    assert words.rounded_down(share) == down
    assert words.rounded_up(share) == up


@given(st.integers(0, 10_000))
def test_a_rate_below_a_target_is_never_shown_as_the_target(points):
    below = words.rounded_down(points / 10_000 - 1e-6) if points else "0 %"
    assert float(below.removesuffix(" %")) <= points / 100


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0.0, "under 0.0001"),
        (0.00009, "under 0.0001"),
        (0.0001, "0.0001"),
        (0.018351, "0.0184"),
        (0.9652, "0.965"),
        (0.999, "0.999"),
        (0.99901, "over 0.999"),
        (1.0, "over 0.999"),
    ],
)
def test_a_chance_is_never_rounded_to_certainty(chance, text):
    assert words.probability(chance) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (42, "42 s"),
        (60, "1 min"),
        (222, "3 min 42 s"),
        (600, "10 min"),
        (3_600, "1 h"),
        (3_659, "1 h"),
        (3_900, "1 h 5 min"),
        (86_400, "1 d"),
        (97_200, "1 d 3 h"),
        (1_209_600, "14 d"),
    ],
)
def test_durations(seconds, text):
    assert words.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(0), "about 1 minute"),
        (timedelta(minutes=20), "about 20 minutes"),
        (timedelta(minutes=119), "about 119 minutes"),
        (timedelta(hours=2), "about 2 hours"),
        (timedelta(hours=8, minutes=10), "about 9 hours"),
        (timedelta(hours=47, minutes=59), "about 48 hours"),
        (timedelta(hours=48), "about 2 days"),
        (timedelta(days=2, hours=1), "about 3 days"),
    ],
)
def test_estimates_are_rounded_up(time, text):
    assert words.about(time) == text


def test_counting():
    assert words.spelled(0, "more run") == "no more runs"
    assert words.spelled(1, "more failure") == "one more failure"
    assert words.spelled(9, "run") == "nine runs"
    assert words.spelled(10, "run") == "10 runs"


def test_names():
    assert words.names(("a",)) == "`a`"
    assert words.names(("a", "b")) == "`a` and `b`"
    assert words.names(("a", "b", "c")) == "`a`, `b` and `c`"


def test_percentages():
    assert words.percent(Percent(8500)) == "85 %"
    assert words.percent(Percent(1250)) == "12.5 %"
    assert words.whole_percent(0.5493) == "55 %"
