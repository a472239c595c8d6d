"""Connection strings as Prisma writes them, made readable for libpq.

Before the way of a change: every address of a PostgreSQL passes here, the app's own and that of the
workflow data. Prisma's `DATABASE_URL` carries settings of Prisma's own pool in its query, which
libpq refuses as unknown.
"""

from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

_PRISMA_ONLY: Final = frozenset(
    {
        "connection_limit",
        "max_connection_lifetime",
        "max_idle_connection_lifetime",
        "pgbouncer",
        "pool_timeout",
        "schema",
        "single_use_connections",
        "socket_timeout",
        "sslaccept",
        "sslidentity",
        "statement_cache_size",
    }
)

_HIDDEN: Final = "***"


def without_prisma(address: str) -> str:
    """The address without what only Prisma understands; libpq's `key=value` form as it is.

    Raises:
        ValueError: It is no address. One whose password was not percent-encoded is none: a part of
            it would be taken for a host or a port, and repeated in whatever libpq says of that.
    """
    if "://" not in address:
        return address
    parts = urlsplit(address)
    _refuse_torn(parts.netloc)
    kept = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in _PRISMA_ONLY]
    return urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote)))


def without_password(text: str, password: str) -> str:
    """A text with a password blotted out, in whatever spelling; for what a database says."""
    if password:
        for spelling in (password, quote(password, safe=""), quote(password), quote_plus(password)):
            text = text.replace(spelling, _HIDDEN)
    return text


def _refuse_torn(netloc: str) -> None:
    user, _, hosts = netloc.rpartition("@")
    ports = (host.rpartition("]")[2].rpartition(":")[2] for host in hosts.split(",") if ":" in host)
    if "@" in user or any(port and not port.isdecimal() for port in ports):
        raise ValueError("Invalid host or port")
