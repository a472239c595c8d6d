"""A PostgreSQL server on which databases can be made, empty or from a template.

Before the way of a change: the demo, the tests and the benchmarks get their databases here, from a
server that `embedded_postgres.py` started or from one that exists already.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from controller.errors import DatabaseUnreachable, UsageError


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server that is up.

    Attributes:
        admin_url: A `postgresql://` URL of any database on it, with the right to create others.
            That database itself is only connected to, never changed.
    """

    admin_url: str

    def __post_init__(self) -> None:
        if urlsplit(self.admin_url).scheme not in ("postgresql", "postgres"):
            raise UsageError(
                "the server's connection string is not a postgresql:// URL",
                "write it as postgresql://USER@HOST:PORT/DATABASE",
            )

    def url(self, database: str) -> str:
        """The `postgresql://` URL of a database on this server."""
        return urlunsplit(urlsplit(self.admin_url)._replace(path="/" + quote(database, safe="")))

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Create a database and return its URL.

        Args:
            name: A name that is free.
            template: A database to copy; nobody may be connected to it. Takes some 20 ms.

        Raises:
            DatabaseUnreachable: The server did not answer.
        """
        # template1 is what PostgreSQL takes when nothing is said.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        self._execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, with whoever is connected to it; nothing happens where there is none.

        Raises:
            DatabaseUnreachable: The server did not answer.
        """
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def _execute(self, statement: sql.Composed) -> None:
        try:
            with psycopg.connect(self.admin_url, autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.OperationalError as error:
            raise DatabaseUnreachable(
                f"the PostgreSQL server for demo and tests failed: {error}", "is it still running?"
            ) from error
