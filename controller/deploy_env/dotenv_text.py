"""The text of a dotenv file: which variables it sets, and how to set one without touching the rest.

There is no standard for such files, and their readers (Node's and Python's dotenv, shells, Docker)
disagree about escapes, `$` and `#`. A value counts as known only where they all read the same, and
is written only in such a form. Pure: no file is touched here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_START: Final = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z0-9_.-]+)[ \t]*(?:=|:[ \t])[ \t]*")
_DISPUTED_START: Final = re.compile(r"[\t:]")
_QUOTED: Final = {
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
    "'": re.compile(r"'((?:\\'|[^'])*)'"),
    "`": re.compile(r"`([^`]*)`"),
}
_LINE: Final = re.compile(r"[^\r\n]*")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_COMMENT: Final = re.compile(r"[ \t]#")
_AFTER_QUOTE: Final = re.compile(r" *(?:#.*)?")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@%+,-]*")
_DISPUTED: Final = re.compile(r"[\\$`\r\n\0]")
_DISPUTED_UNQUOTED: Final = re.compile(r"[\\$`\"'#]")


class UnclosedQuoteError(ValueError):
    """A quote is opened and never closed, so nobody can tell where the value ends.

    Attributes:
        line: Where it is opened; the first line is 1.
    """

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} opens a quote that is never closed")
        self.line = line


@dataclass(frozen=True, slots=True)
class Assignment:
    """One place where the file sets a variable.

    Attributes:
        line: The first line is 1.
        start: Where the value begins in the text, its quotes included.
        end: Where it ends; a comment behind it is not a part of it.
        value: None where the readers of such files would read different values.
    """

    name: str
    line: int
    start: int
    end: int
    value: str | None


def assignments(text: str) -> list[Assignment]:
    """Every variable that the file sets, in its order.

    Raises:
        UnclosedQuoteError: A quote is opened and never closed.
    """
    return list(_assignments(text))


def with_value(text: str, name: str, value: str) -> str | None:
    """The text with that variable set; every other byte stays as it is.

    The quotes that are there are kept if the value can stand in them.

    Args:
        text: Sets the variable once or not at all.
        name: The variable.
        value: What every reader shall read.

    Returns:
        None where there is no form of the value that every reader reads the same.

    Raises:
        UnclosedQuoteError: A quote is opened and never closed.
    """
    before = assignments(text)
    present = next((found for found in before if found.name == name), None)
    others = [(found.name, found.value) for found in before if found is not present]
    for form in _forms(
        value, text[present.start] if present and present.end > present.start else ""
    ):
        changed = _replaced(text, present, form) if present else _appended(text, name, form)
        if _says(changed, name, value, others):
            return changed
    return None


def _assignments(text: str) -> Iterator[Assignment]:
    position = 1 if text.startswith("\ufeff") else 0
    line = 1
    while position < len(text):
        match = _START.match(text, position)
        end = position
        if match:
            found = _assignment(text, match, line)
            yield found
            end = found.end
        end += len(_rest_of_line(text, end))
        line += len(_BREAK.findall(text, position, end)) + 1
        after = _BREAK.match(text, end)
        position = after.end() if after else len(text)


def _assignment(text: str, match: re.Match[str], line: int) -> Assignment:
    name, start = match[1], match.end()
    raw = _rest_of_line(text, start)
    quoted = _QUOTED.get(raw[:1])
    if quoted is None:
        shown = _COMMENT.split(raw, maxsplit=1)[0].rstrip(" \t")
        end = start + len(shown)
        disputed = _DISPUTED_UNQUOTED.search(shown) or raw[len(shown) :].startswith("\t")
    else:
        whole = quoted.match(text, start)
        if whole is None:
            raise UnclosedQuoteError(line)
        shown, end = whole[1], whole.end()
        disputed = _DISPUTED.search(shown) or raw.startswith("`")
        disputed = disputed or not _AFTER_QUOTE.fullmatch(_rest_of_line(text, end))
    if disputed or _DISPUTED_START.search(match[0]):
        return Assignment(name, line, start, end, None)
    return Assignment(name, line, start, end, shown)


def _rest_of_line(text: str, position: int) -> str:
    found = _LINE.match(text, position)
    return found[0] if found else ""


def _forms(value: str, first: str) -> Iterator[str]:
    """The ways to write a value, the preferred one first."""
    kept = first if first in {"'", '"'} else ""
    for quote in dict.fromkeys((kept, "", '"', "'")):
        if quote or _PLAIN.fullmatch(value):
            yield f"{quote}{value}{quote}"


def _replaced(text: str, present: Assignment, form: str) -> str:
    return text[: present.start] + form + text[present.end :]


def _appended(text: str, name: str, form: str) -> str:
    found = _BREAK.search(text)
    newline = found[0] if found else "\n"
    gap = "" if not text.strip("\ufeff") or text.endswith(("\r", "\n")) else newline
    return f"{text}{gap}{name}={form}{newline}"


def _says(text: str, name: str, value: str, others: list[tuple[str, str | None]]) -> bool:
    """Whether the text sets the variable to the value, and everything else as before."""
    try:
        after = assignments(text)
    except UnclosedQuoteError:
        return False
    kept = [(found.name, found.value) for found in after if found.name != name]
    return kept == others and [found.value for found in after if found.name == name] == [value]
