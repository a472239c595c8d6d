"""Lines that fit: wrapped text and columns, for reports that are longer than a screen is wide.

Everything is measured before it is coloured. The texts must be escaped already.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Final

Style = Callable[[str], str]

WIDTH: Final = 100
"""Where no terminal says how wide it is."""

NARROW: Final = 72
"""Below this a table of many columns is not tried."""

NARROWEST: Final = 40
"""Below this nothing is made to fit."""

_LEAST: Final = 20
_NO_BREAK: Final = "\xa0"
_INSEPARABLE: Final = re.compile(r"(?<=\d) (?=%|UTC|min\b|h\b|d\b|s\b|\d\d:\d\d)")
"""Between a figure and its unit, no line ends."""
_GAP: Final = "  "
_NEXT: Final = "  next: "


def wrapped(text: str, width: int, *, first: str = "", rest: str = "") -> Iterator[str]:
    """The text in lines of at most `width`, broken inside words only where a word is longer.

    Args:
        text: Escaped, without line ends.
        width: Of the terminal, in characters.
        first: What the first line begins with.
        rest: What the others begin with.
    """
    lines = textwrap.wrap(
        _INSEPARABLE.sub(_NO_BREAK, text),
        max(width, len(rest) + _LEAST),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    yield from (line.replace(_NO_BREAK, " ") for line in lines or [first.rstrip()])


def styled(style: Style, lines: Iterator[str]) -> Iterator[str]:
    """The same lines, each coloured without its indentation."""
    for line in lines:
        text = line.lstrip(" ")
        yield line[: len(line) - len(text)] + style(text)


def steps(text: str, width: int) -> Iterator[str]:
    """What to do next: the first thing first, each on a line of its own to be copied from.

    Args:
        text: Escaped; several things are parted by `; `.
        width: Of the terminal, in characters.
    """
    rest = " " * len(_NEXT)
    for number, step in enumerate(text.split("; ")):
        yield from wrapped(step, width, first=rest if number else _NEXT, rest=rest)


def first_of(text: str) -> str:
    """The first thing to do, of several."""
    return text.partition("; ")[0]


def columns(rows: Sequence[Sequence[str]], left: frozenset[int]) -> list[str]:
    """Rows as aligned lines; columns that are empty below the first row are left out.

    Args:
        rows: The first one may hold the titles.
        left: The columns that are aligned left; the others are figures.
    """
    kept = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:] or rows)]
    widths = {i: max(len(row[i]) for row in rows) for i in kept}
    return [
        _GAP.join(
            row[i].ljust(widths[i]) if i in left else row[i].rjust(widths[i]) for i in kept
        ).rstrip()
        for row in rows
    ]
