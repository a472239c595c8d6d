"""Changes of a text at known places: what every edit of a file shares.

For the commands that write files, below `edit.py` and `merchants_edit.py`: new text takes the style
of what stands around it, and keeps the file's line ends.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from controller.config.document import YamlValue
from controller.config.outline import Span
from controller.config.yaml_reader import read_yaml

_PLAIN: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_. /()-]*[A-Za-z0-9_.)])?")
"""Text that every reader of YAML takes for text, between brackets and commas, too."""

_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made; their line ends become the file's own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text.replace("\n", newline) + text[edit.end :]
    return text


def longer(text: str, found: Span, items: Sequence[str]) -> Iterator[Edit]:
    """More items between brackets: on lines of their own if the last one has its own.

    Args:
        text: The file.
        found: A list in brackets with at least one item.
        items: As they are written.
    """
    last = found.items[-1]
    before = text[line_start(text, last.start) : last.start]
    place = next_line(text, last.end)
    if before.strip() or place >= found.end:
        yield Edit(last.end, last.end, "".join(f", {item}" for item in items))
        return
    if not text[last.end : place].lstrip().startswith(","):
        yield Edit(last.end, last.end, ",")
    yield new_lines(text, place, [f"{before}{item},\n" for item in items])


def new_lines(text: str, index: int, lines: Iterable[str]) -> Edit:
    """Lines put at the start of a line, or behind a last line without an end."""
    start = "" if text[:index].endswith("\n") else "\n"
    return Edit(index, index, start + "".join(lines))


def scalar(text: str) -> str:
    """Plain where nobody can misread it, else in quotes; JSON's escapes are YAML's, too."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def line_start(text: str, index: int) -> int:
    """Where the line of a character starts."""
    return text.rfind("\n", 0, index) + 1


def next_line(text: str, index: int) -> int:
    """Where the line after a character starts; the end of the text in the last one."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def last_character(text: str, span: Span) -> int:
    """Of a block of text, the parser counts the line ends behind it, too."""
    return len(text[: span.end].rstrip()) - 1


def read(text: str) -> YamlValue:
    """What the strict reader makes of a text; None where it refuses it."""
    document, problems = read_yaml("", text.encode())
    return None if document is None or problems else document.value
