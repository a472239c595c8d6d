"""The meaning of a change of one flag, and ways to look into it."""

from collections.abc import Iterable
from typing import Any

from controller.domain.change import Change
from controller.domain.changes import changes
from controller.domain.desired import DesiredFlag
from tests.domain.strategies import NOW, desired


def between(before: DesiredFlag | None, after: DesiredFlag | None) -> tuple[Change, ...]:
    """What differs; None for no such flag."""
    sides = [desired(*([one] if one else [])) for one in (before, after)]
    return changes(sides[0], sides[1], NOW)


def of_kind(kind: type, found: Iterable[Change]) -> list[Any]:
    """Those of one kind."""
    return [change for change in found if isinstance(change, kind)]


def only(kind: type, found: tuple[Change, ...]) -> Any:
    """The one there is, of this kind."""
    assert [type(change) for change in found] == [kind], found
    return found[0]
