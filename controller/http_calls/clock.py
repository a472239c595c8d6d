"""The seam through which adapters see time, so that tests need neither wait nor guess."""

import time
from typing import Protocol


class Clock(Protocol):
    """What an adapter needs to know about time."""

    def time(self) -> float:
        """Seconds since 1970, as other machines count them too."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never set back: to measure how long something takes."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class SystemClock:
    """The machine's own clock."""

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds from an arbitrary start."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds."""
        time.sleep(seconds)
