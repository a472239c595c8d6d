"""A YAML file as read: its values as text, and the place of each.

No value has a type yet. `percent: 010` is the text `010` here; the field it belongs to decides what
that means.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from controller.config.problems import Place

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the outermost level inwards."""


class Mark(Protocol):
    """A place in a text, as PyYAML gives it: line and column from 0."""

    line: int
    column: int


YamlValue: TypeAlias = "dict[str, YamlValue] | list[YamlValue] | str | None"
"""A mapping, a list, a scalar's text (`Quoted` if in quotes or a block), or None for no value."""

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")


class Quoted(str):
    """The text of a scalar that can only be text: it was written in quotes or as a block."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One parsed file.

    Attributes:
        file: Relative to the root of the repository.
        marks: Where each value starts, by path; the empty path is the whole document.
        key_marks: Where each key starts, by the path of its value.
    """

    file: str
    value: YamlValue
    marks: Mapping[Path, Mark]
    key_marks: Mapping[Path, Mark]

    def place(self, *path: str | int) -> Place:
        """Where a value starts; where there is none, the value around it."""
        while path and path not in self.marks:
            path = path[:-1]
        return place_of(self.file, self.marks.get(path))

    def key_place(self, *path: str | int) -> Place:
        """Where the key of a value starts; for a list item, the item itself."""
        mark = self.key_marks.get(path)
        return place_of(self.file, mark) if mark else self.place(*path)

    def follow(self, loose: Path) -> Path:
        """The part of a path that exists here; other elements are left out."""
        path: Path = ()
        for element in loose:
            if (*path, element) in self.marks:
                path = (*path, element)
        return path

    def value_at(self, *path: str | int) -> YamlValue:
        """The value at a path; None where there is none."""
        value = self.value
        for element in path:
            if isinstance(value, dict):
                value = value.get(str(element))
            elif isinstance(value, list) and isinstance(element, int) and element < len(value):
                value = value[element]
            else:
                return None
        return value


def place_of(file: str, mark: Mark | None) -> Place:
    """The place of a mark; the beginning of the file without one."""
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def as_json(value: YamlValue) -> JsonValue:
    """The value with the types that a YAML 1.2 reader gives it, for JSON Schema.

    `true` and `false` become booleans, plain decimal numbers become numbers, and everything else
    stays text; so do `off`, `010`, `1_000`, `12:30` and dates.
    """
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if value is None or isinstance(value, Quoted):
        return None if value is None else str(value)
    return _resolved(value)


def _resolved(text: str) -> JsonValue:
    """What a plain scalar stands for in YAML 1.2, as far as anybody should rely on it."""
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
