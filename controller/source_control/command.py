"""Running git: the one place of this package that starts a process.

Hooks, pagers, prompts, replaced objects and the caller's GIT_DIR play no part. Arguments are a list
and never a shell line; what people give as a revision goes through `objects.resolve`, which lets
nothing through that could be an option.
"""

import os
import subprocess
from collections.abc import Mapping
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
_SECONDS: Final = 60


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
    command = ["git", "--no-pager", "-C", str(root), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program; arguments are a list, never a shell line
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=_environment(variables or {}),
        )
    except FileNotFoundError as error:
        raise GitMissing("git is not installed here", "install git, then run again") from error
    except subprocess.TimeoutExpired as error:
        raise Unreachable(
            "git did not answer within a minute", "look at the repository's disk"
        ) from error
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in complaint:
        raise UsageError(
            f"git refuses to read {root}: the folder belongs to another user",
            f"git config --global --add safe.directory {root}",
        )
    return Answer(done.returncode, done.stdout, complaint)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in _OF_THE_CALLER}
    return {**ours, **_ALWAYS, **variables}
