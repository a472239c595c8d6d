"""A terminal on paper: what a program writes to one, turned into what a person sees there.

Knows the few codes that rolloutctl writes: styles, the home position, the rest of a line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import Any, Final

_CODE: Final = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b.|([\r\n])|([^\x1b\r\n])", re.DOTALL)
_COLOURS: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_COLOURED: Final = (3, 9)
"""Tens of the codes of colours, and of bright ones."""
_SWITCHES: Final[Mapping[int, Mapping[str, Any]]] = {
    1: {"bold": True},
    2: {"dim": True},
    7: {"reverse": True},
    39: {"colour": ""},
}


@dataclass(frozen=True, slots=True)
class Style:
    """How one character looks."""

    colour: str = ""
    bold: bool = False
    dim: bool = False
    reverse: bool = False

    @property
    def classes(self) -> str:
        """As the style sheet of `pictures.frame` calls it."""
        named = {"bold": self.bold, "dim": self.dim, "reverse": self.reverse, self.colour: True}
        return " ".join(name for name, is_set in named.items() if name and is_set)

    def changed_by(self, code: int) -> "Style":
        """After one number of a style code."""
        if code == 0:
            return Style()
        change = _SWITCHES.get(code) or {}
        tens, number = divmod(code, 10)
        if tens in _COLOURED and number < len(_COLOURS):
            change = {"colour": _COLOURS[number]}
        return replace(self, **change)


@dataclass(slots=True)
class Screen:
    """Lines of styled characters, and where the next one goes."""

    lines: list[list[tuple[str, Style]]] = field(default_factory=lambda: [[]])
    _row: int = 0
    _column: int = 0
    _style: Style = field(default_factory=Style)

    def write(self, text: str) -> None:
        """Take what a program wrote."""
        for parameters, code, move, character in _CODE.findall(text):
            if character:
                self._put(character)
            elif move:
                self._move(move)
            elif code:
                self._obey(code, parameters)

    def _put(self, character: str) -> None:
        line = self.lines[self._row]
        line += [(" ", Style())] * (self._column + 1 - len(line))
        line[self._column] = (character, self._style)
        self._column += 1

    def _move(self, move: str) -> None:
        if move == "\r":
            self._column = 0
            return
        self._row, self._column = self._row + 1, 0
        if self._row == len(self.lines):
            self.lines.append([])

    def _obey(self, code: str, parameters: str) -> None:
        if code == "m":
            for number in parameters.split(";"):
                self._style = self._style.changed_by(int(number or 0))
        elif code == "H":
            self._row = self._column = 0
        elif code == "K":
            del self.lines[self._row][self._column :]

    def html(self) -> str:
        """As the inside of a `pre`; empty lines at the end are left out."""
        lines = ["".join(_span(style, run) for style, run in _runs(line)) for line in self.lines]
        return "\n".join(lines).rstrip("\n")


def _runs(line: list[tuple[str, Style]]) -> list[tuple[Style, str]]:
    grouped = groupby(line, key=lambda cell: cell[1])
    return [(style, "".join(character for character, _ in cells)) for style, cells in grouped]


def _span(style: Style, text: str) -> str:
    return f'<span class="{style.classes}">{escape(text)}</span>' if style.classes else escape(text)
