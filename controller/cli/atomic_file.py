"""Replacing a file as a whole or not at all: whoever reads it sees the old text or the new one."""

import os
import shlex
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from controller.errors import UsageError

_NEW: Final = 0o644
"""The permissions of a file that was not there before: others may read it, nobody else write."""


def replace_file(path: Path, data: bytes) -> None:
    """Write a file that exists already; its permissions stay.

    Raises:
        UsageError: The file or its folder cannot be written.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _not_writable(path, error) from error
    _write(path, [data], mode)


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a file that may exist already, as the pieces come; then its permissions stay.

    Whatever the pieces raise leaves the old file as it was.

    Raises:
        UsageError: The file or its folder cannot be written.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = _NEW
    except OSError as error:
        raise _not_writable(path, error) from error
    if not (stat.S_ISREG(mode) or mode == _NEW):
        raise UsageError(f"{path} is not a file", "name a file; or leave --out away, and pipe")
    _write(path, (piece.encode() for piece in pieces), mode)


def _write(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _not_writable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(mode))
        Path(name).replace(path)
    except OSError as error:
        raise _not_writable(path, error) from error
    finally:
        Path(name).unlink(missing_ok=True)


def _not_writable(path: Path, error: OSError) -> UsageError:
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        return UsageError(
            f"{path} cannot be written: there is no folder {path.parent}",
            f"create it, or name another file: mkdir -p {shlex.quote(str(path.parent))}",
        )
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}",
        "check the rights and the free space of its folder",
    )
