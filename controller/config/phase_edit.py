"""Editing the one line that a promotion or a rollback changes; every other byte stays as it is.

The result is read again before anybody may write it: apart from that one value it must say what the
file said before.
"""

from collections.abc import Iterable
from typing import Final

from controller.config.document import YamlValue
from controller.config.outline import find
from controller.config.yaml_reader import read_yaml
from controller.errors import Refused

_PHASE: Final = "phase"
_GLOBAL: Final = "global"


def set_phase(text: str, phase: str, environment: str | None, environments: Iterable[str]) -> str:
    """The text of a rollout's file with another phase.

    Args:
        text: The file, which the strict reader accepts.
        phase: The phase to put there.
        environment: The one it is for; None for all of them, where the file has one phase for all.
        environments: Every environment there is. Where the file has one phase for all and only one
            of several environments moves, the line names a phase for each.

    Raises:
        Refused: The file is laid out in a way that the line cannot be edited in.
    """
    stands = _value(text).get(_PHASE)
    if environment is None:
        return _replaced(text, phase, phase, _PHASE)
    if isinstance(stands, dict):
        wanted = {**stands, environment: phase}
        return _checked(_put(text, phase, _PHASE, environment), text, _PHASE, wanted)
    each: dict[str, YamlValue] = {**dict.fromkeys(sorted(environments), stands), environment: phase}
    if len(each) == 1:
        return _replaced(text, phase, phase, _PHASE)
    line = "{" + ", ".join(f"{name}: {at}" for name, at in each.items()) + "}"
    return _checked(_put(text, line, _PHASE, quote=False), text, _PHASE, each)


def set_global_off(text: str) -> str:
    """The text of a flag's file with `global: false`.

    Raises:
        Refused: The file is laid out in a way that the line cannot be edited in.
    """
    return _replaced(text, "false", "false", _GLOBAL)


def _replaced(text: str, written: str, value: YamlValue, key: str) -> str:
    return _checked(_put(text, written, key), text, key, value)


def _put(text: str, written: str, *path: str, quote: bool = True) -> str:
    """Put a value in the place of another one, between the same quotes."""
    span = find(text, *path)
    if span is None:
        raise _cannot(path[0])
    first = text[span.start]
    around = first if quote and first in "\"'" else ""
    return f"{text[: span.start]}{around}{written}{around}{text[span.end :]}"


def _checked(edited: str, text: str, key: str, wanted: YamlValue) -> str:
    if _value(edited) != {**_value(text), key: wanted}:
        raise _cannot(key)
    return edited


def _cannot(key: str) -> Refused:
    return Refused(
        f"the file is laid out in a way that `{key}` cannot be edited in",
        f"write `{key}` on a line of its own, then run again",
    )


def _value(text: str) -> dict[str, YamlValue]:
    document, problems = read_yaml("", text.encode())
    if document is None or problems or not isinstance(document.value, dict):
        return {}
    return document.value
