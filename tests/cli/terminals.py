"""A command as a process of its own, at a terminal of its own or piped; its screen is read back."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.cli.desk import Desk

_PATIENCE = 60
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HOME = "\x1b[H"
COMMAND = "from controller.cli import main; main()"
# What a shell does for a command: it gets a group of its own, in front; where it stops, the shell
# is in front, and brings it back when it is told to. A group without a shell is never stopped.
_SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
job = os.fork()
if not job:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    os.tcsetpgrp(0, os.getpgrp())
    signal.sigwait({signal.SIGUSR1})
    os.tcsetpgrp(0, job)
    os.kill(-job, signal.SIGCONT)
"""


def variables(desk: Desk, **more: str | None) -> dict[str, str]:
    """The environment of a child; None takes a variable out of it."""
    found = {**os.environ, "TERM": "xterm-256color", **desk.variables, **more}
    found.pop("PYTEST_CURRENT_TEST", None)
    return {name: value for name, value in found.items() if value is not None}


def command(desk: Desk, *arguments: str) -> list[str]:
    return [sys.executable, "-c", COMMAND, arguments[0], "-C", str(desk.root), *arguments[1:]]


def _until(condition: Callable[[], bool], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what()


@dataclass
class Terminal:
    """A terminal with a command in front.

    Attributes:
        before: Its settings before the command was started.
        written: Everything that the command wrote to it.
    """

    process: subprocess.Popen[bytes]
    master: int
    slave: int
    before: list[Any]
    written: str = ""

    def read(self, seconds: float = 0.05) -> bool:
        """Take what was written, if anything is within so many seconds."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            self.written += os.read(self.master, 65_536).decode(errors="replace")
        return bool(ready)

    def until(self, condition: Callable[["Terminal"], bool]) -> None:
        """Read until something holds."""

        def holds() -> bool:
            self.read()
            return condition(self)

        _until(holds, lambda: f"never came true; the screen is\n{self.screen}")

    def until_shown(self, text: str) -> None:
        self.until(lambda it: text in it.screen)

    @property
    def screen(self) -> str:
        """The last screen that was drawn."""
        frame = self.written.rpartition(_HOME)[2]
        return _CODES.sub("", frame).replace("\r\n", "\n")

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.signal(signal.SIGWINCH)

    @property
    def settings(self) -> list[Any]:
        return termios.tcgetattr(self.slave)

    def end(self) -> int:
        """Read to the end; the exit code as a shell has it."""

        def is_over() -> bool:
            self.read()
            return self.process.poll() is not None

        _until(is_over, lambda: f"it does not end; the screen is\n{self.screen}")
        while self.read():
            pass
        code = self.process.returncode
        return code if code >= 0 else 128 - code


@contextmanager
def at_terminal(
    desk: Desk,
    *arguments: str,
    columns: int = 80,
    lines: int = 24,
    code: str = "",
    by_shell: bool = False,
    **more: str | None,
) -> Iterator[Terminal]:
    """Start a command at a terminal; at the end it is killed if it still runs.

    Args:
        desk: Where it is typed.
        arguments: The command.
        columns: Of the terminal.
        lines: Of the terminal.
        code: Python to run instead of the command.
        by_shell: Let a shell start it, which brings it back in front on SIGUSR1.
        more: Variables of its environment.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    before = termios.tcgetattr(slave)
    shell = [sys.executable, "-c", _SHELL] if by_shell else []
    process = subprocess.Popen(
        shell + ([sys.executable, "-c", code] if code else command(desk, *arguments)),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=variables(desk, **more),
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 -- there are no threads in it that matter
    )
    try:
        yield Terminal(process, master, slave, before)
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)


def _take_terminal() -> None:
    """Make the terminal the child's own, so that Ctrl-C typed at it is a signal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
