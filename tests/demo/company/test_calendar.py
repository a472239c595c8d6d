import numpy as np

from controller.demo.company.calendar import draw_moments

_MONDAY = np.datetime64("2026-06-08T00:00:00", "ms")


def _hours(hours: float) -> np.timedelta64:
    return np.timedelta64(round(hours * 3_600_000), "ms")


def test_uploads_lie_in_the_window_oldest_first():
    start, end = _MONDAY + _hours(8.25), _MONDAY + _hours(8.75)
    merchant, moments = draw_moments(np.full(50, 40.0), start, end, np.random.default_rng(1))
    assert len(merchant) == len(moments) > 1_000
    assert (moments >= start).all()
    assert (moments < end).all()
    assert (np.diff(moments) >= np.timedelta64(0, "ms")).all()


def test_a_week_has_as_many_as_expected_most_in_office_hours_of_working_days():
    _, moments = draw_moments(
        np.full(100, 100.0), _MONDAY, _MONDAY + _hours(168), np.random.default_rng(1)
    )
    assert 9_500 < len(moments) < 10_500
    hour = (moments - _MONDAY) // _hours(1)
    assert np.mean((hour % 24 >= 9) & (hour % 24 < 18)) > 0.55
    assert np.mean(hour >= 120) < 0.15


def test_a_night_has_less_than_a_morning():
    night, morning = (
        len(draw_moments(np.full(9, 90.0), start, start + _hours(3), np.random.default_rng(1))[0])
        for start in (_MONDAY + _hours(1), _MONDAY + _hours(10))
    )
    assert 3 * night < morning


def test_nobody_uploads_where_nobody_is():
    merchant, moments = draw_moments(
        np.empty(0), _MONDAY, _MONDAY + _hours(1), np.random.default_rng(1)
    )
    assert len(merchant) == len(moments) == 0
