"""The terminal as a screen that is drawn in place, and given back as it was however it ends.

Only what `monitor` needs: the other screen that terminals have beside the one with the history,
keys without a line end, and signals as plain values. Python's own modules do all of it.
"""

import os
import signal
import sys
import termios
import tty
from contextlib import suppress
from types import FrameType
from typing import Any, Final, Self

import click

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l"  # other screen, no cursor, cut what is too wide
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME: Final = "\x1b[H"
_REST_OF_LINE: Final = "\x1b[K"

ENDING: Final = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM})
_HEARD: Final = (*sorted(ENDING), signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)
_MOST_KEYS: Final = 64


def is_possible() -> bool:
    """Whether there is a terminal to draw on and to read keys from."""
    whole = sys.stdin.isatty() and sys.stdout.isatty()
    return whole and os.environ.get("TERM", "dumb") != "dumb"


class FullScreen:
    """The screen, from `with` to its end.

    Args:
        colour: Whether styles are kept in what is drawn.
    """

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour
        self._keyboard = sys.stdin.fileno()
        self._before: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._heard, self._told = -1, -1

    def __enter__(self) -> Self:
        sys.stdout.flush()
        self._before = termios.tcgetattr(self._keyboard)
        self._heard, self._told = os.pipe()
        os.set_blocking(self._heard, False)
        os.set_blocking(self._told, False)
        signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        for number in _HEARD:
            self._handlers[number] = signal.signal(number, _only_wake)
        try:
            self._take()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._heard)
        os.close(self._told)

    @property
    def sources(self) -> tuple[int, int]:
        """What to wait for: keys, and signals."""
        return self._keyboard, self._heard

    def keys(self) -> str | None:
        """The keys pressed since; None where the terminal is gone."""
        try:
            pressed = os.read(self._keyboard, _MOST_KEYS)
        except OSError:
            return None
        return pressed.decode("ascii", "ignore") if pressed else None

    def signals(self) -> tuple[int, ...]:
        """The signals heard since, those that end the program among them; see `ENDING`.

        To be stopped by Ctrl-Z and to go on afterwards is done here.
        """
        with suppress(BlockingIOError):
            heard = tuple(os.read(self._heard, _MOST_KEYS))
            if signal.SIGTSTP in heard:
                self._stop()
            elif signal.SIGCONT in heard:
                self._take()
            return heard
        return ()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now."""
        try:
            size = os.get_terminal_size(sys.stdout.fileno())
        except OSError:
            return 80, 24
        # A terminal that was never told its size says zero.
        return size.columns or 80, size.lines or 24

    def draw(self, lines: list[str]) -> None:
        """Replace what is on the screen; there is one line for each of its own."""
        shown = lines if self._colour else [click.unstyle(line) for line in lines]
        # Before the text: behind it, a line that fills the screen would lose its last letter.
        text = "\r\n".join(f"{_REST_OF_LINE}{line}" for line in shown)
        self._write(f"{_HOME}{text}")

    def _take(self) -> None:
        tty.setcbreak(self._keyboard)  # Ctrl-C and Ctrl-Z go on being signals
        self._write(_ENTER)

    def _give_back(self) -> None:
        # The terminal may be gone, and then there is nothing to give back.
        with suppress(OSError, termios.error):
            self._write(_LEAVE)
        with suppress(OSError, termios.error):
            termios.tcsetattr(self._keyboard, termios.TCSAFLUSH, self._before)

    def _stop(self) -> None:
        self._give_back()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        self._take()

    def _write(self, text: str) -> None:
        # Names are other people's: a terminal of another encoding shows what it can.
        sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "replace"))
        sys.stdout.buffer.flush()


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """That there is a handler makes Python write the number into the pipe; see `set_wakeup_fd`."""
