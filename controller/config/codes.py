"""The registry of all problem codes, and docs/problems.md made from it."""

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from controller.config import meaning_codes, reading_codes
from controller.config.problems import Code

_CHAPTERS: Final = {
    "RC0": "Files",
    "RC1": "YAML",
    "RC2": "Shapes and values",
    "RC3": "Flags",
    "RC4": "Rollouts",
    "RC5": "Gates",
    "RC6": "Waivers and allowances",
    "RC7": "Environments",
    "RC8": "Company rules",
}
_PREFACE: Final = """\
# Problem codes

`rolloutctl validate` reads every file, collects every problem of all of them, and prints each with
its place, its code, what is wrong and what to write instead. While there is any error, nothing is
applied. Warnings never fail anything. A code keeps its meaning for ever; a code that is no longer
used is never given to something else.

What a file means is looked at once its shape is right, so mending a misspelt key can bring up
another problem of the same file. A bad file never hides a problem of another one.

<!-- Written by `rolloutctl schema`; the texts are in controller/config/*_codes.py. -->
"""


def _declared(module: ModuleType) -> Iterator[Code]:
    return (value for value in vars(module).values() if isinstance(value, Code))


ALL: Final = tuple(
    sorted((*_declared(reading_codes), *_declared(meaning_codes)), key=lambda c: c.id)
)
"""Every code, sorted by id."""


def reference() -> str:
    """The text of docs/problems.md."""
    lines = [_PREFACE]
    chapter = ""
    for code in ALL:
        if code.id[:3] != chapter:
            chapter = code.id[:3]
            lines.append(f"## {_CHAPTERS[chapter]}\n")
        severity = "" if code.severity.value == "error" else f" ({code.severity})"
        lines.append(f"### {code.id}: {code.title}{severity}\n\n{code.explanation}\n")
    return "\n".join(lines)
