"""Telling whoever waits behind a lock that they wait, and for whom.

Around every transaction that writes. A second session looks at the first one from time to time; it
is a courtesy, so where it cannot look nothing is said, and nothing fails.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import psycopg

from controller.merchant_store.connection import Connection, fetch_one

_PATIENCE: Final = 2.0  # seconds; a shorter wait is not worth a word
_FAREWELL: Final = 0.5  # seconds; nobody waits for an observer that hangs in its own connection
_BLOCKER: Final = """
    SELECT a.pid, a.usename::text, a.application_name, a.xact_start
    FROM pg_stat_activity w
    LEFT JOIN pg_stat_activity a ON a.pid = ANY(pg_blocking_pids(w.pid))
    WHERE w.pid = %s AND w.wait_event_type = 'Lock'
    ORDER BY a.xact_start NULLS LAST LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LockWait:
    """The session that is waited for; each fact is None where the server does not tell.

    Attributes:
        process: Its number at the server.
        program: The name that it gave itself.
        since: When its transaction began.
    """

    process: int | None
    user: str | None
    program: str | None
    since: datetime | None


OnWait: TypeAlias = Callable[[LockWait], None]
"""Told at most once a transaction, from another thread."""


@contextmanager
def told_of_waits(
    connection: Connection,
    connect: Callable[[], Connection],
    tell: OnWait | None,
    *,
    patience: float = _PATIENCE,
) -> Iterator[None]:
    """Tell of a wait for a lock while the block runs.

    Args:
        connection: In a transaction; its session is the one that may wait.
        connect: Opens the session that looks.
        tell: Whom to tell; None for nobody.
        patience: Seconds before each look.
    """
    if tell is None:
        yield
        return
    (process,) = fetch_one(connection, "SELECT pg_backend_pid()")
    over = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(process, connect, tell, over, patience), daemon=True
    )
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(_FAREWELL)


def _watch(
    process: int,
    connect: Callable[[], Connection],
    tell: OnWait,
    over: threading.Event,
    patience: float,
) -> None:
    if over.wait(patience):
        return
    try:
        with closing(connect()) as observer:
            observer.autocommit = True
            while (found := _blocker(observer, process)) is None:
                if over.wait(patience):
                    return
    except psycopg.Error:
        return  # no session to spare: the wait itself goes on as ever
    if not over.is_set():
        tell(found)


def _blocker(observer: Connection, process: int) -> LockWait | None:
    """For whom a session waits; None where it does not wait for a lock."""
    row = observer.execute(_BLOCKER, [process]).fetchone()
    if row is None:
        return None
    blocker, user, program, since = row
    return LockWait(blocker, user, program or None, since)
