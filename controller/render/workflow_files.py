"""The text that GitHub Actions reads from files: outputs of a step, and its summary.

Whatever stands in a value, it can neither end early nor set another output.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
_CUT: Final = "\n\n(cut here: GitHub takes no more of a step's summary)\n"
SUMMARY_LIMIT: Final = 1024 * 1024
"""Bytes that GitHub takes of one step's summary, all its parts together."""


def outputs(values: Mapping[str, str]) -> str:
    """What to append to the file that GITHUB_OUTPUT names.

    Each value stands between two lines with a delimiter that is made from the value itself, so it
    cannot stand in it.

    Args:
        values: By name: letters, digits, `_` and `-`.

    Raises:
        ValueError: A name is none.
    """
    return "".join(_output(name, value) for name, value in values.items())


def summary_part(text: str, already: int = 0) -> str:
    """What to append to the file that GITHUB_STEP_SUMMARY names; cut where it is too long.

    Longer than GitHub takes, and it would take nothing at all of it.

    Args:
        text: Markdown.
        already: Bytes that the file has.
    """
    room = max(0, SUMMARY_LIMIT - already)
    content = _clean(text).encode()
    if len(content) <= room:
        return content.decode()
    if room < len(_CUT):
        return ""
    return content[: room - len(_CUT)].decode(errors="ignore") + _CUT


def _output(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name an output")
    text = _clean(value)
    delimiter = f"end_{hashlib.sha256(text.encode()).hexdigest()}"
    return f"{name}<<{delimiter}\n{text}\n{delimiter}\n"


def _clean(text: str) -> str:
    """Only what UTF-8 can carry, and one way to end a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return lines.encode(errors="replace").decode()
