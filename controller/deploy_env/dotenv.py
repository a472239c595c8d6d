"""The deploy environment `dotenv`: variables in a file that the app reads at its start.

The embedded default: no account, no network. `path` is one file for all targets, or holds
`{target}`, which makes one file a target. The file is replaced as a whole or not at all.
"""

import errno
import os
import re
import secrets as random_names
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from controller.deploy_env.dotenv_text import (
    Assignment,
    UnclosedQuoteError,
    assignments,
    with_value,
)
from controller.deploy_env.interface import DeployEnv
from controller.deploy_env.options import AdapterOptions
from controller.domain.deploy import (
    LIVE_TARGET,
    DeployChange,
    Deployment,
    DeployState,
    Readability,
    Variable,
)
from controller.errors import DeployEnvUnreachable, PartlyApplied, Refused, UsageError

_NAME: Final = "dotenv"
_PLACEHOLDER: Final = "{target}"
_TARGET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MAX_SIZE: Final = 1024 * 1024
_TRIES: Final = 3
_RUN_AGAIN: Final = "then run the same command again"


@dataclass(frozen=True, slots=True)
class _Content:
    """A file as it was read. `status` is None where there is no file yet."""

    text: str
    status: os.stat_result | None


class DotenvDeployEnv(DeployEnv):
    """A dotenv file, or one for each target.

    Args:
        path: The option `path`.
        root: Where a relative path starts.
    """

    def __init__(self, path: str, root: Path) -> None:
        if "{" in path.replace(_PLACEHOLDER, "") or not path.isprintable():
            raise UsageError(
                f"the option `path` of the deploy environment dotenv is {path!r}",
                f"it is the path of a file; its only placeholder is {_PLACEHOLDER}",
            )
        self._path = path
        self._root = root

    @classmethod
    def from_options(
        cls, options: Mapping[str, str], secrets: Mapping[str, str], root: Path
    ) -> Self:
        """Make the adapter. Its one option is `path`; it needs no secret.

        Raises:
            UsageError: The option is missing or malformed, or another one is given.
        """
        return cls(AdapterOptions(_NAME, options, secrets, {"path"}).required("path"), root)

    def read(self, wanted: Mapping[str, Collection[str]]) -> DeployState:
        """What the file says, or the file of each target. A missing file sets nothing.

        Raises:
            DeployEnvUnreachable: A file cannot be read.
            Refused: A file is broken, ambiguous or no plain file, or its folder is missing.
        """
        variables = [
            variable
            for name, targets in sorted(wanted.items())
            for variable in self._variables(name, targets)
        ]
        return DeployState(_NAME, tuple(variables), needs_redeploy=False, deployment=None)

    def write(self, change: DeployChange) -> None:
        """Set one variable in the file of its target; every other byte of the file stays.

        Raises:
            DeployEnvUnreachable: The file cannot be written, or somebody else keeps writing it.
            Refused: The file is broken or ambiguous, or the value cannot be written to it.
        """
        file = self._file(change.target)
        for _ in range(_TRIES):
            content = _read(file)
            found = _find(file, content.text, change.variable)
            if found and found.value == change.after:
                return
            if found and found.value is None:
                raise Refused(
                    f"{file}, line {found.line}: {change.variable} is written in a way that not "
                    "every reader of such files reads the same, so it is not managed",
                    f"write it as {change.variable}=value by hand; {_RUN_AGAIN}",
                )
            text = with_value(content.text, change.variable, change.after)
            if text is None:
                raise Refused(
                    f"{file}: no form of the value {change.after!r} is read the same by every "
                    "reader of such files",
                    "choose a value of letters, digits, dots and dashes in the flag's file",
                )
            _replace(file, text, content)
        raise DeployEnvUnreachable(
            f"{file}: somebody else keeps writing it", "run the same command again"
        )

    def redeploy(self) -> Deployment:
        """Nothing to do: the file is all there is. The app reads it when it starts."""
        return Deployment(_NAME, datetime.now(UTC))

    def wait_until_live(self, deployment: Deployment, timeout: timedelta | None = None) -> None:
        """Nothing to wait for."""
        del deployment, timeout

    def verify(self, expected: Mapping[str, str]) -> None:
        """Check that the file for production says what it should.

        Raises:
            PartlyApplied: It does not.
            DeployEnvUnreachable: It cannot be read.
            Refused: It is broken.
        """
        state = self.read(dict.fromkeys(expected, (LIVE_TARGET,)))
        stored = {variable.name: variable.value for variable in state.variables}
        wrong = sorted(name for name, value in expected.items() if stored.get(name) != value)
        if wrong:
            raise PartlyApplied(
                f"{self._file(LIVE_TARGET)} does not hold the desired value of {', '.join(wrong)}",
                "somebody else may be writing it: run `rolloutctl reconcile` again",
            )

    def close(self) -> None:
        """Nothing is held open."""

    def _file(self, target: str) -> Path:
        if not _TARGET.fullmatch(target):
            raise UsageError(
                f"the target {target!r} cannot be a part of a file's name",
                "a target consists of letters, digits, dashes and underscores",
            )
        return self._root / self._path.replace(_PLACEHOLDER, target)

    def _variables(self, name: str, targets: Collection[str]) -> list[Variable]:
        files: dict[Path, set[str]] = {}
        for target in sorted(targets):
            files.setdefault(self._file(target), set()).add(target)
        found = [
            _variable(file, name, of, _find(file, _read(file).text, name))
            for file, of in files.items()
        ]
        return [variable for variable in found if variable]


