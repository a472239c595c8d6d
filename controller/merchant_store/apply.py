"""Change the merchants' values: one statement a flag, its history written by the same statement.

Apply, the last of three steps. Rows that hold the wanted value already are not touched, whoever set
it; of the rows that are, only the flag's column and `"updatedAt"` change. Merchants that were
deleted since the plan was made are skipped, rows that the app has made since are kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Final

from psycopg import sql

from controller.activity import busy
from controller.domain.plan import ChangeGroup
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection
from controller.merchant_store.cuid import cuid_expression
from controller.merchant_store.ledger_writing import Run, flag_ids
from controller.merchant_store.staging import stage

NOW_IN_UTC: Final = sql.SQL("now() AT TIME ZONE 'UTC'")
"""Prisma's `TIMESTAMP(3)` has no zone and is read as UTC."""

# History is written sorted by merchant: that is what makes its small index work.
_UPDATE: Final = """
    WITH changed AS (
        UPDATE {merchant_config} c
        SET {column} = w.value, {config_updated_at} = {now}
        FROM rollout_wanted w
        WHERE w.flag = {flag} AND c.{config_merchant_id} = w.merchant_id
          AND c.{column} IS DISTINCT FROM w.value
        RETURNING w.merchant_id::text COLLATE "C" AS merchant_id, w.value, w.cause
    )
    INSERT INTO rollout.change (run, flag, cause, value, merchant_id)
    SELECT {run}, {flag}, cause, value, merchant_id FROM changed ORDER BY merchant_id
"""
# Merchants are not locked: that would ask for the right to update them. One that is deleted in this
# very moment breaks the foreign key, and the run starts over.
_INSERT: Final = """
    WITH missing AS (
        SELECT m.{merchant_id} AS merchant_id, w.cause
        FROM rollout_wanted w JOIN {merchant} m ON m.{merchant_id} = w.merchant_id
        WHERE w.flag = {flag} AND w.value AND NOT EXISTS (
            SELECT FROM {merchant_config} c WHERE c.{config_merchant_id} = m.{merchant_id})
    ), numbered AS (
        SELECT merchant_id, cause, row_number() OVER () AS number FROM missing
    ), added AS (
        INSERT INTO {merchant_config} AS c
            ({config_id}, {config_merchant_id}, {column}, {config_created_at}, {config_updated_at})
        SELECT {cuid}, merchant_id, true, {now}, {now} FROM numbered
        ON CONFLICT ({config_merchant_id}) DO UPDATE
            SET {column} = true, {config_updated_at} = excluded.{config_updated_at}
            WHERE c.{column} IS DISTINCT FROM true
        RETURNING {config_merchant_id} AS merchant_id
    )
    INSERT INTO rollout.change (run, flag, cause, value, merchant_id)
    SELECT {run}, {flag}, cause, true, merchant_id::text COLLATE "C" AS key
    FROM added JOIN numbered USING (merchant_id) ORDER BY key
"""


def apply_groups(
    connection: Connection,
    tables: AppTables,
    run: Run,
    groups: Iterable[ChangeGroup],
    columns: Mapping[str, str],
    now: datetime,
) -> dict[str, int]:
    """Write the wanted values, and a change row for each one that was another.

    Args:
        connection: In the transaction that holds the ledger's lock.
        tables: The app's tables.
        run: Whose change rows they are.
        groups: The values wanted.
        columns: The column of each flag.
        now: The time that new rows' ids carry.

    Returns:
        How many values changed, by flag; flags with none are left out.

    Raises:
        psycopg.errors.ForeignKeyViolation: The app deleted a merchant while its row was made.
    """
    by_flag = {
        flag: tuple(found) for flag, found in groupby(sorted(groups, key=_flag_of), key=_flag_of)
    }
    if not by_flag:
        return {}
    numbers = flag_ids(connection, run.environment, by_flag)
    stage(connection, tables, (group for found in by_flag.values() for group in found), numbers)
    changed = {}
    for flag, found in by_flag.items():
        names: dict[str, sql.Composable] = {
            "column": sql.Identifier(columns[flag]),
            "flag": sql.Literal(numbers[flag]),
            "run": sql.Literal(run.seq),
            "now": NOW_IN_UTC,
            "cuid": cuid_expression(sql.Identifier("number"), now),
        }
        wanted = sum(len(group.merchants) for group in found)
        with busy(f"writing {wanted:,} values of {flag}"):
            changed[flag] = _change(connection, tables, names, wanted)
    return {flag: count for flag, count in changed.items() if count}


def _change(
    connection: Connection, tables: AppTables, names: Mapping[str, sql.Composable], wanted: int
) -> int:
    updated = connection.execute(tables.sql(_UPDATE, **names)).rowcount
    if updated == wanted:
        return updated  # every merchant has its row: nothing can be missing
    return updated + connection.execute(tables.sql(_INSERT, **names)).rowcount


def _flag_of(group: ChangeGroup) -> str:
    return group.flag
