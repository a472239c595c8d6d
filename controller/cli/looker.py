"""Looking every few seconds beside whatever shows it, so that a key never waits for a database."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from queue import SimpleQueue
from typing import Final, Self

from controller.errors import DatabaseUnreachable
from controller.inquiry.monitor import Sighting

_LONGEST: Final = timedelta(seconds=30)
_SHORTEST: Final = timedelta(seconds=1)
"""Looking now, again and again, is not faster than this."""

_FAREWELL: Final = 1.0
"""Seconds for a look that is under way at the end; the server ends it by its time limit."""


class NoAnswer:
    """A look to which the database did not answer."""

    def __init__(self, problem: DatabaseUnreachable, again_in: timedelta) -> None:
        self.problem = problem
        self.again_in = again_in


class Looker:
    """Looks in a thread of its own, from `with` to its end.

    Args:
        look: What to do; it raises `DatabaseUnreachable` where another look may find more.
        every: How long between two looks.
    """

    def __init__(self, look: Callable[[], Sighting], every: timedelta) -> None:
        self._look = look
        self._every = every
        self._found: SimpleQueue[Sighting | NoAnswer | Exception] = SimpleQueue()
        self._wake = threading.Event()
        self._ended = False
        self._next = time.monotonic() + every.total_seconds()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.paused = False

    def __enter__(self) -> Self:
        self.source, self._told = os.pipe()
        os.set_blocking(self.source, False)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._wake.set()
        self._thread.join(_FAREWELL)

    @property
    def next_look(self) -> timedelta:
        """How long until the next one."""
        return timedelta(seconds=max(self._next - time.monotonic(), 0))

    def now(self) -> None:
        """Look without waiting."""
        self._wake.set()

    def found(self) -> list[Sighting | NoAnswer]:
        """What was found since, the oldest first.

        Raises:
            RolloutError: What no further look would mend.
        """
        with suppress(BlockingIOError):
            os.read(self.source, 64)
        result: list[Sighting | NoAnswer] = []
        while not self._found.empty():
            one = self._found.get()
            if isinstance(one, Exception):
                raise one
            result.append(one)
        return result

    def _work(self) -> None:
        pause, failures = self._every, 0
        while self._wait(pause):
            try:
                self._tell(self._look())
                pause, failures = self._every, 0
            except DatabaseUnreachable as problem:
                failures += 1
                pause = min(_LONGEST, timedelta(seconds=2**failures))
                self._tell(NoAnswer(problem, pause))
            except Exception as problem:  # noqa: BLE001 -- raised again where it can be reported
                self._tell(problem)
                return

    def _wait(self, pause: timedelta) -> bool:
        """Whether to look once more, when the time has come."""
        begun = time.monotonic()
        self._next = begun + pause.total_seconds()
        while not self._ended:
            rest = None if self.paused else self._next - time.monotonic()
            if rest is not None and rest <= 0:
                return True
            if self._wake.wait(rest):
                self._wake.clear()
                if not self.paused:
                    self._next = min(self._next, begun + _SHORTEST.total_seconds())
        return False

    def _tell(self, what: Sighting | NoAnswer | Exception) -> None:
        self._found.put(what)
        os.write(self._told, b".")
