"""Text that PostgreSQL can store: no NUL, no lone surrogate.

Around the commit: a reason typed at 3 a.m. must not keep a halt from being written, whatever the
terminal made of it.
"""

from collections.abc import Mapping
from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> bool:
    """Whether PostgreSQL can store a text as it is."""
    return storable_text(text) == text


def storable_text(text: str) -> str:
    """The text with what cannot be stored replaced by a mark."""
    text = text.replace("\0", _REPLACEMENT)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def storable_json(document: Mapping[str, object]) -> dict[str, object]:
    """The same for every text in a JSON object."""
    return {storable_text(key): _storable(value) for key, value in document.items()}


def _storable(value: object) -> object:
    match value:
        case str():
            return storable_text(value)
        case Mapping():
            return storable_json(value)
        case list() | tuple():
            return [_storable(item) for item in value]
        case _:
            return value
