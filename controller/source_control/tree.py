"""The files of a revision, read from git objects: nothing is checked out, nothing is executed.

Only `flags/` and `rollout/` are looked at. What comes out is what `config.sources.read_folder`
would give for a checkout of it: symbolic links and submodules are problems and are never followed,
names that are not UTF-8 are problems, and size and number are bounded before anything is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.config import reading_codes as codes
from controller.config.layout import FOLDERS, Located, locate
from controller.config.problems import Place, Problem, printable
from controller.config.sources import MAX_FILES, Sources, from_mapping
from controller.config.text_reader import MAX_BYTES
from controller.source_control.command import git, git_beginning
from controller.source_control.objects import missing

MAX_TOTAL: Final = 256 << 20
"""How many bytes all files of a revision may have together."""

_LONGEST_LISTING: Final = 16 << 20
"""In bytes; 20,000 files with long names fit."""

_TOO_LARGE: Final = bytes(MAX_BYTES + 1)
"""Stands for a file that is too large to be read; the reader of text says so."""

_FILES: Final = frozenset({"100644", "100755", "100664"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree.

    Attributes:
        mode: As git has it: `100644` a file, `120000` a symbolic link, `160000` a submodule.
        blob: The id of its content.
        size: In bytes; 0 where it has none of its own.
        path: Relative to the root, with forward slashes; bytes that are not UTF-8 as surrogates.
    """

    mode: str
    blob: str
    size: int
    path: str


def read_tree(
    root: Path, tree: str, only: Callable[[str], bool] | None = None, most_files: int = MAX_FILES
) -> Sources:
    """The files of a commit or tree.

    Args:
        root: The folder that holds `flags/` and `rollout/`, or the root of a bare repository.
        tree: The full id of a commit or tree.
        only: Which paths to read; everything by default.
        most_files: How many files there may be.

    Raises:
        UsageError: Objects of it are not in this clone.
    """
    listed = entries_of(root, tree)
    entries = [e for e in listed or () if _matters(e) and (not only or only(e.path))]
    if listed is None or len(entries) > most_files or _bytes_of(entries) > MAX_TOTAL:
        message = f"there are more than {most_files:,} files, or {MAX_TOTAL >> 20} MiB of them"
        return Sources({}, (Problem(Place(FOLDERS[0]), codes.TOO_MANY_FILES, message),))
    files = dict(_contents(root, tree, entries))
    # A folder is there by any file, `.gitkeep` for one: a company may have removed its last flag.
    there = from_mapping(dict.fromkeys((e.path for e in listed), b""))
    return Sources(
        files, (*there.problems, *(_not_a_file(e) for e in entries if e.mode not in _FILES))
    )


def entries_of(root: Path, tree: str) -> list[Entry] | None:
    """What a tree has below `flags/` and `rollout/`, unread; None where that is too much to list.

    Raises:
        UsageError: A part of the tree is not in this clone.
    """
    asked = ("ls-tree", "-r", "-z", "--long", tree, "--", *FOLDERS)
    answer, is_whole = git_beginning(root, *asked, most=_LONGEST_LISTING)
    if not is_whole:
        return None
    if not answer.is_ok:
        raise missing(root, tree)
    return [_entry(row) for row in answer.out.split(b"\0") if row]


def _entry(row: bytes) -> Entry:
    facts, _, path = row.partition(b"\t")
    mode, _, blob, size = facts.decode("ascii").split()
    return Entry(mode, blob, int(size) if size.isdecimal() else 0, _name(path))


def _name(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _matters(entry: Entry) -> bool:
    """Whether anybody reads it, or has to be told that nobody does."""
    is_hidden = any(part.startswith(".") for part in entry.path.split("/"))
    return not is_hidden and locate(entry.path) is not None


def _bytes_of(entries: list[Entry]) -> int:
    return sum(e.size for e in entries if e.size <= MAX_BYTES and _is_read(e))


def _is_read(entry: Entry) -> bool:
    return entry.mode in _FILES and isinstance(locate(entry.path), Located)


def _not_a_file(entry: Entry) -> Problem:
    kind = "a submodule" if entry.mode == "160000" else "a symbolic link"
    place = Place(printable(entry.path))
    return Problem(place, codes.NOT_A_REGULAR_FILE, f"this is {kind}", "put the file itself here")


def _contents(root: Path, tree: str, entries: list[Entry]) -> Iterator[tuple[str, bytes]]:
    """Content by path; of files that nobody reads, that they are there."""
    wanted = {e.blob for e in entries if _is_read(e) and e.size <= MAX_BYTES}
    blobs = _blobs(root, tree, sorted(wanted))
    for entry in entries:
        if _is_read(entry):
            yield entry.path, blobs.get(entry.blob, _TOO_LARGE)
        elif entry.mode in _FILES:
            yield entry.path, b""


def _blobs(root: Path, tree: str, wanted: list[str]) -> dict[str, bytes]:
    if not wanted:
        return {}
    answer = git(root, "cat-file", "--batch", given="".join(f"{b}\n" for b in wanted).encode())
    if not answer.is_ok:
        raise missing(root, tree)
    blobs: dict[str, bytes] = {}
    out, start = answer.out, 0
    for blob in wanted:
        end = out.index(b"\n", start)
        facts = out[start:end].decode("ascii", "replace").split()
        if facts[1:2] != ["blob"]:
            raise missing(root, tree)
        blobs[blob] = out[end + 1 : end + 1 + int(facts[2])]
        start = end + 1 + int(facts[2]) + 1
    return blobs
