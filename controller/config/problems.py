"""What is wrong with a file, where, and what to write instead.

Every reader and every check below `controller.config` collects these values; nothing raises on the
first one. The stable codes are declared in `reading_codes.py` (how a file is written) and
`meaning_codes.py` (what it says).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.domain.wording import counted
from controller.errors import InvalidConfiguration

_SHOWN_LENGTH: Final = 60
_SUGGESTION_LENGTH: Final = 64
_MANY_WORDS: Final = 12


class Severity(StrEnum):
    """Whether a problem makes the configuration unusable."""

    ERROR = "error"
    WARNING = "warning"  # shown, and never fails anything


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem.

    Attributes:
        id: Stable for ever: `RC` and three digits. An id is never used again for something else.
        title: A short name, as a heading of docs/problems.md.
        explanation: Why it is a problem, and what to do.
    """

    id: str
    title: str
    explanation: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file of the repository.

    Attributes:
        file: Relative to the root of the repository, with forward slashes.
        line: From 1; 0 where the whole file (or its absence) is meant.
        column: From 1, in characters; 0 like `line`.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Related:
    """The other side of a problem: where it is, and what is there."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. All texts are safe to print: nothing in them can steer a terminal.

    Attributes:
        message: What is wrong, in a sentence without a full stop.
        suggestion: What to write or do instead; may be empty.
        related: Other places that take part, for rules over more than one place.
    """

    place: Place
    code: Code
    message: str
    suggestion: str = ""
    related: tuple[Related, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it makes the configuration unusable."""
        return self.code.severity is Severity.ERROR

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.code.severity} {self.code.id}: {self.message}"]
        if self.suggestion:
            lines.append(f"    {self.suggestion}")
        lines.extend(f"    see {other.place}: {other.text}" for other in self.related)
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """The problem for machines; `line` and `column` are 0 where the whole file is meant."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "code": self.code.id,
            "severity": str(self.code.severity),
            "title": self.code.title,
            "message": self.message,
            "suggestion": self.suggestion,
            "related": [
                {
                    "file": other.place.file,
                    "line": other.place.line,
                    "column": other.place.column,
                    "text": other.text,
                }
                for other in self.related
            ],
        }


class ProblemsFound(InvalidConfiguration):
    """The configuration cannot be used.

    Attributes:
        problems: Every problem of every file, warnings included, sorted by place.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = sum(problem.is_error for problem in self.problems)
        files = len({problem.place.file for problem in self.problems if problem.is_error})
        super().__init__(
            f"{counted(errors, 'problem')} in {counted(files, 'file')}; nothing was read from any"
            " of them",
            hint="rolloutctl validate",
        )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by file, line, column and code: the output never depends on the order of checks."""
    return tuple(sorted(set(problems), key=lambda p: (p.place, p.code.id, p.message)))


def printable(text: object, length: int = 200) -> str:
    """Make something from a file safe to print: one line, cut sensibly.

    File contents are untrusted. Whatever could steer a terminal or break a line becomes an escape.
    """
    plain = str(text)
    safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in plain[:length])
    return safe if len(plain) <= length else safe + "…"


def a(noun: str) -> str:
    """The noun with its article: `a flag key`, `an option name`."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def shown(text: object) -> str:
    """Quote something from a file for a message, safe to print and cut sensibly."""
    return f"`{printable(text, _SHOWN_LENGTH).replace('`', chr(39))}`"


def listed(words: Iterable[str]) -> str:
    """Quote and join: `a`, `b` and `c`."""
    quoted = [shown(word) for word in words]
    return (
        quoted[0]
        if len(quoted) == 1
        else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
        if quoted
        else "none"
    )


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if any is close."""
    import difflib  # noqa: PLC0415 -- needed only once something is wrong; importing it costs 3 ms

    close = difflib.get_close_matches(word[:_SUGGESTION_LENGTH], list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that was probably meant, or list what is known."""
    words = list(known)
    close = closest(word, words)
    if close:
        return f"did you mean {shown(close)}?"
    if len(words) > _MANY_WORDS:
        some = ", ".join(map(shown, words[:_MANY_WORDS]))
        return f"known here: {some} and {len(words) - _MANY_WORDS} more"
    return f"known here: {listed(words)}" if words else ""
