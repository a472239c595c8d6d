"""One consistent view of the database: what merchants have, and what the ledger remembers.

Gather, the first of three steps. Everything in it belongs to one moment, the database's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, LiteralString

from psycopg import sql

from controller.domain.actual import ActualSchema
from controller.domain.ledger import ChangeRecord, Ledger
from controller.domain.merchant import Merchant, MerchantBatch
from controller.merchant_store.app_schema_reading import AppColumns, read_columns
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection, fetch_one
from controller.merchant_store.history import read_last_changes
from controller.merchant_store.ledger_reading import read_ledger
from controller.merchant_store.merchant_stream import stream_merchants
from controller.merchant_store.packing import Packing
from controller.merchant_store.plain_text import storable
from controller.merchant_store.similarity import MOST_CANDIDATES, likeliest, typo_proof_patterns

_MERCHANTS: Final = """
    SELECT {merchant_id}::text, {shop_domain}, {is_active},
           coalesce({merchant_created_at}, 'epoch')
    FROM {merchant}
"""
_NAMED: Final = " WHERE {merchant_id}::text = ANY(%(wanted)s) OR {shop_domain} = ANY(%(wanted)s)"
_ALIKE: Final = """
    WHERE lower({shop_domain} || ' ' || {merchant_id}) LIKE ANY (%(patterns)s)
    LIMIT %(most)s
"""


class PostgresSnapshot:
    """What one REPEATABLE READ transaction sees; see `controller.merchant_store.interface`."""

    def __init__(self, connection: Connection, environment: str, tables: AppTables) -> None:
        self._connection = connection
        self._environment = environment
        self._tables = tables
        (now,) = fetch_one(connection, "SELECT now()")
        self._now: datetime = now.astimezone(UTC)
        self._columns: AppColumns = read_columns(connection, tables)
        self._ledger = read_ledger(connection, environment)

    @property
    def now(self) -> datetime:
        """The database's clock at the start of the snapshot."""
        return self._now

    @property
    def ledger(self) -> Ledger:
        """What was applied, and what is halted."""
        return self._ledger

    @property
    def schema(self) -> ActualSchema:
        """What tables and columns there are."""
        return self._columns.schema

    def batches(self, columns: Sequence[str], *, with_age: bool) -> Iterator[MerchantBatch]:
        """Stream every merchant with its value in each column; to be read to its end at once."""
        packing = Packing(tuple(columns), self.schema.columns, with_age)
        return stream_merchants(
            self._connection,
            self._tables,
            packing,
            has_merchant_config=self.schema.has_merchant_config,
        )

    def find_merchants(self, references: Sequence[str]) -> tuple[Merchant, ...]:
        """The merchants whose id or shop domain is among `references`, sorted by id."""
        wanted = [reference for reference in references if storable(reference)]
        found = self._merchants(_NAMED, {"wanted": wanted})
        return tuple(sorted(found, key=lambda merchant: merchant.id))

    def similar_merchants(self, reference: str, limit: int) -> tuple[Merchant, ...]:
        """Merchants that a mistyped id or shop domain may mean, the likeliest first."""
        if not storable(reference):
            return ()
        wanted = {"patterns": typo_proof_patterns(reference), "most": MOST_CANDIDATES}
        return likeliest(reference, self._merchants(_ALIKE, wanted), limit)

    def _merchants(self, where: LiteralString, wanted: Mapping[str, object]) -> list[Merchant]:
        rows = self._connection.execute(self._tables.sql(_MERCHANTS + where), wanted)
        return [Merchant(key, shop, active, _in_utc(at)) for key, shop, active, at in rows]

    def values_of(self, merchant: str, columns: Sequence[str]) -> tuple[bool | None, ...]:
        """One merchant's value in each column; None without a row or column."""
        if not storable(merchant):
            return tuple(None for _ in columns)
        existing = [column for column in columns if column in self.schema.columns]
        found = self._stored_values(merchant, existing) if existing else {}
        return tuple(found.get(column) for column in columns)

    def _stored_values(self, merchant: str, columns: list[str]) -> Mapping[str, bool | None]:
        row = self._connection.execute(
            self._tables.sql(
                "SELECT {columns} FROM {merchant_config} WHERE {config_merchant_id}::text = %s",
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            ),
            [merchant],
        ).fetchone()
        return dict(zip(columns, row, strict=True)) if row else {}

    def last_changes(self, merchant: str) -> Mapping[str, ChangeRecord]:
        """The newest recorded change of one merchant, by flag."""
        if not self._ledger.exists or not storable(merchant):
            return {}
        return read_last_changes(self._connection, self._environment, merchant)

    def config_updated_at(self, merchants: Sequence[str]) -> Mapping[str, datetime]:
        """When the app's rows of these merchants were last written, by whoever did it."""
        if self._tables.names.config_updated_at not in self._columns.merchant_config:
            return {}
        rows = self._connection.execute(
            self._tables.sql(
                "SELECT {config_merchant_id}::text, {config_updated_at} FROM {merchant_config} "
                "WHERE {config_merchant_id}::text = ANY(%s) AND {config_updated_at} IS NOT NULL"
            ),
            [[merchant for merchant in merchants if storable(merchant)]],
        )
        return {merchant: _in_utc(at) for merchant, at in rows}


def _in_utc(moment: datetime) -> datetime:
    """Prisma's zoneless columns hold UTC; others carry their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
