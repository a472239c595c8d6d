"""YAML text to events, by PyYAML: with libyaml where it is there, else in Python.

The only place that knows PyYAML's parsers and what they raise. `yaml_reader.py` makes a document of
the events.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from controller.config import reading_codes as codes
from controller.config.problems import Place, Problem, Related, printable

Event: TypeAlias = Any
"""PyYAML's events; they share no type that has anchor, tag and mark."""

NOT_YAML: Final = (yaml.YAMLError, ValueError, OverflowError)
"""What the parsers raise; the one in Python passes impossible escapes to chr()."""

_ANY_CAUSE: Final = (
    "look for a missing quote, bracket or space before this place, or another indentation"
)
_USUAL_CAUSES: Final = (
    (
        "mapping values are not allowed",
        "put quotes around text that contains `: `, or mend the indentation",
    ),
    ("cannot start any token", "put quotes around text that starts with `@`, a backquote or a tab"),
    ("found a tab character", "indent with spaces, never with tabs"),
    (
        "quoted scalar",
        "a quote is not closed, or an escape after `\\` is not one that YAML knows",
    ),
    ("flow", "a bracket or a comma is missing, or text with `[]{},` in it needs quotes"),
    (
        "block mapping",
        "look for a quote left open, a missing `:` or `- `, or another indentation",
    ),
    ("block collection", "items of one list start in the same column, each with `- `"),
    (
        "could not find expected ':'",
        "a `:` is missing on the line before, or a quote is not closed",
    ),
)


class EventParser(Protocol):
    """What both of PyYAML's parsers can do."""

    def get_event(self) -> Event:
        """The next event.

        Raises:
            yaml.YAMLError: The text is not YAML.
        """

    def dispose(self) -> None:
        """Let go of what it holds."""


class PureParser(Reader, Scanner, Parser):
    """PyYAML's parser in Python, for installations without libyaml. Slower, the same events."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


def _fastest() -> Callable[[str], EventParser]:
    if not yaml.__with_libyaml__:  # pragma: no cover -- depends on how PyYAML was built
        return PureParser
    from yaml._yaml import CParser  # noqa: PLC0415 -- is not there without libyaml

    return CParser


FastestParser: Final = _fastest()


def syntax_problem(file: str, error: Exception) -> Problem:
    """Say where a file stops being YAML, and what most often leads there.

    Args:
        file: The file's path.
        error: One of `NOT_YAML`.
    """
    reason = (
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    )
    context, began = getattr(error, "context", None), getattr(error, "context_mark", None)
    place = _place(file, getattr(error, "problem_mark", None) or began)
    related: tuple[Related, ...] = ()
    if context and began and _place(file, began) != place:
        related = (Related(_place(file, began), printable(context)),)
    cause = _usual_cause(f"{context}: {reason}")
    return Problem(place, codes.YAML_SYNTAX, printable(reason), cause, related)


def _place(file: str, mark: Event) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def _usual_cause(message: str) -> str:
    """What most often leads to the parser's message."""
    return next((cause for part, cause in _USUAL_CAUSES if part in message), _ANY_CAUSE)
