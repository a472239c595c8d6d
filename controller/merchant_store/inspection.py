"""A look at the app's database, for `doctor`: what is there, and what this role may do.

Beside the way of a change; only reads. Nothing is refused here: whatever is missing is told, so
that one run names everything that stands in the way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from psycopg import errors, sql
from psycopg.rows import TupleRow

from controller.domain.environment import Environment, WorkflowDataSettings
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.connection import Connection, Database, fetch_one
from controller.merchant_store.database_facts import (
    Column,
    DatabaseFacts,
    MerchantRuns,
    Merchants,
    Role,
    Runs,
    RunTable,
    Server,
    Table,
)

_SERVER: Final = """
    SELECT clock_timestamp(), pg_backend_pid(), pg_is_in_recovery(),
           current_setting('default_transaction_read_only')::boolean,
           (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone')
"""
_ROLE: Final = """
    SELECT current_user::text, r.rolsuper,
           coalesce(has_schema_privilege(app.oid, 'CREATE'), false),
           has_database_privilege(current_database(), 'CREATE'),
           has_database_privilege(current_database(), 'TEMPORARY'),
           has_schema_privilege(ledger.oid, 'USAGE') AND coalesce((
               SELECT bool_and(has_table_privilege(c.oid, 'SELECT')
                   AND has_table_privilege(c.oid, 'INSERT')
                   AND has_table_privilege(c.oid, 'UPDATE'))
               FROM pg_class c WHERE c.relnamespace = ledger.oid AND c.relkind = 'r'),
               has_schema_privilege(ledger.oid, 'CREATE'))
    FROM pg_roles r
    LEFT JOIN pg_namespace app ON app.nspname = %(schema)s
    LEFT JOIN pg_namespace ledger ON ledger.nspname = 'rollout'
    WHERE r.rolname = current_user
"""
_TABLE: Final = """
    SELECT pg_has_role(t.relowner, 'USAGE'), row_security_active(t.oid)
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = %s AND t.relname = %s AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_COLUMNS: Final = """
    SELECT a.attname, format_type(a.atttypid, NULL), pg_get_expr(d.adbin, d.adrelid),
           array_remove(ARRAY[
               CASE WHEN has_column_privilege(t.oid, a.attnum, 'SELECT') THEN 'SELECT' END,
               CASE WHEN has_column_privilege(t.oid, a.attnum, 'INSERT') THEN 'INSERT' END,
               CASE WHEN has_column_privilege(t.oid, a.attnum, 'UPDATE') THEN 'UPDATE' END,
               CASE WHEN has_column_privilege(t.oid, a.attnum, 'REFERENCES') THEN 'REFERENCES' END
           ], NULL),
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid
                   AND a.attnum = ANY(i.indkey::smallint[])),
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique
                   AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 1
                   AND i.indkey[0] = a.attnum)
    FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
    WHERE n.nspname = %s AND t.relname = %s AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_VERSION: Final = "SELECT coalesce(max(version), 0) FROM rollout.ledger_version"
_MERCHANTS: Final = "SELECT count(*), max({merchant_created_at})::timestamptz FROM {merchant}"
_LEDGER: Final = """
    SELECT EXISTS (SELECT FROM pg_tables
                   WHERE schemaname = 'rollout' AND tablename = 'ledger_version')
"""
_RUNS: Final = """
    SELECT max({created_at})::timestamptz,
           count(*) FILTER (WHERE {created_at} > now() - interval '7 days')
    FROM {run}
"""
_RUNS_OF: Final = """
    SELECT {merchant}::text,
           count(*) FILTER (WHERE {created_at} > now() - interval '7 days'),
           count(*) FILTER (WHERE {created_at} > now() - interval '30 days'
                            AND {status}::text = ANY(%(completed)s)),
           count(*) FILTER (WHERE {created_at} > now() - interval '30 days'
                            AND {status}::text = ANY(%(failed)s)),
           count(*) FILTER (WHERE {created_at} > now() - %(window)s
                            AND {status}::text = ANY(%(completed)s))
    FROM {run} WHERE {merchant}::text = ANY(%(merchants)s) GROUP BY 1
"""
_RUN_TABLE: Final = """
    SELECT t.reltuples::bigint,
           EXISTS (SELECT FROM pg_index i
                   JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                   WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL
                     AND (i.indkey[0] = a.attnum
                          OR m.amname = 'brin' AND a.attnum = ANY(i.indkey::smallint[]))),
           (SELECT s.correlation FROM pg_stats s WHERE s.schemaname = n.nspname
            AND s.tablename = t.relname AND s.attname = a.attname AND NOT s.inherited)
    FROM pg_class t
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = %s
    WHERE n.nspname = %s AND t.relname = %s AND t.relkind = 'r'
"""
_NOT_FOR_US: Final = (
    errors.InsufficientPrivilege,
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,  # a column of a type that cannot be compared so
    errors.CannotCoerce,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for.

    Attributes:
        columns: Columns in which flags live.
        merchants: Whose runs to count, by id.
        with_runs: Whether the app's database holds the runs at all.
    """

    columns: Collection[str]
    merchants: Collection[str]
    with_runs: bool


def inspect_database(environment: Environment, url: str, wanted: Wanted) -> DatabaseFacts:
    """Look at everything in one read-only transaction.

    Raises:
        UsageError: The connection string is not one.
        Refused: The server is too old.
        DatabaseUnreachable: It did not answer.
    """
    database, tables = Database.of(environment.database, url), AppTables.of(environment.database)
    with database.reading() as connection:
        config = _table(connection, tables.schema, tables.names.merchant_config)
        data = environment.workflow_data
        return DatabaseFacts(
            server=_server(connection),
            role=_role(connection, tables.schema),
            merchant=_table(connection, tables.schema, tables.names.merchant),
            merchant_config=config,
            ledger_version=_ledger_version(connection),
            merchants=_merchants(connection, tables, _readable(config, wanted.columns)),
            runs=_runs(connection, tables.schema, data, wanted) if wanted.with_runs else None,
        )


def _server(connection: Connection) -> Server:
    before = datetime.now(UTC)
    now, backend, is_replica, is_read_only, timezone = fetch_one(connection, _SERVER)
    middle = before + (datetime.now(UTC) - before) / 2
    return Server(
        version=connection.info.server_version,
        now=now.astimezone(UTC),
        ahead=now.astimezone(UTC) - middle,
        timezone=timezone,
        is_read_only=is_replica or is_read_only,
        # A pooler answers the login itself, and makes a number up.
        is_pooled=backend != connection.info.backend_pid,
    )


def _role(connection: Connection, schema: str) -> Role:
    name, superuser, tables, schemas, temporary, ledger = fetch_one(
        connection, _ROLE, {"schema": schema}
    )
    return Role(name, superuser, tables, schemas, ledger, temporary)


def _table(connection: Connection, schema: str, name: str) -> Table | None:
    row = connection.execute(_TABLE, [schema, name]).fetchone()
    if row is None:
        return None
    is_owned, hides_rows = row
    columns = {
        column: Column(kind, default, frozenset(rights), indexed, unique)
        for column, kind, default, rights, indexed, unique in connection.execute(
            _COLUMNS, [schema, name]
        )
    }
    return Table(columns, is_owned, hides_rows)


def _readable(table: Table | None, columns: Collection[str]) -> list[str]:
    """Those of the columns that are there, are boolean and may be read."""
    found = table.columns if table else {}
    return sorted(
        name
        for name in columns
        if name in found and found[name].type == "boolean" and "SELECT" in found[name].rights
    )


def _ledger_version(connection: Connection) -> int:
    (exists,) = fetch_one(connection, _LEDGER)
    found = _attempt(connection, sql.SQL(_VERSION).format(), {}) if exists else None
    return found[0][0] if found else 0


def _merchants(connection: Connection, tables: AppTables, columns: list[str]) -> Merchants | None:
    """Count the merchants, and those who have each column true."""
    counted = _attempt(connection, tables.sql(_MERCHANTS), {})
    if counted is None:
        return None
    on = {column: _on(connection, tables, column) for column in columns}
    return Merchants(counted[0][0], counted[0][1], on)


def _on(connection: Connection, tables: AppTables, column: str) -> int:
    statement = tables.sql(
        "SELECT count(*) FROM {merchant_config} WHERE {column}", column=sql.Identifier(column)
    )
    found = _attempt(connection, statement, {})
    return found[0][0] if found else 0


def _runs(
    connection: Connection, schema: str, settings: WorkflowDataSettings, wanted: Wanted
) -> Runs | None:
    """Count runs; None where there is no such table, or it may not be read."""
    names = {
        "run": sql.Identifier(schema, settings.tables["run"]),
        "merchant": sql.Identifier(settings.columns["run.merchant"]),
        "created_at": sql.Identifier(settings.columns["run.created_at"]),
        "status": sql.Identifier(settings.columns["run.status"]),
    }
    params = {
        "merchants": sorted(wanted.merchants),
        "completed": list(settings.completed),
        "failed": list(settings.failed),
        "window": settings.baseline_window,
    }
    total = _attempt(connection, sql.SQL(_RUNS).format(**names), {})
    of = _attempt(connection, sql.SQL(_RUNS_OF).format(**names), params)
    if total is None or of is None:
        return None
    newest, last_week = total[0]
    by_merchant = {merchant: MerchantRuns(*counts) for merchant, *counts in of}
    return Runs(newest, last_week, by_merchant, _run_table(connection, schema, settings))


def _run_table(
    connection: Connection, schema: str, settings: WorkflowDataSettings
) -> RunTable | None:
    names = [settings.columns["run.created_at"], schema, settings.tables["run"]]
    row = connection.execute(_RUN_TABLE, names).fetchone()
    return RunTable(*row) if row else None


def _attempt(
    connection: Connection, statement: sql.Composed, params: Mapping[str, object]
) -> list[TupleRow] | None:
    """What a statement yields; None where what it reads is not there or not for this role."""
    try:
        with connection.transaction():  # a savepoint: a refusal must not end the whole look
            return connection.execute(statement, params).fetchall()
    except _NOT_FOR_US:
        return None
