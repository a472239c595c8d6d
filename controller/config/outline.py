"""Where the values of a file stand in its text, to the character: what editing needs to know.

`yaml_reader.py` says where each value starts, for problems; this module says where one key's list
ends, too, and whether it is written in brackets.
"""

from dataclasses import dataclass
from typing import Final

from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from controller.config.yaml_events import Event, EventParser, FastestParser

_STARTS: Final = (MappingStartEvent, SequenceStartEvent)
_ENDS: Final = (MappingEndEvent, SequenceEndEvent)


@dataclass(frozen=True, slots=True)
class Span:
    """One value in the text.

    Attributes:
        start: The index of its first character; of the first `-` for a list written as lines.
        end: The index after its last character. Comments behind it are not part of it.
        in_brackets: Whether it is written as `[...]` or `{...}`.
        items: Those of a list.
    """

    start: int
    end: int
    in_brackets: bool
    items: tuple["Span", ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What is to know of a file before a list in it can grow.

    Attributes:
        column: Where its keys start, from 0.
        in_brackets: Whether the whole file is written as `{...}`.
        found: The value of the key asked for; None without one.
    """

    column: int
    in_brackets: bool
    found: Span | None


def outline(text: str, key: str) -> Outline:
    """Find one of the outermost keys.

    Args:
        text: A file that the strict reader accepts.
        key: The key to look for.

    Raises:
        yaml.YAMLError: The text is not YAML.
    """
    parser = FastestParser(text)
    try:
        parser.get_event()  # the stream starts
        parser.get_event()  # the document starts
        root, column, found = parser.get_event(), 0, None
        while not isinstance(name := parser.get_event(), MappingEndEvent):
            column = name.start_mark.column
            value = _span(parser, parser.get_event())
            found = value if name.value == key else found
        return Outline(column, bool(root.flow_style), found)
    finally:
        parser.dispose()


def find(text: str, *path: str) -> Span | None:
    """Find one value by the keys that lead to it.

    Args:
        text: A file that the strict reader accepts.
        path: Keys from the outermost inwards, for example `"phase", "production"`.

    Raises:
        yaml.YAMLError: The text is not YAML.
    """
    parser = FastestParser(text)
    try:
        parser.get_event()  # the stream starts
        parser.get_event()  # the document starts
        event = parser.get_event()
        for key in path:
            event = _value_of(parser, event, key)
            if event is None:
                return None
        return _span(parser, event)
    finally:
        parser.dispose()


def _value_of(parser: EventParser, event: Event, key: str) -> Event:
    """The event that the value of a key starts with; None where there is no such key."""
    if not isinstance(event, MappingStartEvent):
        return None
    while not isinstance(name := parser.get_event(), MappingEndEvent):
        value = parser.get_event()
        if name.value == key:
            return value
        _span(parser, value)
    return None


def _span(parser: EventParser, event: Event) -> Span:
    """Read one value to its end. Recursion is bounded: the strict reader has seen the text."""
    start, end = event.start_mark.index, event.end_mark.index
    if not isinstance(event, _STARTS):
        return Span(start, end, in_brackets=False)
    items = []
    inner = parser.get_event()
    while not isinstance(inner, _ENDS):
        items.append(_span(parser, inner))
        end = items[-1].end  # the end of a block has no mark of its own worth having
        inner = parser.get_event()
    if event.flow_style:
        mark: Event = inner.end_mark
        end = mark.index
    return Span(start, end, bool(event.flow_style), tuple(items))
