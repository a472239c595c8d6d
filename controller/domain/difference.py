"""Differences between two values, field by field, as short texts that people can compare.

For what a pull request changes beside audiences: a threshold, a freeze, the name of a column. The
order of lists in which order means nothing is no difference.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from controller.domain.units import Percent, format_duration

_NAME: Final = "name"


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One field that differs.

    Attributes:
        path: Names from the outside in, for example `criteria.completed.floor`; empty where the
            whole value is one text.
        before: As text; None where it was not there.
        after: As text; None where it is not there any more.
    """

    path: str
    before: str | None
    after: str | None


def differences(before: object, after: object) -> tuple[Difference, ...]:
    """What differs between two values, sorted by path.

    Args:
        before: A domain value, a mapping or a sequence of them, or None for nothing at all.
        after: The same.
    """
    if before == after:
        return ()  # most of a thousand flags are the same; taking them apart would cost a second
    old, new = dict(_flat(before, "")), dict(_flat(after, ""))
    return tuple(
        Difference(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text below a value, by path. None is nothing."""
    if value is None:
        return
    inside = _parts(value)
    if inside is None:
        yield path, _text(value)
        return
    for name, part in inside.items():
        yield from _flat(part, f"{path}.{name}" if path else name)


def _parts(value: object) -> Mapping[str, object] | None:
    """The parts of a value by name; None where it is one text."""
    if isinstance(value, Mapping):
        return {str(key): value[key] for key in sorted(value)}
    if isinstance(value, tuple) and value and all(hasattr(item, _NAME) for item in value):
        return {str(getattr(item, _NAME)): item for item in value}
    if is_dataclass(value) and not isinstance(value, Percent):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return None


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case timedelta():
            return format_duration(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case tuple() | frozenset():
            return json.dumps(sorted(_text(item) for item in value), ensure_ascii=False)
        case _:
            return str(value)
