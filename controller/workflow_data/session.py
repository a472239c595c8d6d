"""Sessions on the workflow data: read-only, in UTC, with a time limit on every statement.

Around every count. On PostgreSQL all settings are local to one transaction, as a pooler needs it,
and everything is read in one view of the data.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Self

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import NullPool, QueuePool

from controller.errors import UsageError
from controller.workflow_data.address import for_libpq, for_sqlalchemy, is_postgres
from controller.workflow_data.flavour import Flavour

_POSTGRES: Final[Mapping[str, str]] = {
    "timezone": "UTC",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "300000",
    "work_mem": "128MB",
    # Measured over 10 M runs: compiling and merge joins cost more than they bring, and two level
    # grouping is only planned in parallel where handing rows over looks cheap.
    "jit": "off",
    "enable_mergejoin": "off",
    "parallel_tuple_cost": "0.01",
}
# Counting a merchant's runs along an index in memory is four times quicker than sorting all runs
# into merchants, which the planner does not believe. Of an index on disk it would be much slower.
_IN_MEMORY: Final[Mapping[str, str]] = {
    "random_page_cost": "0.7",
    "min_parallel_index_scan_size": "0",
}
_EXTRAS: Final[Mapping[str, str]] = {"duckdb": "rolloutctl[duckdb]", "hive": "rolloutctl[spark]"}


@dataclass(frozen=True, slots=True)
class Source:
    """A database with workflow data in it.

    Attributes:
        flavour: How its SQL differs from the standard.
        patience: How long one statement may take.
        password: Of its address; never shown.
        conninfo: What libpq connects with, on PostgreSQL.
    """

    engine: Engine
    flavour: Flavour
    patience: timedelta
    password: str = field(default="", repr=False)
    conninfo: str = field(default="", repr=False)

    @classmethod
    def at(cls, address: str, variable: str, patience: timedelta) -> Self:
        """A database by its address; nothing is connected yet.

        Args:
            address: As the process's environment variable holds it.
            variable: That variable's name, for messages.
            patience: How long one statement may take.

        Raises:
            UsageError: It is no address, or the engine's driver is not installed.
        """
        if is_postgres(address):
            address, password = for_libpq(address, variable)
            return cls(_postgres(address), Flavour.POSTGRESQL, patience, password, address)
        url = for_sqlalchemy(address, variable)
        try:
            options: dict[str, Any] = {}
            if url.get_backend_name() == Flavour.DUCKDB and url.database not in {None, ":memory:"}:
                options["connect_args"] = {"read_only": True}
            engine = sa.create_engine(url, poolclass=NullPool, **options)
        except (NoSuchModuleError, ImportError) as error:
            backend = url.get_backend_name()
            package = _EXTRAS.get(backend, f"a package with SQLAlchemy's dialect `{backend}`")
            raise UsageError(
                f"{variable} names {backend}, whose driver is not installed",
                f"pip install '{package}'" if backend in _EXTRAS else f"install {package}",
            ) from error
        return cls(engine, Flavour.of(engine.dialect.name), patience, str(url.password or ""))

    def kept(self) -> Self:
        """The same, with one connection that stays open between sessions, for who asks often.

        Only on PostgreSQL: elsewhere an open connection may keep others from writing.
        """
        if self.flavour is not Flavour.POSTGRESQL:
            return self
        return replace(self, engine=_postgres(self.conninfo, keep=True))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A session that only reads; whatever it did is rolled back at the end."""
        with self.engine.connect() as connection:
            if self.flavour is Flavour.POSTGRESQL:
                connection = connection.execution_options(  # noqa: PLW2901 -- the same connection
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin() as transaction:
                self._settle(connection)
                yield connection
                transaction.rollback()

    @contextmanager
    def time_limit(self, connection: Connection) -> Iterator[None]:
        """Interrupt a statement that takes too long where the engine has no limit of its own."""
        if self.flavour is not Flavour.DUCKDB:
            yield
            return
        driver: Any = connection.connection.driver_connection
        timer = threading.Timer(self.patience.total_seconds(), driver.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def expect_index_in_memory(self, connection: Connection) -> None:
        """Let PostgreSQL's planner prefer the runs' index for the rest of the session."""
        _set(connection, _IN_MEMORY)

    def _settle(self, connection: Connection) -> None:
        if self.flavour is Flavour.POSTGRESQL:
            limit = str(max(1, round(self.patience.total_seconds() * 1000)))
            _set(connection, {**_POSTGRES, "statement_timeout": limit})
        elif self.flavour is Flavour.DUCKDB:
            connection.exec_driver_sql("SET TimeZone = 'UTC'")
        elif self.flavour is Flavour.SPARK:
            seconds = max(1, round(self.patience.total_seconds()))
            connection.exec_driver_sql("SET spark.sql.session.timeZone=UTC")
            connection.exec_driver_sql(f"SET spark.sql.thriftServer.queryTimeout={seconds}")


def _postgres(address: str, *, keep: bool = False) -> Engine:
    def connect() -> psycopg.Connection[Any]:
        # Nothing is prepared on the server: behind a pooler it would be another session's.
        return psycopg.connect(
            address, prepare_threshold=None, client_encoding="UTF8", application_name="rolloutctl"
        )

    pool: dict[str, Any] = {"poolclass": NullPool}
    if keep:
        pool = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    return sa.create_engine(
        "postgresql+psycopg://", creator=connect, use_native_hstore=False, **pool
    )


def _set(connection: Connection, settings: Mapping[str, str]) -> None:
    """For the transaction, as a pooler needs it."""
    local = [sa.func.set_config(name, value, True) for name, value in settings.items()]
    connection.execute(sa.select(*local))
