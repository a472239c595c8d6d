"""Progress on a terminal's standard error: one line, after a second, gone when the step is done.

Never in a pipe, a file or a job: there it would be noise for ever. Drawn by a thread of its own, so
that the step is not slowed, and without a single escape code.
"""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Final, TextIO

from controller.activity import Tell, watched_by

_PATIENCE: Final = 1.0
"""Seconds after which a person begins to wonder."""
_EVERY: Final = 0.25
_WIDTH: Final = 79


def wanted(stream: TextIO, variables: Mapping[str, str]) -> bool:
    """Whether somebody looks at this stream as it is written."""
    return stream.isatty() and variables.get("TERM") != "dumb" and not variables.get("CI")


class Progress:
    """The one line of a terminal that says what a run is busy with."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._drawn = 0
        self._is_taken = False

    @contextmanager
    def step(self, what: str) -> Iterator[Tell]:
        """Show a step for as long as it lasts; see `controller.activity.Listener`."""
        if self._is_taken:  # within another step, which is the one to show
            yield lambda _done: None
            return
        self._is_taken = True
        count = [0]
        over = threading.Event()
        drawing = threading.Thread(target=self._draw, args=(what, count, over), daemon=True)
        drawing.start()
        try:
            yield lambda done: count.__setitem__(0, done)
        finally:
            over.set()
            drawing.join()
            self._is_taken = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the line away while something else is printed."""
        with self._lock:
            self._erase()
            yield

    def _draw(self, what: str, count: list[int], over: threading.Event) -> None:
        began = time.monotonic()
        pause = _PATIENCE
        while not over.wait(pause):
            pause = _EVERY
            done = f": {count[0]:,}" if count[0] else ""
            text = f"{what}{done} ... {time.monotonic() - began:.0f} s"
            with self._lock:
                self._replace(text)
        with self._lock:
            self._erase()

    def _replace(self, text: str) -> None:
        room = min(_WIDTH, shutil.get_terminal_size().columns - 1)
        text = text[:room]
        self._stream.write(f"\r{text:{self._drawn}}")
        self._stream.flush()
        self._drawn = len(text)

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(f"\r{'':{self._drawn}}\r")
            self._stream.flush()
            self._drawn = 0


@cache
def of_this_process() -> Progress:
    """The line on standard error; there is only one."""
    return Progress(sys.stderr)


def watched() -> AbstractContextManager[None]:
    """Show every step of this run, if somebody looks."""
    if wanted(sys.stderr, os.environ):
        return watched_by(of_this_process().step)
    return nullcontext()
