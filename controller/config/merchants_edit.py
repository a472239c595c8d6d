"""Editing a rollout's file: merchants are named in its first phase, every other byte stays.

For `candidates`, beside the way of a change: the result is read again before anybody may write it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from controller.config.document import YamlValue
from controller.config.outline import Span, find
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
from controller.errors import Refused

_PHASES: Final = "phases"
_MERCHANTS: Final = "merchants"


def name_merchants(text: str, merchants: Sequence[str]) -> str:
    """The text of a rollout's file with merchants added to its first phase.

    Args:
        text: The file, which the strict reader accepts.
        merchants: At least one; none of them is named there.

    Raises:
        Refused: The phase names nobody yet, or is laid out in a way that cannot be extended; the
            hint has what to add by hand.
    """
    edited = apply(text, _edits(text, [scalar(merchant) for merchant in merchants]))
    if read(edited) != _wanted(text, merchants):
        listed = ", ".join(scalar(merchant) for merchant in merchants)
        raise Refused(
            "the file is laid out in a way that merchants cannot be added to its first phase",
            f"add them by hand: {_MERCHANTS}: [{listed}]",
        )
    return edited


def _edits(text: str, items: Sequence[str]) -> Iterator[Edit]:
    phases = find(text, _PHASES)
    if phases is None or not phases.items or not phases.items[0].items:
        return
    phase = phases.items[0]
    found = _value(text, phase, _MERCHANTS)
    if found is None or not found.items:
        return  # a phase by percentage names nobody
    if found.in_brackets:
        yield from longer(text, found, items)
    else:
        dash = " " * (found.start - line_start(text, found.start))
        place = next_line(text, last_character(text, found))
        yield new_lines(text, place, [f"{dash}- {item}\n" for item in items])


def _value(text: str, mapping: Span, key: str) -> Span | None:
    """Of a mapping, whose items are its keys and values in turns."""
    for name, value in zip(mapping.items[::2], mapping.items[1::2], strict=True):
        if text[name.start : name.end].strip("\"'") == key:
            return value
    return None


def _wanted(text: str, merchants: Sequence[str]) -> YamlValue:
    value = read(text)
    phases = value.get(_PHASES) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(phases, list) or not phases:
        return ""  # unlike what any file reads as
    first, *others = phases
    if not isinstance(first, dict):
        return ""
    before = first.get(_MERCHANTS)
    named = [*before, *merchants] if isinstance(before, list) else ""
    return {**value, _PHASES: [{**first, _MERCHANTS: named}, *others]}
