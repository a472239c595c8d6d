"""A file of `rollout/rules/`: JSON that looks like a usable rule, and what rules are applied to."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from controller.config.layout import Kind
from controller.config.problems import did_you_mean, printable, shown

APPLIES_TO: Final = "x-applies-to"
"""The keyword at the top of a rule that says which files it is about."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_KINDS: Final = tuple(kind.value for kind in Kind if kind is not Kind.RULE)
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})


class BrokenRule(Exception):  # noqa: N818 -- caught where rules are applied; never leaves there
    """A rule file cannot be used.

    Args:
        reason: Why.
        line: Where, from 1.
        column: Where, from 1.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file that looks usable; whether it is a JSON Schema has not been asked yet."""

    file: str
    kinds: frozenset[str]
    schema: Mapping[str, Any]


def read_rule(file: str, text: str) -> Rule:
    """Read one rule.

    Args:
        file: Its path.
        text: Its content.

    Raises:
        BrokenRule: It is not JSON, or not a rule.
    """
    try:
        return _rule(file, text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {printable(error.msg)}"
        raise BrokenRule(message, error.lineno, error.colno) from error
    except RecursionError as error:
        raise BrokenRule("it is nested too deeply") from error
    except ValueError as error:  # a number of 5,000 digits
        raise BrokenRule(f"not JSON: {printable(error)}") from error


def _rule(file: str, text: str) -> Rule:
    schema = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(schema, dict):
        raise BrokenRule("it is not a JSON object")
    if schema.get("$schema", _DIALECT) != _DIALECT:
        raise BrokenRule(f"it is written in another dialect; write {_DIALECT}")
    for reference in _references(schema):
        if not str(reference).startswith("#"):
            raise BrokenRule(f"it refers to {shown(reference)}, but may refer only to itself")
    return Rule(file, _kinds(schema), schema)


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    given = schema.get(APPLIES_TO)
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not names:
        raise BrokenRule(f"`{APPLIES_TO}` is missing; write one or more of {', '.join(_KINDS)}")
    for name in names:
        if name not in _KINDS:
            advice = did_you_mean(str(name), _KINDS)
            raise BrokenRule(f"`{APPLIES_TO}` names {shown(name)}; {advice}")
    return frozenset(names)


def _references(schema: object) -> Iterator[object]:
    if isinstance(schema, dict):
        yield from (schema[key] for key in _REFERENCES & schema.keys())
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise BrokenRule(f"key {shown(key)} is written twice")
        result[key] = value
    return result


def _no_constant(name: str) -> NoReturn:
    raise BrokenRule(f"{name} is not a number in JSON")
