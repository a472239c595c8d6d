"""Create what is missing of the app's table: exactly what the app's own migration would.

Apply, before any value. Under `schema: external` the same statements are only printed, see
`external_schema.py`.
"""

from collections.abc import Iterable
from typing import Final

from psycopg import sql

from controller.domain.plan import SchemaChange, SchemaStep
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection

_FLAG: Final = "{column} BOOLEAN NOT NULL DEFAULT false"
_CREATE: Final = """CREATE TABLE {merchant_config} (
  {config_id} TEXT NOT NULL PRIMARY KEY,
  {config_merchant_id} TEXT NOT NULL UNIQUE,
  {flags}{config_created_at} TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  {config_updated_at} TIMESTAMP(3) NOT NULL,
  CONSTRAINT {foreign_key}
    FOREIGN KEY ({config_merchant_id}) REFERENCES {merchant}({merchant_id})
    ON DELETE CASCADE ON UPDATE CASCADE
)"""
_ADD: Final = "ALTER TABLE {merchant_config} ADD COLUMN " + _FLAG


def schema_statements(steps: Iterable[SchemaStep], tables: AppTables) -> list[sql.Composed]:
    """The statements that create the table with its flags, or the flags that it lacks."""
    steps = tuple(steps)
    columns = [step.name for step in steps if step.kind is SchemaChange.ADD_COLUMN]
    if any(step.kind is SchemaChange.CREATE_TABLE for step in steps):
        return [_create(columns, tables)]
    return [tables.sql(_ADD, column=sql.Identifier(column)) for column in columns]


def take_schema_steps(
    connection: Connection, steps: Iterable[SchemaStep], tables: AppTables
) -> None:
    """Carry the steps out, in the transaction of everything else."""
    for statement in schema_statements(steps, tables):
        connection.execute(statement)


def _create(columns: list[str], tables: AppTables) -> sql.Composed:
    flags = [tables.sql(_FLAG + ",\n  ", column=sql.Identifier(column)) for column in columns]
    names = tables.names
    foreign_key = sql.Identifier(f"{names.merchant_config}_{names.config_merchant_id}_fkey")
    return tables.sql(_CREATE, flags=sql.Composed(flags), foreign_key=foreign_key)
