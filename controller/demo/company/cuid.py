"""Ids as Prisma makes them: 25 characters, a `c` and 24 of base 36, rising with time.

Before the way of a change: the generated company's ids look, sort and bucket like an app's own.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Instants: TypeAlias = NDArray[np.datetime64]
"""Milliseconds since 1970 UTC, as `datetime64[ms]`; NaT where something has not happened."""

LENGTH: Final = 25
_DIGITS: Final = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_TIME, _COUNTER, _MACHINE, _RANDOM = 8, 4, 4, 8
_COUNTS: Final = len(_DIGITS) ** _COUNTER
_FINGERPRINT: Final = 0x0C0FFE  # which process made them; one app, one process


def cuids(created: Instants, rng: np.random.Generator) -> list[str]:
    """One id for each instant; distinct by their counter and their random end.

    Args:
        created: When the rows were made. Rows made later get ids that sort later.
        rng: Where the random end comes from; the same state gives the same ids.
    """
    count = len(created)
    out = np.empty((count, LENGTH), dtype=np.uint8)
    out[:, 0] = ord("c")
    random = rng.integers(0, len(_DIGITS) ** _RANDOM, size=count)
    parts = (
        (created.astype(np.int64), _TIME),
        (np.arange(count) % _COUNTS, _COUNTER),
        (np.full(count, _FINGERPRINT), _MACHINE),
        (random, _RANDOM),
    )
    column = 1
    for numbers, width in parts:
        _write_base36(out[:, column : column + width], numbers)
        column += width
    text = out.tobytes().decode("ascii")
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


def _write_base36(out: NDArray[np.uint8], numbers: NDArray[np.int64]) -> None:
    rest = numbers
    for place in reversed(range(out.shape[1])):
        rest, digit = np.divmod(rest, len(_DIGITS))
        out[:, place] = _DIGITS[digit]
