"""Type a command at a real terminal, and keep what it wrote there."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_LINES: Final = 27
_CHUNK: Final = 1 << 16


def typed(
    words: list[str],
    folder: Path,
    variables: Mapping[str, str],
    *,
    columns: int = 92,
    watch_for: float | None = None,
) -> str:
    """Everything that `rolloutctl` writes to a terminal.

    Args:
        words: Behind the program's name.
        folder: Where it is typed.
        variables: Of the process.
        columns: How wide the terminal is.
        watch_for: Seconds after which what is on the screen counts and the program is asked to end;
            None waits for its own end.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, columns, 0, 0))
    process = subprocess.Popen(  # noqa: S603 -- our own command, arguments as a list
        [sys.executable, "-m", "controller", *words],
        cwd=folder,
        env={**variables, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        return _until_the_end(ours, watch_for).decode()
    finally:
        process.terminate()
        process.wait(30)
        os.close(ours)


def _until_the_end(terminal: int, watch_for: float | None) -> bytes:
    deadline = None if watch_for is None else time.monotonic() + watch_for
    written = b""
    while deadline is None or time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            chunk = os.read(terminal, _CHUNK)
        except OSError:  # nobody writes any more
            break
        if not chunk:
            break
        written += chunk
    return written
