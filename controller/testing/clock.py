"""A clock that stands still until it is told otherwise, so that tests of waiting do not wait."""

import threading
from typing import Protocol

_START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class Clock(Protocol):
    """Where a fake service takes the time from."""

    def time(self) -> float:
        """Seconds since 1970."""


class FakeClock:
    """Time as a number. Sleeping moves it; nothing else does, but `advance`.

    Safe to share between the code under test and a fake server's threads.
    """

    def __init__(self, start: float = _START) -> None:
        self._lock = threading.Lock()
        self._now = start

    def time(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """The same number: this clock is never set back."""
        return self.time()

    def sleep(self, seconds: float) -> None:
        """Be that many seconds later, at once."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass."""
        with self._lock:
            self._now += max(0.0, seconds)
