"""A great many merchants and nothing else, made inside the database.

Before the way of a change: what the benchmarks stand on.
"""

from typing import Final

from controller.demo.company.copying import Connection, keys_checked_at_once

# 25 characters like a cuid: `c`, a part that rises with time, and one that is random.
_MERCHANTS: Final = """
    INSERT INTO "Merchant" ("id", "shopDomain", "isActive", "createdAt")
    SELECT 'c' || lpad(to_hex(1717200000000 + n * 1000), 11, '0')
               || substr(md5('merchant ' || n), 1, 13),
           'shop-' || lpad(n::text, 8, '0') || '.myshopify.com',
           n %% 33 <> 0,
           date_trunc('milliseconds', now() AT TIME ZONE 'UTC')
               - interval '60 days' - (1 - n::float8 / %(merchants)s) * interval '670 days'
    FROM generate_series(1, %(merchants)s) AS n
"""
_CONFIGS: Final = """
    INSERT INTO "MerchantConfig" ("id", "merchantId", "updatedAt")
    SELECT 'cc' || substr("id", 3), "id", now() AT TIME ZONE 'UTC' FROM "Merchant" ORDER BY "id"
"""


def fill(connection: Connection, merchants: int = 1_000_000, *, configured: bool = False) -> None:
    """Create merchants and nothing else, and commit; a million take some ten seconds.

    Args:
        connection: To a database with the app's empty tables.
        merchants: How many. Their ages spread evenly from 60 days to two years, so that none
            becomes eligible while something is measured.
        configured: Whether each also gets a row of `"MerchantConfig"`, with every flag off.
    """
    with connection.transaction(), keys_checked_at_once(connection):
        connection.execute(_MERCHANTS, {"merchants": merchants})
        if configured:
            connection.execute(_CONFIGS)
    connection.execute("ANALYZE")
    connection.commit()
