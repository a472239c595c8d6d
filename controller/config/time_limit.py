"""A limit on how long a piece of foreign logic may compute.

Regular expressions and schemas from a rules file can run for hours on a short text. Python's
matcher looks for signals while it works, so an alarm can stop it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeIsUp(Exception):  # noqa: N818 -- reads as what happened
    """The computation took longer than it may."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what runs inside after some seconds of wall clock.

    Alarms reach only the main thread; in another one nothing is limited.

    Raises:
        TimeIsUp: The time is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeIsUp

    handler = signal.signal(signal.SIGALRM, _stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, handler)
