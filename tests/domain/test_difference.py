"""Differences are told by path, and only where the meaning differs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from controller.domain.difference import Difference, differences
from controller.domain.environment import OnRollback
from controller.domain.gate_policy import Criterion
from controller.domain.units import Percent


def criterion(name: str, floor: int) -> Criterion:
    return Criterion(name, Percent(9_500), Percent(floor))


def test_a_threshold_is_told_by_its_path():
    before = {"criteria": (criterion("completed", 8_500), criterion("on_time", 8_000))}
    after = {"criteria": (criterion("completed", 5_000), criterion("on_time", 8_000))}
    assert differences(before, after) == (Difference("criteria.completed.floor", "85%", "50%"),)


def test_the_order_of_what_has_no_order_is_no_difference():
    one, two = criterion("completed", 8_500), criterion("on_time", 8_000)
    assert differences((one, two), (two, one)) == ()
    assert differences(("a", "b"), ("b", "a")) == ()
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == ()


@pytest.mark.parametrize(
    ("before", "after"), [(("a, b",), ("a", "b")), ((), None), ((), ("",)), ("", None)]
)
def test_what_only_looks_alike_differs(before, after):
    assert differences({"x": before}, {"x": after}) != ()


def test_nothing_at_all_is_none():
    assert differences(None, "open_revert") == (Difference("", None, "open_revert"),)
    assert differences(None, None) == ()


def test_values_are_written_as_files_have_them():
    before = {
        "on": True,
        "soak": timedelta(hours=48),
        "at": datetime(2026, 1, 2, tzinfo=UTC),
        "day": date(2026, 1, 2),
        "then": OnRollback.REPORT,
    }
    texts = {d.path: d.before for d in differences(before, {})}
    assert texts == {
        "at": "2026-01-02T00:00:00+00:00",
        "day": "2026-01-02",
        "on": "true",
        "soak": "2d",
        "then": "report",
    }
