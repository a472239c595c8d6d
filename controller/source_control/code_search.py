"""Where a checkout names something: whole words, as they are, in the files that git knows.

`git grep` does it: it is quick, leaves out what is not the company's own (ignored and downloaded
files), and takes words as words and not as patterns. A flag's name can be common, so what it may
print is bounded.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.errors import UsageError
from controller.source_control.command import git_beginning

MOST_BYTES: Final = 16 << 20
"""Of what git prints; some hundred thousand mentions."""

MOST_IN_A_FILE: Final = 100
"""Lines of one file; more of them say no more."""

_OPTIONS: Final = (
    *("-I", "-F", "-w", "-n", "-o", "-z", f"--max-count={MOST_IN_A_FILE}"),
    *("--no-color", "--no-column", "--no-recurse-submodules"),
)
_FOUND: Final = re.compile(rb"([^\0]+)\0(\d+)\0([^\n]*)\n")
_NOTHING: Final = 1


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """One word on one line.

    Attributes:
        path: Relative to the folder searched; bytes that are not UTF-8 as surrogates.
        line: From 1.
    """

    path: str
    line: int
    word: str


@dataclass(frozen=True, slots=True)
class Search:
    """What was found.

    Attributes:
        mentions: By path and line; each word once a line.
        is_whole: False where there was more than is read.
    """

    mentions: tuple[Mention, ...]
    is_whole: bool


def find_words(
    folder: Path, words: Sequence[str], *, without: Iterable[Path] = (), most: int = MOST_BYTES
) -> Search:
    """Search the files of a checkout that git tracks, binary ones left out.

    Args:
        folder: The checkout, or a folder in it.
        words: Found only where no letter, digit or underscore stands next to them.
        without: Folders to leave out; those elsewhere change nothing.
        most: How many bytes are read of what git prints.

    Raises:
        UsageError: The folder is not in a git checkout, or there is no git.
        Unreachable: It took longer than a minute.
    """
    if not words:
        return Search((), is_whole=True)
    patterns = [argument for word in words for argument in ("-e", word)]
    paths = [".", *_excluded(folder, without)]
    answer, is_whole = git_beginning(
        folder,
        *("grep", *_OPTIONS, *patterns, "--", *paths),
        most=most,
    )
    if is_whole and answer.code > _NOTHING:
        raise UsageError(
            f"{folder} cannot be searched: {answer.complaint[:200]}",
            "give a folder of a git checkout: --code FOLDER",
        )
    found = (_mention(*match) for match in _FOUND.findall(answer.out))
    return Search(tuple(sorted(set(found))), is_whole)


def _excluded(folder: Path, without: Iterable[Path]) -> list[str]:
    relative = (Path(os.path.relpath(path, folder)) for path in without)
    return [f":(exclude,literal){path}" for path in relative if path.parts[0] != os.pardir]


def _mention(path: bytes, line: bytes, word: bytes) -> Mention:
    text = path.removeprefix(b"./").decode("utf-8", "surrogateescape")
    return Mention(text, int(line), word.decode("utf-8", "replace"))
