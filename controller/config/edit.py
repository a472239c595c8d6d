"""Editing a flag's file: overrides are added, every other byte and comment stays as it is.

For `adopt`, beside the way of a change: the outline says where to insert, the style of what stands
there says how, and the result is read again before anybody may write it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pydantic import TypeAdapter, ValidationError

from controller.config.document import YamlValue
from controller.config.fields import MerchantId
from controller.config.outline import Outline, Span, outline
from controller.config.text_edits import (
    Edit,
    apply,
    last_character,
    line_start,
    longer,
    new_lines,
    next_line,
    read,
    scalar,
)
from controller.domain.flag import Override
from controller.errors import Refused

_KEY: Final = "overrides"
_MERCHANT_ID: Final[TypeAdapter[str]] = TypeAdapter(MerchantId)


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
    edited = apply(text, _edits(text, found, overrides))
    if read(edited) != _wanted(text, overrides):
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


def _edits(text: str, found: Outline, overrides: Sequence[Override]) -> Iterator[Edit]:
    indent = " " * (found.column + 2)
    if found.found is None:
        lines = _as_lines(overrides, indent, in_brackets=True)
        yield new_lines(text, len(text), [f"{indent[2:]}{_KEY}:\n", *lines])
    elif not found.found.in_brackets:
        last = found.found.items[-1]
        dash = found.found.start - line_start(text, found.found.start)
        lines = _as_lines(overrides, " " * dash, in_brackets=last.in_brackets)
        yield new_lines(text, next_line(text, last_character(text, last)), lines)
    elif found.found.items:
        yield from longer(text, found.found, [as_item(override) for override in overrides])
    elif found.in_brackets or "\n" in text[found.found.start : found.found.end]:
        inside = found.found.start + 1
        yield Edit(inside, inside, ", ".join(map(as_item, overrides)))
    else:
        yield from _lines_for_brackets(text, found.found, indent, overrides)


def _lines_for_brackets(
    text: str, found: Span, indent: str, overrides: Sequence[Override]
) -> Iterator[Edit]:
    """A list written as lines in the place of `[]`; a comment behind it stays on its line."""
    yield Edit(len(text[: found.start].rstrip(" \t")), found.end, "")
    lines = _as_lines(overrides, indent, in_brackets=True)
    yield new_lines(text, next_line(text, found.end), lines)


def _as_lines(overrides: Iterable[Override], indent: str, *, in_brackets: bool) -> Iterator[str]:
    for override in overrides:
        if in_brackets:
            yield f"{indent}- {as_item(override)}\n"
            continue
        for number, (key, value) in enumerate(_written(override)):
            yield f"{indent}{'  ' if number else '- '}{key}: {value}\n"


def _written(override: Override) -> Iterator[tuple[str, str]]:
    yield "merchant", scalar(override.merchant)
    yield "value", "true" if override.value else "false"
    yield "reason", scalar(override.reason)
    if override.expires is not None:
        yield "expires", override.expires.isoformat()


def _wanted(text: str, overrides: Iterable[Override]) -> YamlValue:
    value = read(text)
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
