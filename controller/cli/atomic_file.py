"""Replacing a file as a whole or not at all: whoever reads it sees the old text or the new one."""

import os
import tempfile
from pathlib import Path

from controller.errors import UsageError


def replace_file(path: Path, data: bytes) -> None:
    """Write a file that exists already; its permissions stay.

    Raises:
        UsageError: The file or its folder cannot be written.
    """
    try:
        mode = path.stat().st_mode
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _not_writable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode & 0o7777)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _not_writable(path, error) from error


def _not_writable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}",
        "check the rights and the free space of its folder",
    )
