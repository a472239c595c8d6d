"""Checks on the app's tables: what a reconcile reads and writes."""

from collections.abc import Mapping
from typing import Final

from controller.doctor.finding import Finding, fail, not_checked, ok, warn
from controller.domain.desired import Desired
from controller.domain.environment import SchemaOwner
from controller.merchant_store.database_facts import Column, DatabaseFacts

_BOOLEAN: Final = "boolean"
_NAMED: Final = "name the right ones under database.tables in the environment's file"
_NO_COLUMN: Final = "no flag has a column"
_MANY_RUNS: Final = 1_000_000
_IN_ORDER: Final = 0.9
"""Below this correlation the blocks of a window of time are spread over the whole table."""

_NO_MERCHANTS: Final = not_checked("there is no table of merchants")
_TIMES: Final = frozenset({"timestamp without time zone", "timestamp with time zone"})


def merchant_table(desired: Desired, database: DatabaseFacts) -> Finding:
    """The table of merchants is there, with the columns that the environment names."""
    names, table = desired.environment.database.tables, database.merchant
    if table is None:
        variable = desired.environment.database.url_variable
        return fail(
            f'there is no table "{names.merchant}" in schema {desired.environment.database.schema}',
            f"check that {variable} names the app's database; if it does, {_NAMED}",
        )
    wanted = (names.merchant_id, names.shop_domain, names.is_active, names.merchant_created_at)
    missing = _missing(wanted, table.columns)
    if missing:
        return fail(f'"{names.merchant}" has no column {missing}', _NAMED)
    kind = table.columns[names.merchant_created_at].type
    if kind not in _TIMES:
        return fail(f'"{names.merchant}"."{names.merchant_created_at}" is {kind}', _NAMED)
    return ok(f'"{names.merchant}" has every column')


def merchants_exist(desired: Desired, database: DatabaseFacts) -> Finding:
    """There are merchants: an empty table is never taken for nobody wanted."""
    if database.merchant is None:
        return _NO_MERCHANTS
    if database.merchants is None:
        return fail("the merchants cannot be counted", "see role_rights and merchant_table")
    if not database.merchants.count:
        name = desired.environment.database.tables.merchant
        return fail(
            f'"{name}" is empty', "check that the connection string names the right database"
        )
    return ok(f"{database.merchants.count:,} merchants")


def merchant_config_table(desired: Desired, database: DatabaseFacts) -> Finding:
    """The table of per-merchant values is there, or will be created."""
    names, table = desired.environment.database.tables, database.merchant_config
    if table is None and not _flag_columns(desired):
        return ok(f'no flag has a column; "{names.merchant_config}" is made with the first one')
    if table is None:
        return _to_be_created(
            desired, database, f'the table "{names.merchant_config}"', can=_can_create(database)
        )
    wanted = (
        names.config_id,
        names.config_merchant_id,
        names.config_created_at,
        names.config_updated_at,
    )
    missing = _missing(wanted, table.columns)
    if missing:
        return fail(f'"{names.merchant_config}" has no column {missing}', _NAMED)
    return ok(f'"{names.merchant_config}" has every column')


def flag_columns(desired: Desired, database: DatabaseFacts) -> Finding:
    """Each flag's column is a boolean, or will be created."""
    table = database.merchant_config
    columns = _flag_columns(desired)
    found = table.columns if table else {}
    wrong = [f"{c} is {found[c].type}" for c in columns if c in found and found[c].type != _BOOLEAN]
    if wrong:
        return fail(
            f"a flag lives in a boolean column, and these are not: {', '.join(wrong)}",
            "name another column in the flag's file, or change the type in a migration",
        )
    missing = [column for column in columns if column not in found]
    if missing:
        can = table.is_owned if table else _can_create(database)
        return _to_be_created(desired, database, f"the column {', '.join(missing)}", can=can)
    return ok(f"boolean: {', '.join(columns)}" if columns else _NO_COLUMN)


