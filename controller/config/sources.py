"""Where files come from: a folder on disk, or a mapping such as a git tree read by somebody else.

The only module of this package that touches the disk to read configuration.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.config import reading_codes as codes
from controller.config.layout import FOLDERS, Located, locate
from controller.config.problems import Place, Problem, printable
from controller.config.text_reader import MAX_BYTES

MAX_FILES: Final = 20_000

_HOW_TO_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of one revision, not yet understood.

    Attributes:
        files: Content by path, relative to the root, with forward slashes. Files that nobody reads
            may have any content; that they are there matters.
        problems: What could not be read at all.
    """

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()


def from_mapping(files: Mapping[str, bytes]) -> Sources:
    """Sources from content that was read elsewhere.

    A folder without any file counts as missing: git does not know empty folders.
    """
    missing = [name for name in FOLDERS if not any(f.startswith(f"{name}/") for f in files)]
    return Sources(files, tuple(_missing(name) for name in missing))


def read_folder(root: Path, most_files: int = MAX_FILES) -> Sources:
    """Sources from the `flags/` and `rollout/` folders below `root`.

    Symbolic links and special files are never followed or opened; each is a problem.

    Args:
        root: The folder.
        most_files: How many files there may be.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for folder in FOLDERS:
        if not stat.S_ISDIR(_mode(root / folder)):
            problems.append(_missing(folder))
            continue
        for found in _below(root, folder):
            if isinstance(found, Problem):
                problems.append(found)
            elif len(files) >= most_files:
                message = f"there are more than {most_files:,} files"
                return Sources(
                    files, (*problems, Problem(Place(folder), codes.TOO_MANY_FILES, message))
                )
            else:
                _read(root, found, files, problems)
    return Sources(files, tuple(problems))


def _missing(folder: str) -> Problem:
    advice = "run in the root of the repository, or name it: -C FOLDER"
    return Problem(Place(folder), codes.FOLDER_MISSING, f"there is no folder `{folder}/`", advice)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _below(root: Path, folder: str) -> Iterator[str | Problem]:
    """Every file below a folder that may matter, sorted, and what is no file."""
    try:
        with os.scandir(root / folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(root, path)
        elif entry.is_file(follow_symlinks=False):
            yield path
        elif locate(path) is not None:
            message = "this is a symbolic link or a special file"
            advice = "put the file itself here"
            yield Problem(Place(printable(path)), codes.NOT_A_REGULAR_FILE, message, advice)


def _read(root: Path, path: str, files: dict[str, bytes], problems: list[Problem]) -> None:
    located = locate(path)
    if located is None:
        return
    if not isinstance(located, Located):
        files[path] = b""
        return
    try:
        files[path] = _content(f"{root}/{path}")
    except OSError as error:
        problems.append(_unreadable(path, error))


def _content(path: str) -> bytes:
    """The file, up to one byte more than it may have; `open` would cost as much as parsing it."""
    descriptor = os.open(path, _HOW_TO_OPEN)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is no longer a regular file")
        pieces = [os.read(descriptor, MAX_BYTES + 1)]
        while pieces[-1]:
            pieces.append(os.read(descriptor, MAX_BYTES + 1 - sum(map(len, pieces))))
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def _unreadable(path: str, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(Place(printable(path)), codes.UNREADABLE_FILE, f"it cannot be read: {reason}")
