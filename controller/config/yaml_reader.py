"""YAML text to a `Document`, strictly.

One document, no aliases, no tags, no duplicate keys, bounded in every way. PyYAML only cuts the
text into events, with libyaml where it is there. Resolving, composing and constructing are done
here, because PyYAML's own turn `off` into False and `010` into 8, take the last of two equal keys,
and let 420 bytes of merge keys burn half a minute.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from controller.config import reading_codes as codes
from controller.config.document import Document, Mark, Path, Quoted, YamlValue, place_of
from controller.config.problems import Code, Problem, Related, shown
from controller.config.text_reader import MAX_PROBLEMS, forbidden_in, place_at, read_text
from controller.config.yaml_events import (
    NOT_YAML,
    Event,
    EventParser,
    FastestParser,
    syntax_problem,
)

MAX_DEPTH: Final = 32
MAX_VALUES: Final = 50_000

_DIRECTIVE: Final = re.compile("^%", re.MULTILINE)
_CONFLICT: Final = re.compile(r"^(?:[<>|]{7}(?: .*)?|={7})\r?$", re.MULTILINE)
_NULL_FORMS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_DROPPED: Final = (
    "\0"  # stands in paths for what takes no part in the result; no file can contain it
)
_KEEP_ONE: Final = "keep one of them"
_WRITE_OUT: Final = "write the value out; text that starts with this character needs quotes"


class _CannotGoOn(Exception):  # noqa: N818 -- leaves the recursion; never leaves this module
    """The rest of the file cannot be read."""


def read_yaml(
    file: str, data: bytes, parser: Callable[[str], EventParser] = FastestParser
) -> tuple[Document | None, list[Problem]]:
    """Read one file.

    Args:
        file: The file's path, for problems.
        data: Its content.
        parser: Which of PyYAML's parsers cuts the text into events.

    Returns:
        The document, or None where there is no mapping to look into, and every problem found. A
        document that comes with problems is good for finding more of them and for nothing else.
    """
    text, problems = read_text(file, data)
    if text is None:
        return None, problems
    conflicts = [_unresolved(file, text, found.start()) for found in _CONFLICT.finditer(text)]
    if conflicts:
        return None, [*problems, *conflicts[:MAX_PROBLEMS]]
    directive = _DIRECTIVE.search(text)
    if directive:  # also keeps 80,000 %TAG lines from libyaml, which compares each with each
        message = "a line starts with `%`, which YAML takes for a directive"
        suggestion = "remove the line, or put quotes around text that starts with `%`"
        problems.append(
            Problem(place_at(file, text, directive.start()), codes.DIRECTIVE, message, suggestion)
        )
        return None, problems
    return _Composer(file, parser(text), problems).document(), problems


def _unresolved(file: str, text: str, index: int) -> Problem:
    message = f"{shown(text[index : index + 7])} is left of a merge conflict"
    advice = "keep the lines that are meant, and remove the others and the markers"
    return Problem(place_at(file, text, index), codes.CONFLICT_MARKER, message, advice)


@dataclass(slots=True)
class _Composer:
    """Builds the document from events. Recursion is bounded by `MAX_DEPTH`."""

    file: str
    parser: EventParser
    problems: list[Problem]
    marks: dict[Path, Mark] = field(default_factory=dict)
    key_marks: dict[Path, Mark] = field(default_factory=dict)
    values: int = 0

    def document(self) -> Document | None:
        """Read all events; None where they do not make a mapping."""
        try:
            value = self._only_document()
            if isinstance(value, dict):
                return Document(self.file, value, self.marks, self.key_marks)
            message = "the file does not consist of `key: value` lines"
            self._add(codes.NOT_A_MAPPING, self.marks[()], message)
        except NOT_YAML as error:
            self.problems.append(syntax_problem(self.file, error))
        except _CannotGoOn:
            pass
        finally:
            self.parser.dispose()
        return None

    def _only_document(self) -> YamlValue:
        self.parser.get_event()
        if type(self.parser.get_event()) is StreamEndEvent:
            self._stop(codes.EMPTY_FILE, None, "the file is empty")
        value = self._value(self.parser.get_event(), (), 1)
        self.parser.get_event()
        event = self.parser.get_event()
        if type(event) is DocumentStartEvent:
            advice = "put it into its own file"
            message = "a second document starts here"
            self._add(codes.SEVERAL_DOCUMENTS, event.start_mark, message, advice)
        return value

    def _value(self, event: Event, path: Path, depth: int) -> YamlValue:
        mark = self.marks[path] = event.start_mark
        self.values += 1
        if self.values > MAX_VALUES:
            self._stop(codes.TOO_MANY_VALUES, mark, f"more than {MAX_VALUES:,} values")
        kind = type(event)
        if kind is AliasEvent:
            message = f"alias {shown(f'*{event.anchor}')}"
            self._add(codes.ANCHOR_OR_ALIAS, mark, message, _WRITE_OUT)
            return ""
        if event.anchor is not None or event.tag is not None:
            self._complain_about_properties(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if depth > MAX_DEPTH:
            self._stop(codes.TOO_DEEP, mark, f"more than {MAX_DEPTH} levels")
        inside = self._mapping if kind is MappingStartEvent else self._sequence
        return inside(path, depth)

    def _complain_about_properties(self, event: Event) -> None:
        if event.anchor is not None:
            message = f"anchor {shown(f'&{event.anchor}')}"
            self._add(codes.ANCHOR_OR_ALIAS, event.start_mark, message, _WRITE_OUT)
        if event.tag is not None:
            self._add(codes.TAG, event.start_mark, f"tag {shown(event.tag)}", _WRITE_OUT)

    def _scalar(self, event: Event) -> str | None:
        text: str = event.value
        if not event.style:
            return None if text in _NULL_FORMS else text
        character = forbidden_in(text) if event.style == '"' else None
        if character:
            message = f"an escape stands for {character}"
            self._add(codes.FORBIDDEN_CHARACTER, event.start_mark, message, "remove it")
            return Quoted("?")
        return Quoted(text)

    def _sequence(self, path: Path, depth: int) -> list[YamlValue]:
        result: list[YamlValue] = []
        while type(event := self.parser.get_event()) is not SequenceEndEvent:
            result.append(self._value(event, (*path, len(result)), depth + 1))
        return result

    def _mapping(self, path: Path, depth: int) -> dict[str, YamlValue]:
        result: dict[str, YamlValue] = {}
        next_event = self.parser.get_event
        while type(event := next_event()) is not MappingEndEvent:
            key = self._key(event, path, depth)
            inner = (*path, key)
            if key in result:
                self._complain_about_duplicate(key, event.start_mark, self.key_marks[inner])
                inner = (*path, _DROPPED)
            self.key_marks.setdefault(inner, event.start_mark)
            result.setdefault(key, self._value(next_event(), inner, depth + 1))
        result.pop(_DROPPED, None)
        return result

    def _key(self, event: Event, path: Path, depth: int) -> str:
        """The text of a key; a stand-in, and a problem, where it cannot be one."""
        key = self._value(event, (*path, _DROPPED), depth + 1)
        if not isinstance(key, str) or not key:
            advice = "a key is a word before a `:`"
            self._add(codes.KEY_NOT_TEXT, event.start_mark, "this key is not a word", advice)
            return _DROPPED
        if key == "<<" and not isinstance(key, Quoted):
            self._add(codes.MERGE_KEY, event.start_mark, "merge key `<<`", "write the keys out")
            return _DROPPED
        return key

    def _complain_about_duplicate(self, key: str, mark: Mark, first: Mark) -> None:
        if key != _DROPPED:
            message = f"key {shown(key)} is written twice"
            related = (Related(place_of(self.file, first), "the first one"),)
            place = place_of(self.file, mark)
            self._collect(Problem(place, codes.DUPLICATE_KEY, message, _KEEP_ONE, related))

    def _add(self, code: Code, mark: Mark | None, message: str, suggestion: str = "") -> None:
        self._collect(Problem(place_of(self.file, mark), code, message, suggestion))

    def _collect(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) > MAX_PROBLEMS:
            raise _CannotGoOn

    def _stop(self, code: Code, mark: Mark | None, message: str) -> NoReturn:
        self._add(code, mark, message)
        raise _CannotGoOn
