"""Bytes to text: strictly UTF-8, of bounded size, without characters that deceive a reviewer.

The first step of reading a file. It runs before the YAML parser, which therefore never sees
anything else.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from controller.config import reading_codes as codes
from controller.config.problems import Place, Problem

MAX_BYTES: Final = 1 << 20
"""The size that one file may have."""

MAX_PROBLEMS: Final = 50
"""How many problems of one file are listed."""

_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, all but tab and the ends of a line
    "\u2028\u2029"  # line breaks that editors and git do not count
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction in which text is read
    "\ud800-\udfff\ufeff\ufffe\uffff]"  # lone surrogates, byte order marks, no characters at all
    "|\r(?!\n)"  # a return alone hides what stands before it in a terminal
)
_WIDE: Final = 4  # a NUL among so few bytes comes from characters of two or four bytes
_BOM: Final = "\ufeff"
_SAVE_AS_UTF8: Final = "save the file as UTF-8"


def read_text(file: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """Decode one file.

    Args:
        file: The file's path, for problems.
        data: Its content.

    Returns:
        The text, or None where nothing more can be said about the file, and every problem found.
        Unwelcome characters are replaced in the text, so that what else is wrong with it can be
        found in the same run.
    """
    text = _decoded(file, data)
    if isinstance(text, Problem):
        return None, [text]
    problems = list(_unwelcome(file, text))
    text = text.removeprefix(_BOM)
    return (_FORBIDDEN.sub("?", text) if problems else text), problems


def _decoded(file: str, data: bytes) -> str | Problem:
    """The text, or why there is none."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES:,} bytes"
        return Problem(Place(file), codes.FILE_TOO_LARGE, message)
    if b"\0" in data[:_WIDE]:
        message = "the file looks like UTF-16 or a binary file"
        return Problem(Place(file, 1, 1), codes.NOT_UTF8, message, _SAVE_AS_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = place_at(file, before, len(before))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        return Problem(place, codes.NOT_UTF8, message, _SAVE_AS_UTF8)


def _unwelcome(file: str, text: str) -> Iterator[Problem]:
    """Every character that must not be in the file, the byte order mark first."""
    if text.startswith(_BOM):
        message = "the file starts with a byte order mark"
        yield Problem(
            Place(file, 1, 1), codes.BYTE_ORDER_MARK, message, "save it as UTF-8 without BOM"
        )
        text = text.removeprefix(_BOM)
    for match in islice(_FORBIDDEN.finditer(text), MAX_PROBLEMS):
        yield Problem(
            place_at(file, text, match.start()),
            codes.FORBIDDEN_CHARACTER,
            f"character U+{ord(match[0]):04X} must not be in the file",
            "remove it",
        )


def forbidden_in(text: str) -> str | None:
    """The first character that must not be in a value, such as `U+0007`, or None."""
    match = _FORBIDDEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def place_at(file: str, text: str, index: int) -> Place:
    """The place of the character at `index`."""
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
