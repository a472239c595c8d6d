"""Frozen values as canonical JSON, and back: equal values give equal bytes.

Below evidence and baselines, which are hashed, stored for years and read again. The form follows
the types: a dataclass is an object of its fields with its class under `is` (so that a union can be
read back), an enum its value, a time its ISO form in UTC, a duration its microseconds, a percentage
its basis points. JSON has no NaN and no infinity; they are written as the strings `nan`, `inf` and
`-inf`, because a verdict about an impossible policy must be storable too.
"""

import dataclasses
import functools
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from controller.domain.units import Percent

_CLASS: Final = "is"

Value = TypeVar("Value")


def canonical(value: object) -> str:
    """The JSON text of a value: keys sorted, no spaces, the same bytes on every machine.

    Raises:
        TypeError: The value holds something that evidence does not know.
    """
    return dump(to_json(value))


def dump(document: object) -> str:
    """Canonical text of a document that consists of plain JSON values."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def to_json(value: object) -> object:
    """The value as plain dictionaries, lists, strings and numbers.

    Raises:
        TypeError: The value holds something that evidence does not know.
    """
    if value is None or type(value) in {bool, int, str}:
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {_CLASS: type(value).__name__} | fields
    raise TypeError(f"evidence cannot hold {value!r}")


def _write_float(number: float) -> object:
    return number if math.isfinite(number) else str(number)


def _write_datetime(at: datetime) -> str:
    if at.tzinfo is None:  # its instant would depend on the machine that writes it
        raise TypeError(f"evidence cannot hold {at}, a time without a zone")
    return at.astimezone(UTC).isoformat()


_WRITERS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...]] = (
    (Enum, lambda member: member.value),
    (float, _write_float),
    (Percent, lambda share: share.basis_points),
    (datetime, _write_datetime),  # before date, of which it is a subclass
    (date, date.isoformat),
    (timedelta, lambda time: time // timedelta(microseconds=1)),
    (Mapping, lambda mapping: {str(key): to_json(item) for key, item in mapping.items()}),
    ((tuple, list), lambda items: [to_json(item) for item in items]),
)


def from_json(kind: type[Value], document: object) -> Value:
    """Read a value of a known type back from plain JSON values.

    Raises:
        ValueError: The document does not have the shape of that type.
    """
    try:
        result: Value = _read(kind, document)
    except _MISFITS as problem:
        raise ValueError(f"this is not a stored {kind.__name__}: {problem}") from problem
    return result


def _read(kind: Any, document: Any) -> Any:  # noqa: ANN401 -- a decoder driven by types at run time
    if isinstance(kind, types.UnionType) or get_origin(kind) is Union:
        return _read_union(get_args(kind), document)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in _only(list, document))
    if get_origin(kind) is Mapping:
        item_kind = get_args(kind)[1]
        return {key: _read(item_kind, item) for key, item in document.items()}
    if kind in _READERS:
        return _READERS[kind](document)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(document)
    return _read_dataclass(kind, document)


def _read_union(kinds: tuple[Any, ...], document: Any) -> Any:  # noqa: ANN401 -- as above
    if document is None:
        if type(None) not in kinds:
            raise ValueError("a value is missing")
        return None
    candidates = [kind for kind in kinds if kind is not type(None)]
    if isinstance(document, dict) and _CLASS in document:
        candidates = [kind for kind in candidates if kind.__name__ == document[_CLASS]]
    return _read(candidates[0], document)


def _read_dataclass(kind: Any, document: Any) -> Any:  # noqa: ANN401 -- as above
    if document[_CLASS] != kind.__name__:
        raise ValueError(f"a {document[_CLASS]} stands where a {kind.__name__} belongs")
    hints = _field_kinds(kind)
    fields = {name: item for name, item in document.items() if name != _CLASS}
    return kind(**{name: _read(hints[name], item) for name, item in fields.items()})


@functools.cache
def _field_kinds(kind: type) -> Mapping[str, Any]:
    """The types of a class's fields; asking Python for them costs more than reading a value."""
    return get_type_hints(kind)


def _only(kind: type[Value], document: object) -> Value:
    """The document if it is of that type and no other: for Python, true is a whole number."""
    if type(document) is not kind:
        raise TypeError(f"{document!r:.60} stands where {kind.__name__} belongs")
    return document


def _read_float(document: Any) -> float:  # noqa: ANN401 -- as above
    if isinstance(document, str) and document not in _NO_NUMBERS:
        raise TypeError(f"{document!r:.60} is no number")
    return float(document)


def _read_datetime(document: str) -> datetime:
    at = datetime.fromisoformat(document)
    if at.tzinfo is None:
        raise TypeError(f"{document} is a time without a zone")
    return at


_MISFITS: Final = (
    TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip
_NO_NUMBERS: Final = frozenset({"nan", "inf", "-inf"})
_READERS: Final[Mapping[object, Callable[[Any], object]]] = {
    bool: functools.partial(_only, bool),
    int: functools.partial(_only, int),
    str: functools.partial(_only, str),
    float: _read_float,
    Percent: lambda points: Percent(_only(int, points)),
    datetime: _read_datetime,
    date: date.fromisoformat,
    timedelta: lambda microseconds: timedelta(microseconds=_only(int, microseconds)),
}
