"""When merchants upload: office hours of working days more than nights and Sundays.

Before the way of a change.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.cuid import Instants

_HOUR: Final = np.timedelta64(3_600_000, "ms")
_HOURS_OF_WEEK: Final = 168
_THURSDAY: Final = 3  # 1970-01-01 was one; Monday is 0
_NIGHT, _EVENING, _OFFICE = 0.15, 0.5, 1.0
_DAY: Final = (*[_NIGHT] * 7, *[_EVENING] * 2, *[_OFFICE] * 9, *[_EVENING] * 4, *[_NIGHT] * 2)
_WEEK: Final = np.array(
    [hour * day for day in (1.0, 1.1, 1.0, 1.0, 0.9, 0.3, 0.2) for hour in _DAY]
)


def draw_moments(
    expected: NDArray[np.float64],
    start: np.datetime64,
    end: np.datetime64,
    rng: np.random.Generator,
) -> tuple[NDArray[np.intp], Instants]:
    """Draw who uploads when in a window, oldest first.

    Args:
        expected: How many uploads each merchant has in an average window of that length. Shape
            `(merchants,)`.
        start: The first instant.
        end: The end of the window, excluded.
        rng: Where chance comes from.

    Returns:
        The place of the merchant and the instant of each upload.
    """
    last = (end - np.timedelta64(1, "ms")).astype("datetime64[h]")
    hours = np.arange(start.astype("datetime64[h]"), last + np.timedelta64(1, "h"))
    begins = np.maximum(hours.astype("datetime64[ms]"), start)
    length = np.minimum(hours.astype("datetime64[ms]") + _HOUR, end) - begins
    weights = (length / _HOUR) * _WEEK[_hours_of_week(hours)]
    # A window at night has less in it than one of the same length at noon.
    busy = weights.sum() / ((end - start) / _HOUR * _WEEK.mean())
    merchant = np.repeat(np.arange(len(expected)), rng.poisson(expected * busy))
    hour = rng.choice(len(hours), size=len(merchant), p=weights / weights.sum())
    after = (rng.random(len(merchant)) * length[hour].astype(np.int64)).astype("timedelta64[ms]")
    moments = begins[hour] + after
    order = np.argsort(moments, kind="stable")
    return merchant[order], moments[order]


def _hours_of_week(hours: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return (hours.astype(np.int64) + 24 * _THURSDAY) % _HOURS_OF_WEEK
