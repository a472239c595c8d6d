"""Secrets, and foreign text that may carry them.

Whatever a server answers is untrusted: it may hold control characters, a page of HTML, or our own
token, echoed back in some encoding. `Redactor.quote` is the one way by which such text gets into an
error message.
"""

import base64
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

_TELLING: Final = 8
"""So many characters in a row that also stand in a secret are taken for a part of it."""

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
_LONGEST: Final = 200
_SEARCHED: Final = 4_000
_WITHHELD: Final = "(text withheld: it may hold a secret)"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that must never be shown; it does not show itself."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        """The text, for the one place that needs it."""
        return self._text

    def __str__(self) -> str:
        return "***"


class Redactor:
    """Makes foreign text fit to be quoted in an error message."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._fragments = frozenset(
            fragment for secret in secrets for fragment in _fragments(secret.reveal())
        )

    def quote(self, text: str) -> str:
        """One short line of the text, without control characters; withheld if it shows a secret."""
        start = text[:_SEARCHED]
        if any(fragment in reading for reading in _readings(start) for fragment in self._fragments):
            return _WITHHELD
        line = " ".join("".join(map(_printable, start)).split())
        return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _printable(character: str) -> str:
    return " " if unicodedata.category(character)[0] in "CZ" else character


def _readings(text: str) -> Iterator[str]:
    """The ways in which a reader may see the text: as it stands, and with each escaping undone."""
    yield text.casefold()
    yield "".join(c for c in text if unicodedata.category(c)[0] not in "CZ").casefold()
    yield unquote(text).casefold()
    yield html.unescape(text).casefold()
    yield _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text).casefold()


def _fragments(secret: str) -> Iterator[str]:
    raw = secret.encode()
    for form in (secret, raw.hex(), *_base64_forms(raw)):
        folded = form.casefold()
        for at in range(max(bool(folded), len(folded) - _TELLING + 1)):
            yield folded[at : at + _TELLING]


def _base64_forms(raw: bytes) -> Iterator[str]:
    """The secret in base64, at each of the three places where it can stand in a longer text."""
    for lead in range(3):
        padded = b"\0" * lead + raw
        whole = padded[: len(padded) // 3 * 3]
        skip = (lead * 8 + 5) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(whole).decode()[skip:]
