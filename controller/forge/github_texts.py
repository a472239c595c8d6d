"""Text in the lengths that GitHub takes: cut, rather than refused and lost.

The last resort only: whoever makes a text knows better what may be left out. How GitHub counts a
character is not said, so each is counted as what it is at most.
"""

import re
from typing import Final

_DESCRIPTION: Final = 140
_TITLE: Final = 256
_BODY: Final = 65_536
_SPACE: Final = re.compile(r"\s+")
_REST: Final = "\n\n(cut here: GitHub takes no more)\n"


def description(text: str) -> str:
    """One line, as long as a commit status may have."""
    return _line(text, _DESCRIPTION)


def title(text: str) -> str:
    """One line, as long as the title of a pull request may be."""
    return _line(text, _TITLE)


def body(text: str) -> str:
    """A comment, or what stands below a title; cut at the end of a line."""
    whole = text.encode(errors="replace")
    if len(whole) <= _BODY:
        return whole.decode()
    kept = whole[: _BODY - len(_REST)].decode(errors="ignore")
    return (kept.rpartition("\n")[0] or kept) + _REST


def _line(text: str, most: int) -> str:
    units = _SPACE.sub(" ", text).strip().encode("utf-16-le", "replace")
    if len(units) <= 2 * most:
        return units.decode("utf-16-le")
    return units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
