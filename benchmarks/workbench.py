"""What benchmarks share: their sizes, and a PostgreSQL that is started when the first one asks."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg
from psycopg.conninfo import conninfo_to_dict

from controller.demo.app_schema import create_app_tables
from controller.demo.company import fill
from controller.demo.embedded_postgres import EmbeddedPostgres
from controller.demo.postgres_server import PostgresServer

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Workbench:
    """Sizes and a server.

    Attributes:
        merchants: How many merchants to measure with, ascending.
        goals_at: The size that the goals for large companies are set for.
        quick: Whether to do little, to see that the benchmarks work.
        server: Where to measure; by default an embedded one, as durable as PostgreSQL is by
            default, is started when it is needed.
    """

    merchants: tuple[int, ...]
    goals_at: int
    quick: bool
    server: PostgresServer | None = None
    _held: ExitStack = field(default_factory=ExitStack)
    _filled: dict[tuple[int, bool], str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def rounds(self, usual: int) -> int:
        """How many rounds to run: few when it is to be quick."""
        return 1 if self.quick else usual

    def goal(self, size: int, figure: float) -> float | None:
        """A goal that is set for one size only."""
        return figure if size == self.goals_at else None

    def folder(self) -> Path:
        """A fresh folder that is gone in the end."""
        return Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))

    @contextmanager
    def database(self, merchants: int, *, configured: bool = True) -> Iterator[str]:
        """A database with that many merchants, to be changed at will.

        Args:
            merchants: How many.
            configured: Whether each has a row of `"MerchantConfig"`, with the flag off.
        """
        key = (merchants, configured)
        if key not in self._filled:
            self._filled[key] = self._fill(merchants, configured=configured)
        with self.copy_of(self._filled[key]) as url:
            yield url

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """A copy of a database, by its URL; dropped in the end, so that disks do not fill up."""
        server, name = self._started(), _unique()
        url = server.create_database(name, template=_name(template))
        execute(url, "CHECKPOINT")  # what copying left to be written must not fall into the timing
        try:
            yield url
        finally:
            server.drop_database(name)

    def _fill(self, merchants: int, *, configured: bool) -> str:
        server, name = self._started(), _unique()
        self._held.callback(server.drop_database, name)
        url = server.create_database(name)
        create_app_tables(url, merchant_config=True)
        with psycopg.connect(url) as connection:
            fill(connection, merchants, configured=configured)
        execute(url, "VACUUM ANALYZE")
        return url

    def _started(self) -> PostgresServer:
        if self.server is None:
            self.server = self._held.enter_context(EmbeddedPostgres.start()).server
        return self.server


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _name(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


def _unique() -> str:
    return f"rolloutctl_benchmark_{uuid.uuid4().hex[:12]}"
