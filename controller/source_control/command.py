"""Running git: the one place of this package that starts a process.

Hooks, pagers, prompts, replaced objects and the caller's GIT_DIR play no part. Arguments are a list
and never a shell line; what people give as a revision goes through `objects.resolve`, which lets
nothing through that could be an option.
"""

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.errors import Unreachable, UsageError

_OF_THE_CALLER: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""Set inside git hooks; they would point at the caller's repository instead of the folder's."""

_ALWAYS: Final = {
    "GIT_TERMINAL_PROMPT": "0",  # a partial clone must not wait for somebody to type a password
    "GIT_NO_REPLACE_OBJECTS": "1",  # what is reviewed is what is read
    "LC_ALL": "C",
}
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "log.showSignature=false",
    "i18n.logOutputEncoding=UTF-8",
)
"""What a person's own settings must not change."""

_SECONDS: Final = 60
_PASSWORD: Final = re.compile(r"://[^/@\s]+@")
"""What stands before the host of a remote's address: a token, most often."""


class GitMissing(UsageError):  # noqa: N818 -- reads as what happened
    """There is no git on this machine."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said.

    Attributes:
        code: What it ended with.
        out: Its standard output, byte for byte.
        complaint: Its standard error, as text.
    """

    code: int
    out: bytes
    complaint: str

    @property
    def is_ok(self) -> bool:
        """Whether it ended with 0."""
        return self.code == 0

    @property
    def text(self) -> str:
        """Its standard output as text, without the white space around it."""
        return self.out.decode("utf-8", "replace").strip()


def git(
    root: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
) -> Answer:
    """Run git in a folder.

    Args:
        root: The folder; git finds the repository around it.
        arguments: The command and its arguments.
        given: Its standard input.
        variables: More variables for its environment.

    Raises:
        GitMissing: There is no git.
        UsageError: The folder belongs to another user.
        Unreachable: It took longer than a minute.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program; arguments are a list, never a shell line
            _command(root, arguments),
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=_environment(variables or {}),
        )
    except FileNotFoundError as error:
        raise _missing() from error
    except subprocess.TimeoutExpired as error:
        raise _too_slow() from error
    return _answer(root, done.returncode, done.stdout, done.stderr)


def git_beginning(root: Path, *arguments: str, most: int) -> tuple[Answer, bool]:
    """Run git in a folder, and stop it when it has said enough.

    Args:
        root: The folder; git finds the repository around it.
        arguments: The command and its arguments.
        most: How many bytes of its standard output are read.

    Returns:
        What it said, up to its last whole line, and whether that is everything.

    Raises:
        GitMissing: There is no git.
        UsageError: The folder belongs to another user.
        Unreachable: It took longer than a minute.
    """
    with tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(  # noqa: S603 -- as above
                _command(root, arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaint,
                env=_environment({}),
            )
        except FileNotFoundError as error:
            raise _missing() from error
        out, is_whole = _read(process, most)
        complaint.seek(0)
        return _answer(root, process.returncode, out, complaint.read()), is_whole


def _read(process: subprocess.Popen[bytes], most: int) -> tuple[bytes, bool]:
    """The beginning of what a process says, and whether it is all; the process has then ended."""
    too_slow = threading.Event()

    def stop() -> None:
        too_slow.set()
        process.kill()

    timer = threading.Timer(_SECONDS, stop)
    timer.start()
    try:
        with process:
            out = process.stdout.read(most + 1) if process.stdout else b""
            if len(out) > most:
                process.kill()
    finally:
        timer.cancel()
    if too_slow.is_set():
        raise _too_slow()
    if len(out) <= most:
        return out, True
    return out[: out.rfind(b"\n", 0, most) + 1], False


def _command(root: Path, arguments: Sequence[str]) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", *settings, "-C", str(root), *arguments]


def _missing() -> GitMissing:
    return GitMissing("git is not installed here", "install git, then run again")


def _too_slow() -> Unreachable:
    return Unreachable("git did not answer within a minute", "look at the repository's disk")


def _answer(root: Path, code: int, out: bytes, said: bytes) -> Answer:
    complaint = _PASSWORD.sub("://***@", said.decode("utf-8", "replace").strip())
    if "dubious ownership" in complaint:
        raise UsageError(
            f"git refuses to read {root}: the folder belongs to another user",
            f"git config --global --add safe.directory {root}",
        )
    return Answer(code, out, complaint)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in _OF_THE_CALLER}
    return {**ours, **_ALWAYS, **variables}
