"""What tables and columns the app's database has, of those that the controller needs.

Gather: before any merchant is read, so that a wrong database is told as such.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from controller.domain.actual import ActualSchema
from controller.domain.desired import DesiredFlag
from controller.errors import Refused
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection

_BOOLEAN: Final = "boolean"
_COLUMNS: Final = """
    SELECT t.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = %s AND t.relname = ANY(%s) AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
"""


@dataclass(frozen=True, slots=True)
class AppColumns:
    """The columns of the app's two tables, with their types; empty where there is no table."""

    merchant: Mapping[str, str]
    merchant_config: Mapping[str, str]

    @property
    def schema(self) -> ActualSchema:
        """What planning needs to know of it."""
        columns = self.merchant_config
        return ActualSchema(
            has_merchant_config=bool(columns),
            columns=frozenset(name for name, kind in columns.items() if kind == _BOOLEAN),
            other_columns={name: kind for name, kind in columns.items() if kind != _BOOLEAN},
        )


def read_columns(connection: Connection, tables: AppTables) -> AppColumns:
    """Read which columns there are.

    Raises:
        Refused: The merchants' table is missing, or one of its columns.
    """
    columns = _columns(connection, tables)
    _refuse_missing(columns, tables)
    return columns


def refuse_other_types(flags: Iterable[DesiredFlag], schema: ActualSchema) -> None:
    """Refuse flags whose column is there with a type that no flag can live in.

    Raises:
        Refused: Names each of them with its type.
    """
    homes = ((flag.key, flag.flag.merchant_config) for flag in flags)
    wrong = [
        f"{key}: {home.column} is {schema.other_columns[home.column]}"
        for key, home in homes
        if home and home.column in schema.other_columns
    ]
    if wrong:
        raise Refused(
            f"a flag lives in a boolean column, and these are not: {'; '.join(wrong)}",
            "name another column in the flag's file, or change the column's type in a migration",
        )


def has_merchant_config(connection: Connection, tables: AppTables) -> bool:
    """Whether the `"MerchantConfig"` table exists."""
    return bool(_columns(connection, tables).merchant_config)


def has_column(connection: Connection, tables: AppTables, column: str) -> bool:
    """Whether `"MerchantConfig"` exists and has a boolean column of this name.

    Raises:
        Refused: This is not the app's database, or the column is no boolean.
    """
    columns = _columns(connection, tables)
    _refuse_other_database(columns, tables)
    kind = columns.merchant_config.get(column, _BOOLEAN)
    if kind != _BOOLEAN:
        raise Refused(
            f"a flag lives in a boolean column, and {column} is {kind}: nothing was turned off",
            "name its column in the flag's file, or change the column's type in a migration",
        )
    return column in columns.merchant_config


def _columns(connection: Connection, tables: AppTables) -> AppColumns:
    names = tables.names
    found: dict[str, dict[str, str]] = {names.merchant: {}, names.merchant_config: {}}
    for table, column, kind in connection.execute(_COLUMNS, [tables.schema, list(found)]):
        found[table][column] = kind
    return AppColumns(found[names.merchant], found[names.merchant_config])


def _refuse_other_database(columns: AppColumns, tables: AppTables) -> None:
    if not columns.merchant:
        raise Refused(
            f'the database has no table "{tables.schema}"."{tables.names.merchant}"',
            "check the connection string, and database.tables in the environment's file",
        )


def _refuse_missing(columns: AppColumns, tables: AppTables) -> None:
    names = tables.names
    _refuse_other_database(columns, tables)
    needed = (
        names.merchant_id,
        names.shop_domain,
        names.is_active,
        names.merchant_created_at,
    )
    missing = [column for column in needed if column not in columns.merchant]
    if missing:
        listed = ", ".join(f'"{column}"' for column in missing)
        raise Refused(
            f'the table "{names.merchant}" has no column {listed}',
            "name the right columns under database.tables in the environment's file",
        )
