"""Texts that take up an exact number of cells of a terminal, whatever letters are in them.

For a screen that is drawn in place: a line that is one cell too long would push the others down.
The texts must be escaped already, and are measured before they are coloured.
"""

import unicodedata
from typing import Final

_CUT: Final = "…"
_WIDE: Final = frozenset("WF")


def cells(text: str) -> int:
    """How many cells a text takes up."""
    return sum(_cells(letter) for letter in text)


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells: padded, or cut with a mark."""
    needed = cells(text)
    if needed <= width:
        return text + " " * (width - needed)
    return cut(text, width)


def cut(text: str, width: int) -> str:
    """The text in at most so many cells, with a mark where it was cut."""
    if cells(text) <= width:
        return text
    kept, room = [], width - 1
    for letter in text:
        room -= _cells(letter)
        if room < 0:
            break
        kept.append(letter)
    whole = "".join(kept) + _CUT
    # A wide letter that did not fit leaves a cell.
    return whole + " " * (width - cells(whole)) if width > 0 else ""


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1
