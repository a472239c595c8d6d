"""Connection strings: Prisma's accepted as they are, passwords kept out of every message.

Before the way of a change: the one place that sees the connection string before psycopg does.
"""

from typing import Final
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from controller.domain.connection_string import without_prisma
from controller.errors import UsageError

_HIDDEN: Final = "***"


def for_psycopg(url: str, variable: str) -> str:
    """The connection string without what only Prisma understands.

    Args:
        url: As the process's environment variable holds it.
        variable: That variable's name, for the message.

    Raises:
        UsageError: PostgreSQL cannot understand it. Its text, which holds the password, is not
            repeated.
    """
    try:
        stripped = without_prisma(url)
        conninfo_to_dict(stripped)
    except (psycopg.ProgrammingError, ValueError):
        # The cause would quote the string, password and all.
        raise UsageError(
            f"{variable} does not hold a connection string that PostgreSQL understands",
            f"export {variable}=postgresql://USER:PASSWORD@HOST:5432/DATABASE "
            "(percent-encode special characters of the password)",
        ) from None
    return stripped


def without_password(text: str, url: str) -> str:
    """A text with the connection string's password blotted out, in whatever spelling."""
    password = conninfo_to_dict(url).get("password")
    if not password:
        return text
    for spelling in {str(password), quote(str(password), safe=""), quote(str(password))}:
        text = text.replace(spelling, _HIDDEN)
    return text
