"""Where the workflow data is: a connection string of any engine that SQLAlchemy reaches.

Before anything is counted. PostgreSQL's strings go to psycopg as the app's own do, so that Prisma's
`DATABASE_URL` works as it stands; every other engine's are SQLAlchemy's business.
"""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from controller.domain.connection_string import without_prisma
from controller.errors import UsageError

_POSTGRES: Final = frozenset({"postgres", "postgresql"})


def is_postgres(address: str) -> bool:
    """Whether it is PostgreSQL: its URLs in all spellings, and its `key=value` form."""
    scheme, separator, _ = address.partition("://")
    return not separator or scheme.partition("+")[0] in _POSTGRES


def for_libpq(address: str, variable: str) -> tuple[str, str]:
    """A PostgreSQL address without what only Prisma or SQLAlchemy understands in it.

    Args:
        address: As the process's environment variable holds it.
        variable: That variable's name, for the message.

    Returns:
        The address, and the password in it; empty where it has none.

    Raises:
        UsageError: libpq cannot understand it. Its text is not repeated: it may hold a password.
    """
    try:
        if "://" in address:
            parts = urlsplit(without_prisma(address))
            address = urlunsplit(parts._replace(scheme="postgresql"))
        password = conninfo_to_dict(address).get("password")
    except (psycopg.ProgrammingError, ValueError):
        # The cause would quote the address, password and all.
        raise UsageError(
            f"{variable} does not hold a connection string that PostgreSQL understands",
            f"export {variable}=postgresql://USER:PASSWORD@HOST:5432/DATABASE "
            "(percent-encode special characters of the password)",
        ) from None
    return address, str(password or "")


def for_sqlalchemy(address: str, variable: str) -> URL:
    """The address of any other engine.

    Args:
        address: As the process's environment variable holds it.
        variable: That variable's name, for the message.

    Raises:
        UsageError: It is no address. Its text, which may hold a password, is not repeated.
    """
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # The cause would quote the address, password and all.
        raise UsageError(
            f"{variable} does not hold an address that SQLAlchemy understands",
            f"export {variable}=postgresql://USER:PASSWORD@HOST/DATABASE, or one such as "
            "duckdb:///FILE or hive://HOST:10000/DATABASE",
        ) from None