def flag_defaults(desired: Desired, database: DatabaseFacts) -> Finding:
    """A new row starts with every flag off."""
    found = database.merchant_config.columns if database.merchant_config else {}
    on = [c for c in _flag_columns(desired) if c in found and found[c].default == "true"]
    if on:
        return fail(
            f"new rows start with {', '.join(on)} on",
            "in a migration: ALTER COLUMN ... SET DEFAULT false; in Prisma: @default(false)",
        )
    return ok("new rows start with every flag off" if _flag_columns(desired) else _NO_COLUMN)


def unique_merchant(desired: Desired, database: DatabaseFacts) -> Finding:
    """No merchant can have two rows of values."""
    names, table = desired.environment.database.tables, database.merchant_config
    key = table.columns.get(names.config_merchant_id) if table else None
    if table is None:
        return ok("will be created with the table" if _flag_columns(desired) else _NO_COLUMN)
    if key is None or not key.is_unique:
        return fail(
            f'"{names.merchant_config}"."{names.config_merchant_id}" has no unique index: a '
            "merchant could have two values",
            f"in Prisma: {names.config_merchant_id} String @unique",
        )
    return ok(f'"{names.config_merchant_id}" is unique')


def indexed_flags(desired: Desired, database: DatabaseFacts) -> Finding:
    """No index on a flag's column makes every change of it several times as slow."""
    table = database.merchant_config
    found = table.columns if table else {}
    indexed = [c for c in _flag_columns(desired) if c in found and found[c].is_indexed]
    if indexed:
        return warn(
            f"an index contains {', '.join(indexed)}: changing many merchants at once is slower",
            "drop the index, if no query of the app needs it",
        )
    return ok("no index slows a change of a flag down" if _flag_columns(desired) else _NO_COLUMN)


def runs_by_time(desired: Desired, database: DatabaseFacts) -> Finding:
    """A gate finds the runs of its weeks without reading those of all years."""
    settings = desired.environment.workflow_data
    found = database.runs.table if database.runs else None
    if found is None:
        return not_checked("there is no plain table of runs here that this role may read")
    name, time = settings.tables["run"], settings.columns["run.created_at"]
    if found.is_found_by_time:
        return ok(f'an index leads to the runs of a time: "{name}"."{time}"')
    if found.rows < _MANY_RUNS:
        return ok(f'"{name}" is small enough to be read as a whole')
    if found.order is not None and abs(found.order) < _IN_ORDER:
        return ok(f'"{name}" does not lie in the order of time: a BRIN index would not help')
    table = f'"{desired.environment.database.schema}"."{name}"'
    return warn(
        f"a gate reads all of {found.rows:,} runs to find those of the last weeks",
        f'CREATE INDEX CONCURRENTLY ON {table} USING brin ("{time}"), some ten kilobytes; in '
        f"Prisma: @@index([{time}], type: Brin)",
    )


def _flag_columns(desired: Desired) -> list[str]:
    homes = (flag.flag.merchant_config for flag in desired.flags)
    return sorted({home.column for home in homes if home})


def _missing(wanted: tuple[str, ...], columns: Mapping[str, Column]) -> str:
    return ", ".join(f'"{name}"' for name in wanted if name not in columns)


def _can_create(database: DatabaseFacts) -> bool:
    merchant = database.merchant
    may_refer = merchant is not None and (
        merchant.is_owned or any("REFERENCES" in c.rights for c in merchant.columns.values())
    )
    return database.role.may_create_tables and may_refer


def _to_be_created(desired: Desired, database: DatabaseFacts, what: str, *, can: bool) -> Finding:
    if database.merchant is None:
        return _NO_MERCHANTS
    if desired.environment.database.schema_owner is SchemaOwner.EXTERNAL:
        return fail(
            f"{what} is missing, and the schema belongs to the app's migrations",
            "rolloutctl plan prints the Prisma lines and the SQL; migrate, then run again",
        )
    if not can:
        return fail(
            f"{what} is missing, and this role may not create it",
            "docs/prisma.md lists the rights it needs, or let a migration create it",
        )
    return ok(f"{what} is missing; the first reconcile creates it")
