"""Company rules in a hurry: tells for simple schemas, at once, that a document surely keeps them.

Most rules are a few patterns on a few keys, and most documents keep them. For these the answer is
found here, and jsonschema, whose import takes a fifth of the whole time of `validate`, is not
needed. Whoever is not surely right here is judged by jsonschema, which also finds the words.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from controller.config.document import as_json

Schema: TypeAlias = Mapping[str, Any]

_TYPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}
_SILENT: Final = frozenset({"$schema", "$comment", "title", "description", "x-applies-to"})


def understands(schema: object) -> bool:
    """Whether the schema is a valid one of keywords that are known here, all the way down."""
    if not isinstance(schema, dict) or not all(isinstance(schema.get(k, ""), str) for k in _TEXTS):
        return False
    return all(
        key in _SILENT or (key in _WELL_FORMED and _WELL_FORMED[key](value))
        for key, value in schema.items()
    )


def surely_keeps(schema: Schema, written: object) -> bool:
    """Whether a value certainly fits a schema that is understood. False means: not sure.

    Args:
        schema: One that `understands` accepts.
        written: A value of a document.
    """
    value = as_json(written) if isinstance(written, str) else written
    return all(_KEEPS[key](value, part) for key, part in schema.items() if key in _KEEPS)


def _is_pattern(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _are_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(word, str) for word in value)
        and len(set(value)) == len(value)
    )


def _keeps_properties(value: object, properties: Mapping[str, Schema]) -> bool:
    return not isinstance(value, dict) or all(
        surely_keeps(properties[key], item) for key, item in value.items() if key in properties
    )


def _keeps_pattern(value: object, pattern: str) -> bool:
    return not isinstance(value, str) or re.search(pattern, value) is not None


_TEXTS: Final = ("$schema", "$comment", "title", "description")
_WELL_FORMED: Final[Mapping[str, Callable[[Any], bool]]] = {
    "type": lambda value: isinstance(value, str) and value in _TYPES,
    "required": _are_words,
    "properties": lambda value: isinstance(value, dict) and all(map(understands, value.values())),
    "items": understands,
    "pattern": _is_pattern,
    "enum": _are_words,
    "minLength": lambda value: type(value) is int and value >= 0,
    "maxLength": lambda value: type(value) is int and value >= 0,
}
_KEEPS: Final[Mapping[str, Callable[[object, Any], bool]]] = {
    "type": lambda value, name: _TYPES[name](value),
    "required": lambda value, keys: not isinstance(value, dict) or all(k in value for k in keys),
    "properties": _keeps_properties,
    "items": lambda value, schema: (
        not isinstance(value, list) or all(surely_keeps(schema, item) for item in value)
    ),
    "pattern": _keeps_pattern,
    "enum": lambda value, words: isinstance(value, str) and value in words,
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "maxLength": lambda value, most: not isinstance(value, str) or len(value) <= most,
}
