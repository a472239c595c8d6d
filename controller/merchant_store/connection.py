"""Sessions on the app's database that are safe behind a pooler.

Around every step. All settings are local to one transaction (`set_config(..., true)`): behind
PgBouncer in transaction mode a session setting would leak to the next client. For the same reason
nothing is prepared on the server, and no startup option is used that PgBouncer refuses.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.abc import Params
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from controller.domain.environment import DatabaseSettings
from controller.errors import Refused
from controller.merchant_store.database_errors import translated
from controller.merchant_store.database_url import for_psycopg

Connection: TypeAlias = psycopg.Connection[TupleRow]

APPLICATION_NAME: Final = "rolloutctl"
_OLDEST_SERVER: Final = 130_000  # pg_current_xact_id() came with PostgreSQL 13
_IDLE_IN_TRANSACTION: Final = timedelta(minutes=5)
_UNLESS_SAID: Final[Mapping[str, str | int]] = {
    "application_name": APPLICATION_NAME,
    "client_encoding": "UTF8",
    "connect_timeout": 10,
    "keepalives_idle": 30,  # seconds; a vanished server is noticed within a minute
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_SETTINGS: Final = """
    SELECT set_config('timezone', 'UTC', true),
           set_config('lock_timeout', %s, true),
           set_config('statement_timeout', %s, true),
           set_config('idle_in_transaction_session_timeout', %s, true),
           set_config('jit', 'off', true)
"""
_FOR_WRITING: Final = "SELECT set_config('work_mem', '64MB', true)"


@dataclass(frozen=True, slots=True)
class Database:
    """The app's database, and how to open a session on it.

    Attributes:
        conninfo: What psycopg connects with; it holds the password.
    """

    conninfo: str
    settings: DatabaseSettings

    @classmethod
    def of(cls, settings: DatabaseSettings, url: str) -> "Database":
        """Take a connection string as the process's environment variable holds it.

        Raises:
            UsageError: It is not one.
        """
        conninfo = for_psycopg(url, settings.url_variable)
        said = conninfo_to_dict(conninfo)
        more = {key: value for key, value in _UNLESS_SAID.items() if key not in said}
        return cls(make_conninfo(conninfo, **more), settings)

    def connect(self) -> Connection:
        """A new connection, outside any transaction. Raises psycopg's errors."""
        return psycopg.connect(self.conninfo, prepare_threshold=None)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only transaction on one consistent view of the data.

        Raises:
            RolloutError: See `translated`; also what psycopg raises inside the block.
        """
        with self._session() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            self._begin(connection, self.settings.lock_timeout, self.settings.statement_timeout)
            yield connection

    @contextmanager
    def writing(self, *, patience: timedelta = timedelta()) -> Iterator[Connection]:
        """A transaction that writes; it is rolled back unless the block commits it.

        Args:
            patience: Wait at least this long for a lock, whatever the environment's file says.

        Raises:
            RolloutError: See `translated`; also what psycopg raises inside the block.
        """
        with self._session() as connection:
            connection.isolation_level = IsolationLevel.READ_COMMITTED
            lock = max(self.settings.lock_timeout, patience)
            self._begin(connection, lock, max(self.settings.statement_timeout, patience * 2))
            connection.execute(_FOR_WRITING)
            yield connection

    @contextmanager
    def _session(self) -> Iterator[Connection]:
        with translated(self.conninfo):
            connection = self.connect()
            try:
                _refuse_old_server(connection)
                yield connection
            finally:
                connection.close()

    def _begin(self, connection: Connection, lock: timedelta, statement: timedelta) -> None:
        timeouts = [_milliseconds(span) for span in (lock, statement, _IDLE_IN_TRANSACTION)]
        connection.execute(_SETTINGS, timeouts)


def fetch_one(
    connection: Connection, query: str | sql.Composed, params: Params | None = None
) -> TupleRow:
    """The only row of a statement that always yields one."""
    row = connection.execute(query, params).fetchone()
    assert row is not None  # noqa: S101 -- an aggregate, a function or INSERT ... RETURNING
    return row


def _milliseconds(span: timedelta) -> str:
    # Zero would switch a timeout off.
    return str(max(1, round(span.total_seconds() * 1000)))


def _refuse_old_server(connection: Connection) -> None:
    version = connection.info.server_version
    if version < _OLDEST_SERVER:
        raise Refused(
            f"the database server is PostgreSQL {version // 10_000}, which is too old",
            "PostgreSQL 13 or newer is needed",
        )
