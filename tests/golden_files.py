"""What people see, kept as files: a change of it is read in review like code.

`UPDATE_GOLDEN=1 make test` writes them anew.
"""

import os
import re
from pathlib import Path

_FOLDER = Path(__file__).with_name("golden")
_CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "<instant>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"), "<instant>"),
    (re.compile(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b"), "<revision>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<day>"),
)


def same_every_day(text: str) -> str:
    """The text without what differs from run to run: instants, days and revisions."""
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return text


def assert_golden(name: str, text: str) -> None:
    """Hold a text against `tests/golden/NAME`."""
    path = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"UPDATE_GOLDEN=1 writes {path}"
    assert text == path.read_text(encoding="utf-8")
