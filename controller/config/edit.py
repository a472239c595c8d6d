"""Editing a flag's file: overrides are added, every other byte and comment stays as it is.

For `adopt`, beside the way of a change: the outline says where to insert, the style of what stands
there says how, and the result is read again before anybody may write it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from controller.config.document import YamlValue
from controller.config.fields import MerchantId
from controller.config.outline import Outline, Span, outline
from controller.config.yaml_reader import read_yaml
from controller.domain.flag import Override
from controller.errors import Refused

_KEY: Final = "overrides"
_PLAIN: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_. /()-]*[A-Za-z0-9_.)])?")
"""Text that every reader of YAML takes for text, between brackets and commas, too."""

_MERCHANT_ID: Final[TypeAdapter[str]] = TypeAdapter(MerchantId)
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def add_overrides(text: str, overrides: Sequence[Override]) -> str:
    """The text of a flag's file with overrides added at the end of its list.

    Args:
        text: The file, which the strict reader accepts.
        overrides: At least one; each of a merchant that the file has no override for.

    Raises:
        Refused: The file is laid out in a way that cannot be extended; the hint has the lines to
            add by hand.
    """
    found = outline(text, _KEY)
    newline = "\r\n" if "\r\n" in text else "\n"
    edited = _apply(text, _edits(text, found, overrides), newline)
    if _read(edited) != _wanted(text, overrides):
        lines = "".join(_as_lines(overrides, "  ", in_brackets=True))
        raise Refused(
            "the file is laid out in a way that overrides cannot be added to",
            f"add them by hand:\n{_KEY}:\n{lines}",
        )
    return edited


def can_be_named(merchant: str) -> bool:
    """Whether a merchant's id can be written into a file at all."""
    try:
        _MERCHANT_ID.validate_python(merchant)
    except ValidationError:
        return False
    return True


def as_item(override: Override) -> str:
    """An override on one line, as files have it."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in _written(override)) + "}"


def _apply(text: str, edits: Iterable[_Edit], newline: str) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text.replace("\n", newline) + text[edit.end :]
    return text


def _edits(text: str, found: Outline, overrides: Sequence[Override]) -> Iterator[_Edit]:
    indent = " " * (found.column + 2)
    if found.found is None:
        lines = _as_lines(overrides, indent, in_brackets=True)
        yield _new_lines(text, len(text), [f"{indent[2:]}{_KEY}:\n", *lines])
    elif not found.found.in_brackets:
        last = found.found.items[-1]
        dash = found.found.start - _line_start(text, found.found.start)
        lines = _as_lines(overrides, " " * dash, in_brackets=last.in_brackets)
        yield _new_lines(text, _next_line(text, _last_character(text, last)), lines)
    elif found.found.items:
        yield from _longer(text, found.found, overrides)
    elif found.in_brackets or "\n" in text[found.found.start : found.found.end]:
        inside = found.found.start + 1
        yield _Edit(inside, inside, ", ".join(map(as_item, overrides)))
    else:
        yield from _lines_for_brackets(text, found.found, indent, overrides)


def _longer(text: str, found: Span, overrides: Sequence[Override]) -> Iterator[_Edit]:
    """More items between brackets: on lines of their own if the last one has its own."""
    last = found.items[-1]
    before = text[_line_start(text, last.start) : last.start]
    place = _next_line(text, last.end)
    if before.strip() or place >= found.end:
        yield _Edit(last.end, last.end, "".join(f", {as_item(override)}" for override in overrides))
        return
    if not text[last.end : place].lstrip().startswith(","):
        yield _Edit(last.end, last.end, ",")
    yield _new_lines(text, place, [f"{before}{as_item(override)},\n" for override in overrides])


def _lines_for_brackets(
    text: str, found: Span, indent: str, overrides: Sequence[Override]
) -> Iterator[_Edit]:
    """A list written as lines in the place of `[]`; a comment behind it stays on its line."""
    yield _Edit(len(text[: found.start].rstrip(" \t")), found.end, "")
    lines = _as_lines(overrides, indent, in_brackets=True)
    yield _new_lines(text, _next_line(text, found.end), lines)


def _as_lines(overrides: Iterable[Override], indent: str, *, in_brackets: bool) -> Iterator[str]:
    for override in overrides:
        if in_brackets:
            yield f"{indent}- {as_item(override)}\n"
            continue
        for number, (key, value) in enumerate(_written(override)):
            yield f"{indent}{'  ' if number else '- '}{key}: {value}\n"


def _new_lines(text: str, index: int, lines: Iterable[str]) -> _Edit:
    start = "" if text[:index].endswith("\n") else "\n"
    return _Edit(index, index, start + "".join(lines))


def _written(override: Override) -> Iterator[tuple[str, str]]:
    yield "merchant", _scalar(override.merchant)
    yield "value", "true" if override.value else "false"
    yield "reason", _scalar(override.reason)
    if override.expires is not None:
        yield "expires", override.expires.isoformat()


def _scalar(text: str) -> str:
    """Plain where nobody can misread it, else in quotes; JSON's escapes are YAML's, too."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _next_line(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _last_character(text: str, span: Span) -> int:
    """Of a block of text, the parser counts the line ends behind it, too."""
    return len(text[: span.end].rstrip()) - 1


def _read(text: str) -> YamlValue:
    document, problems = read_yaml("", text.encode())
    return None if document is None or problems else document.value


def _wanted(text: str, overrides: Iterable[Override]) -> YamlValue:
    value = _read(text)
    if not isinstance(value, dict):
        return ""  # unlike what any file reads as
    before = value.get(_KEY, [])
    added: list[YamlValue] = [_as_read(override) for override in overrides]
    return {**value, _KEY: [*before, *added] if isinstance(before, list) else added}


def _as_read(override: Override) -> dict[str, YamlValue]:
    plain = {
        "merchant": override.merchant,
        "value": "true" if override.value else "false",
        "reason": override.reason,
    }
    dated = {"expires": override.expires.isoformat()} if override.expires else {}
    return {**plain, **dated}
