"""Connection strings as Prisma writes them, made readable for libpq.

Before the way of a change: every address of a PostgreSQL passes here, the app's own and that of the
workflow data. Prisma's `DATABASE_URL` carries settings of Prisma's own pool in its query, which
libpq refuses as unknown.
"""

from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

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


def without_prisma(address: str) -> str:
    """The address without what only Prisma understands; libpq's `key=value` form as it is.

    Raises:
        ValueError: It is no address.
    """
    if "://" not in address:
        return address
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in _PRISMA_ONLY]
    return urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote)))
