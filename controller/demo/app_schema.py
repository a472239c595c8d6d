"""The app's tables as Prisma shapes them: one truth for demo, tests and benchmarks.

Before the way of a change: what the controller finds in a company's database when it comes there.
"""

from pathlib import Path
from typing import Final

import psycopg

_FOLDER: Final = Path(__file__).parent


def create_app_tables(url: str, *, merchant_config: bool) -> None:
    """Create the app's empty tables in a fresh database.

    Args:
        url: The database's connection string.
        merchant_config: Whether Prisma has made `"MerchantConfig"` already; the controller can make
            it, too.
    """
    names = ("app_schema.sql", "merchant_config.sql") if merchant_config else ("app_schema.sql",)
    with psycopg.connect(url) as connection:
        for name in names:
            connection.execute((_FOLDER / name).read_bytes())
