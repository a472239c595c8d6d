"""What the app's database calls merchants and their values: looked up, never asked for.

`read` gathers, `recognise` decides. Prisma's names are what is expected; others that say the same
(`merchants`, `merchant_config`, `shop_domain`) are proposed in the environment's file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Final, TypeAlias

from controller.domain.environment import DatabaseSettings, MerchantTables, SchemaOwner
from controller.merchant_store.connection import Database
from controller.starting.choices import AppNames

URL_VARIABLE: Final = "DATABASE_URL"
"""The variable that a new environment's file names."""

_SETTINGS: Final = DatabaseSettings(
    url_variable=URL_VARIABLE,
    schema="public",
    schema_owner=SchemaOwner.EXTERNAL,
    tables=MerchantTables(),
    statement_timeout=timedelta(seconds=30),
    lock_timeout=timedelta(seconds=10),
)

Catalog: TypeAlias = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Types of columns, by schema, table and column."""

_COLUMNS: Final = """
    SELECT n.nspname, t.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)'
      AND n.nspname ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND a.attname ~ '^[A-Za-z_][A-Za-z0-9_]*$'
      AND lower(replace(t.relname, '_', '')) = ANY(%s)
    ORDER BY 1, 2, a.attnum
"""
_MERCHANT: Final = ("merchant", "merchants", "shop", "shops", "tenant", "tenants")
_CONFIG: Final = tuple(
    f"{merchant}{config}"
    for merchant in _MERCHANT
    for config in ("config", "configs", "setting", "settings")
)
_TABLE_KEYS: Final = ("merchant", "merchant_config")
_CONFIG_PREFIX: Final = "config_"
_OTHER_WORDS: Final = {
    "shop_domain": ("domain", "shop", "myshopifydomain"),
    "is_active": ("active", "enabled"),
    "merchant_created_at": ("created",),
    "config_merchant_id": ("shopid", "tenantid"),
    "config_created_at": ("created",),
    "config_updated_at": ("updated",),
}


def read(url: str) -> AppNames:
    """Look into the app's database; nothing is written.

    Raises:
        UsageError: It is no connection string.
        Refused: The server is too old.
        DatabaseUnreachable: It does not answer.
    """
    with Database.of(_SETTINGS, url).reading() as connection:
        rows = connection.execute(_COLUMNS, [[*_MERCHANT, *_CONFIG]]).fetchall()
    catalog: dict[str, dict[str, dict[str, str]]] = {}
    for schema, table, column, kind in rows:
        catalog.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return recognise(catalog)


def recognise(catalog: Catalog) -> AppNames:
    """The names that a new environment's file needs, of what is in the database."""
    usual = MerchantTables()
    for schema in sorted(catalog, key=lambda name: (name != "public", name)):
        merchant = _found(catalog[schema], (usual.merchant, *_MERCHANT))
        if merchant is None:
            continue
        config = _found(catalog[schema], (usual.merchant_config, *_CONFIG))
        names = _names(catalog[schema], merchant, config)
        columns = catalog[schema].get(config or "", {})
        flags = sorted(column for column, kind in columns.items() if kind == "boolean")
        return AppNames(schema, names, tuple(flags), has_merchants=True)
    return AppNames()


def _found(tables: Iterable[str], words: Iterable[str]) -> str | None:
    """The table whose name says one of these words, the first word first."""
    by_word = {_bare(table): table for table in sorted(tables, reverse=True)}
    known = set(tables)
    return next(
        (w if w in known else by_word[_bare(w)] for w in words if _bare(w) in by_word), None
    )


def _names(
    tables: Mapping[str, Mapping[str, str]], merchant: str, config: str | None
) -> dict[str, str]:
    """Only the names that are not the usual ones, by their key in the file."""
    usual = MerchantTables()
    found = {"merchant": merchant, "merchant_config": config or usual.merchant_config}
    for field in fields(MerchantTables):
        if field.name in _TABLE_KEYS:
            continue
        table = config if field.name.startswith(_CONFIG_PREFIX) else merchant
        column = _column(tables.get(table or "", {}), field.name, getattr(usual, field.name))
        if column is not None:
            found[field.name] = column
    return {key: name for key, name in found.items() if name != getattr(usual, key)}


def _column(columns: Mapping[str, str], key: str, usual: str) -> str | None:
    by_word = {_bare(column): column for column in columns}
    if usual in columns:
        return usual
    words = (_bare(usual), *_OTHER_WORDS.get(key, ()))
    return next((by_word[word] for word in words if word in by_word), None)


def _bare(name: str) -> str:
    return name.replace("_", "").lower()
