"""Checks on the way to the database: its address, its server, its clock and its role."""

from datetime import timedelta
from typing import Final

from controller.doctor.facts import Facts
from controller.doctor.finding import Finding, Health, fail, not_checked, ok, warn
from controller.domain.desired import Desired
from controller.errors import RolloutError, Unreachable
from controller.merchant_store.database_facts import DatabaseFacts
from controller.merchant_store.ledger_schema import VERSION

_SKEW: Final = timedelta(seconds=30)
_FUTURE: Final = timedelta(minutes=5)
_UTC: Final = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Etc/UCT", "Zulu", "Universal"})


def database_url(facts: Facts, desired: Desired) -> Finding:
    """The variable that holds the connection string is set."""
    variable = desired.environment.database.url_variable
    if facts.has_url:
        return ok(f"{variable} is set")
    return fail(
        f"{variable} is not set",
        f"export {variable}=postgresql://USER:PASSWORD@HOST/DATABASE; in a workflow: a secret",
    )


def database_reachable(facts: Facts, desired: Desired) -> Finding:
    """The database answers, and lets this role in."""
    found = facts.database
    if isinstance(found, RolloutError):
        unreachable = isinstance(found, Unreachable)
        return Finding(Health.FAIL, found.message, found.hint, is_unreachable=unreachable)
    if found is None:
        return not_checked(f"{desired.environment.database.url_variable} is not set")
    if found.server.is_read_only:
        return fail(
            "the server can only be read: it is a replica, or its transactions are read-only",
            f"let {desired.environment.database.url_variable} name the primary server",
        )
    return ok(f"role {found.role.name} is let in")


def server_version(desired: Desired, database: DatabaseFacts) -> Finding:
    """The server is one that the controller is made for."""
    del desired
    major, minor = divmod(database.server.version, 10_000)
    return ok(f"PostgreSQL {major}.{minor}; 13 or newer is needed")


def pooler(desired: Desired, database: DatabaseFacts) -> Finding:
    """What stands between this machine and the server, if anything does."""
    del desired
    if database.server.is_pooled:
        return ok(
            "through a pooler; transaction and session mode both work, statement mode does not"
        )
    return ok("directly, without a pooler")


def time_zone(desired: Desired, database: DatabaseFacts) -> Finding:
    """Zoneless time stamps hold UTC, as Prisma reads them."""
    zone, ahead = database.server.timezone, database.server.now + _FUTURE
    newest = [found.newest for found in (database.merchants, database.runs) if found]
    if any(when is not None and when > ahead for when in newest):
        return fail(
            "rows were created in the future: somebody writes local time where the app reads UTC",
            f"find who inserts with a session time zone such as {zone}, and set it to UTC",
        )
    if zone not in _UTC:
        name = desired.environment.database.schema
        return warn(
            f"sessions start in {zone}: whoever inserts without Prisma, and leaves a time stamp of "
            f"schema {name} to its default, writes local time",
            f"ALTER ROLE {database.role.name} SET timezone TO 'UTC'",
        )
    return ok("sessions start in UTC")


def clock(desired: Desired, database: DatabaseFacts) -> Finding:
    """The database's clock, which every decision uses, agrees with this machine's."""
    del desired
    ahead = database.server.ahead.total_seconds()
    if abs(database.server.ahead) > _SKEW:
        direction = "ahead of" if ahead > 0 else "behind"
        return warn(
            f"the database's clock is {abs(ahead):.0f} s {direction} this machine's; decisions use "
            "the database's",
            "synchronise both with NTP",
        )
    return ok(f"the database's clock is within {_SKEW.seconds} s of this machine's")


def role_rights(desired: Desired, database: DatabaseFacts) -> Finding:
    """The role may do what a reconcile does, and nothing is hidden from it."""
    missing = sorted(_missing_rights(desired, database))
    if missing:
        return fail(
            f"role {database.role.name} may not {'; nor '.join(missing)}",
            "docs/prisma.md lists the rights it needs, as SQL to run",
        )
    hidden = [t for t in (database.merchant, database.merchant_config) if t and t.hides_rows]
    if hidden:
        return fail(
            f"row-level security hides rows from role {database.role.name}: merchants would be "
            "missing without anybody being able to tell",
            f"ALTER ROLE {database.role.name} BYPASSRLS, or use the tables' owner",
        )
    return ok(f"role {database.role.name} may do what a reconcile does")


def role_modest(desired: Desired, database: DatabaseFacts) -> Finding:
    """The role is not allowed to do everything."""
    del desired
    if database.role.is_superuser:
        return warn(
            f"role {database.role.name} is a superuser: a leaked connection string would open "
            "everything",
            "docs/prisma.md shows a role with the rights that are needed and no others",
        )
    return ok(f"role {database.role.name} is no superuser")


def ledger_version(desired: Desired, database: DatabaseFacts) -> Finding:
    """The ledger is one that this version understands."""
    del desired
    found = database.ledger_version
    if found > VERSION:
        return fail(
            f"the ledger has version {found}, and this rolloutctl knows {VERSION}",
            "pip install --upgrade rolloutctl",
        )
    if found == 0:
        return ok("there is no ledger yet; the first reconcile creates it")
    if found < VERSION:
        return ok(f"the ledger has version {found}; the next reconcile brings it to {VERSION}")
    return ok(f"the ledger has version {found}")


def _missing_rights(desired: Desired, database: DatabaseFacts) -> set[str]:
    role, names = database.role, desired.environment.database.tables
    missing = set()
    if not role.may_use_temporary:
        missing.add("create temporary tables")
    if role.may_use_ledger is False:
        missing.add("write the ledger, schema rollout")
    if role.may_use_ledger is None and not role.may_create_schemas:
        missing.add("create the schema rollout for the ledger")
    if database.merchant is not None:
        columns = database.merchant.columns
        needed = (names.merchant_id, names.shop_domain, names.is_active, names.merchant_created_at)
        if any("SELECT" not in columns[name].rights for name in needed if name in columns):
            missing.add(f'read "{names.merchant}"')
    return missing | _missing_on_config(desired, database)


def _missing_on_config(desired: Desired, database: DatabaseFacts) -> set[str]:
    names, table = desired.environment.database.tables, database.merchant_config
    if table is None:
        return set()
    flags = {f.flag.merchant_config.column for f in desired.flags if f.flag.merchant_config}
    written = flags | {names.config_updated_at}
    inserted = written | {names.config_id, names.config_merchant_id, names.config_created_at}
    needed = {"SELECT": flags | {names.config_merchant_id}, "UPDATE": written, "INSERT": inserted}
    verbs = {"SELECT": "read", "UPDATE": "change", "INSERT": "add rows to"}
    return {
        f'{verbs[right]} "{names.merchant_config}"'
        for right, columns in needed.items()
        if any(right not in table.columns[c].rights for c in columns if c in table.columns)
    }