def _variable(
    file: Path, name: str, targets: Collection[str], found: Assignment | None
) -> Variable | None:
    if found is None:
        return None
    return Variable(
        id=f"{file}:{name}",
        name=name,
        targets=frozenset(targets),
        value=found.value,
        readability=Readability.UNREADABLE if found.value is None else Readability.READABLE,
        hint=f"write it as {name}=value by hand, in line {found.line} of {file}",
    )


def _find(file: Path, text: str, name: str) -> Assignment | None:
    """The one place where the file sets the variable."""
    if not _VARIABLE.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a variable in {file}",
            "a name consists of letters, digits and underscores",
        )
    try:
        found = [place for place in assignments(text) if place.name == name]
    except UnclosedQuoteError as error:
        raise Refused(
            f"{file}: {error}, so nobody can tell where that value ends",
            f"close the quote in line {error.line}; {_RUN_AGAIN}",
        ) from error
    if len(found) > 1:
        lines = " and ".join(str(place.line) for place in found)
        raise Refused(
            f"{file}: {name} is set more than once, in the lines {lines}",
            f"remove all but one of them; {_RUN_AGAIN}",
        )
    return found[0] if found else None


def _read(file: Path) -> _Content:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        if file.parent.is_dir():
            return _Content("", None)
        raise _no_folder(file) from error
    except NotADirectoryError as error:
        raise _no_folder(file) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_plain(file, "a symbolic link") from error
        raise _failed(file, "read", error) from error
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise _not_plain(file, "not a plain file")
    try:
        with os.fdopen(handle, "rb") as opened:
            return _Content(_decoded(file, opened.read(_MAX_SIZE + 1)), status)
    except OSError as error:
        raise _failed(file, "read", error) from error


def _decoded(file: Path, content: bytes) -> str:
    if len(content) > _MAX_SIZE:
        raise Refused(f"{file} is larger than 1 MiB, so it is no dotenv file", "correct `path`")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{file}, line {line}: the file is not UTF-8, so it cannot be read safely",
            f"convert it to UTF-8; {_RUN_AGAIN}",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused(f"{file}, line {line}: there is a NUL in it", f"remove it; {_RUN_AGAIN}")
    return text


def _replace(file: Path, text: str, before: _Content) -> None:
    """Put the new text in the file's place at once, unless it is not what was read any more."""
    beside = file.with_name(f".{file.name}.{random_names.token_hex(8)}.tmp")
    try:
        _write_beside(beside, text, before.status)
        if _unchanged(file, before.status):
            beside.replace(file)
            _sync_folder(file.parent)
    except OSError as error:
        raise _failed(file, "written", error) from error
    finally:
        beside.unlink(missing_ok=True)


def _write_beside(beside: Path, text: str, status: os.stat_result | None) -> None:
    """Write the text durably, with the mode and the owner of the file it will replace."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    handle = os.open(beside, flags, 0o666 if status is None else 0o600)
    with os.fdopen(handle, "wb") as opened:
        if status is not None:
            mine = os.fstat(handle)
            if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
                os.fchown(handle, status.st_uid, status.st_gid)
            os.fchmod(handle, stat.S_IMODE(status.st_mode))
        opened.write(text.encode())
        opened.flush()
        os.fsync(handle)


def _unchanged(file: Path, status: os.stat_result | None) -> bool:
    try:
        now = file.lstat()
    except FileNotFoundError:
        return status is None
    if status is None:
        return False
    return all(
        getattr(now, name) == getattr(status, name)
        for name in ("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_mode")
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_folder(file: Path) -> Refused:
    return Refused(
        f"{file}: its folder does not exist",
        "create the folder, or correct `path` in rollout/environments/",
    )


def _not_plain(file: Path, what: str) -> Refused:
    return Refused(
        f"{file} is {what}, so it is left alone",
        "name the plain file itself in `path` in rollout/environments/",
    )


def _failed(file: Path, what: str, error: OSError) -> DeployEnvUnreachable:
    return DeployEnvUnreachable(
        f"{file} could not be {what}: {error.strerror or error}",
        f"check the permissions of the file and its folder; {_RUN_AGAIN}",
    )
