"""Putting the files of a new repository into a folder: all of them, or none.

They are written beside their places first. Then each is linked to its place, which never replaces
a file; where one cannot be, those before it are taken away again.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from controller.errors import UsageError

OURS: Final = ("flags", "rollout")
"""Folders that must not be there yet: what stands in them would be mixed with ours."""

_SHOWN: Final = 8


def refuse_overlap(folder: Path, files: Mapping[str, bytes]) -> None:
    """See that nothing of what is there would be overwritten or mixed with ours.

    Raises:
        UsageError: Names everything in the way.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "name a folder: rolloutctl init FOLDER")
    found = sorted({*_in_the_way(folder, files)})
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UsageError(
            f"nothing was written: {folder} has {', '.join(found[:_SHOWN])}{more} already",
            "move that away, or choose another folder: rolloutctl init FOLDER",
        )


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below the folder, which is made if it is missing.

    Args:
        folder: Where to.
        files: Contents by path, with slashes.

    Raises:
        UsageError: Something is in the way, or the folder cannot be written. Then nothing of ours
            is left in it.
    """
    refuse_overlap(folder, files)
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        with tempfile.TemporaryDirectory(prefix=".rolloutctl-", dir=folder) as staged:
            for name, content in files.items():
                _write(Path(staged) / name, content)
            for name in files:
                _make_folder((folder / name).parent, made)
                _move(Path(staged) / name, folder / name)
                made.append(folder / name)
    except OSError as error:
        _take_away(made)
        raise UsageError(
            f"nothing was written: {error.filename2 or error.filename or folder}: "
            f"{error.strerror or error}",
            "check the rights and the free space of the folder",
        ) from error
    except BaseException:
        _take_away(made)
        raise


def _in_the_way(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    for name in OURS:
        if _is_there(folder / name):
            yield f"{name}/"
    for name in files:
        top = name.split("/")[0]
        if top in OURS:
            continue
        if _is_there(folder / name):
            yield name
        for parent in Path(name).parents[:-1]:
            place_of_it = folder / parent
            if _is_there(place_of_it) and (place_of_it.is_symlink() or not place_of_it.is_dir()):
                yield str(parent)


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _move(staged: Path, to: Path) -> None:
    """Give a file its place; one that is there already is never replaced."""
    try:
        to.hardlink_to(staged)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with to.open("xb") as file:
            try:
                file.write(staged.read_bytes())
            except OSError:
                to.unlink()
                raise


def _take_away(made: list[Path]) -> None:
    """Remove what was made, the newest first; a folder that somebody else has used stays."""
    for path in reversed(made):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)
