"""Numbers and times in the words of a report.

Rounding never flatters: a rate just below its target must not be shown as the target.
"""

import math
from datetime import timedelta
from typing import Final

from controller.domain.units import Percent
from controller.domain.wording import counted, form

_SMALL: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NEARLY_NEVER: Final = 0.0001
_NEARLY_ALWAYS: Final = 0.999
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def spelled(number: int, noun: str, plural: str = "") -> str:
    """`no runs`, `one run`, `two runs`, and figures from ten on; for the middle of a sentence."""
    if number < len(_SMALL):
        return f"{_SMALL[number]} {form(number, noun, plural)}"
    return counted(number, noun, plural)


def rounded_down(share: float) -> str:
    """A rate or a lower limit as a percentage, cut to one decimal: `94.9 %` for 0.9499."""
    # Enough decimals first: 0.29 * 100 is 28.999999999999996.
    return f"{math.floor(round(share * 1000, 9)) / 10:g} %"


def rounded_up(share: float) -> str:
    """An upper limit as a percentage, raised to one decimal: `95.1 %` for 0.9501."""
    return f"{math.ceil(round(share * 1000, 9)) / 10:g} %"


def whole_percent(share: float) -> str:
    """A rate as a whole percentage, rounded: `55 %` for 0.549."""
    return f"{share * 100:.0f} %"


def percent(share: Percent) -> str:
    """A percentage of the policy: `85 %`, `12.5 %`."""
    return f"{share.basis_points / 100:g} %"


def probability(chance: float) -> str:
    """A chance with three digits, never rounded to certainty: `0.0184`, `under 0.0001`."""
    if chance < _NEARLY_NEVER:
        return f"under {_NEARLY_NEVER}"
    if chance > _NEARLY_ALWAYS:
        return f"over {_NEARLY_ALWAYS}"
    return f"{chance:.3g}"


def duration(time: timedelta) -> str:
    """`42 s`, `3 min 42 s`, `1 h 5 min`, `2 d 3 h`: the two largest units, the rest cut off."""
    seconds = int(time.total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    for index, (unit, size) in enumerate(units):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            if index + 1 < len(units) and rest >= units[index + 1][1]:
                smaller, smaller_size = units[index + 1]
                return f"{whole} {unit} {rest // smaller_size} {smaller}"
            return f"{whole} {unit}"
    return "0 s"


def about(time: timedelta) -> str:
    """`about 20 minutes`, `about 9 hours`, `about 3 days`: rounded up, in the unit that fits."""
    if time < 2 * _HOUR:
        return f"about {counted(max(1, math.ceil(time / _MINUTE)), 'minute')}"
    if time < 2 * _DAY:
        return f"about {counted(math.ceil(time / _HOUR), 'hour')}"
    return f"about {counted(math.ceil(time / _DAY), 'day')}"


def names(items: tuple[str, ...]) -> str:
    """`` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; at least one."""
    *others, last = [f"`{item}`" for item in items]
    return f"{', '.join(others)} and {last}" if others else last
