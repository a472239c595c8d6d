"""What a look at the app's database found, for `doctor`: plain values, nothing judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        type: As PostgreSQL writes it, without its precision.
        default: The expression that fills it; None without one.
        rights: What the role may do with it: `SELECT`, `INSERT`, `UPDATE`, `REFERENCES`.
        is_indexed: Whether any index contains it.
        is_unique: Whether a unique index on it alone makes its values unique.
    """

    type: str
    default: str | None
    rights: frozenset[str]
    is_indexed: bool
    is_unique: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One of the app's tables.

    Attributes:
        columns: By name.
        is_owned: Whether the role may change it as its owner does.
        hides_rows: Whether row-level security applies to the role: it sees only a part, and cannot
            tell.
    """

    columns: Mapping[str, Column]
    is_owned: bool
    hides_rows: bool


@dataclass(frozen=True, slots=True)
class Role:
    """The database role of the connection string.

    Attributes:
        may_create_tables: In the schema of the app's tables.
        may_create_schemas: In this database, for the ledger.
        may_use_ledger: Whether it may write the ledger's tables, or create them where their schema
            is still empty; None where there is no such schema yet.
        may_use_temporary: Whether it may create temporary tables.
    """

    name: str
    is_superuser: bool
    may_create_tables: bool
    may_create_schemas: bool
    may_use_ledger: bool | None
    may_use_temporary: bool


@dataclass(frozen=True, slots=True)
class Server:
    """The server behind the connection string.

    Attributes:
        version: For example 180006 for 18.6.
        now: Its clock.
        ahead: How far its clock is ahead of this machine's; negative where it is behind.
        timezone: The zone that a session has if it does not ask for another one.
        is_read_only: Whether it is a replica, or transactions are read-only by default.
        is_pooled: Whether something stands between, as PgBouncer does.
    """

    version: int
    now: datetime
    ahead: timedelta
    timezone: str
    is_read_only: bool
    is_pooled: bool


@dataclass(frozen=True, slots=True)
class Merchants:
    """The merchants in numbers.

    Attributes:
        newest: When the newest one was created; None without any.
        on: How many have the value true, by column.
    """

    count: int
    newest: datetime | None
    on: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MerchantRuns:
    """One merchant's runs of the app's workflow.

    Attributes:
        last_week: Runs created in the last 7 days.
        completed: Of the last 30 days.
        failed: Of the last 30 days.
        baseline: Completed runs in the window that the gate compares with.
    """

    last_week: int
    completed: int
    failed: int
    baseline: int


@dataclass(frozen=True, slots=True)
class RunTable:
    """The table of runs, as far as it decides how quickly a window of time is found in it.

    Attributes:
        rows: The planner's estimate; negative where the table was never analysed.
        is_found_by_time: Whether an index leads to the runs of a window of time.
        order: How far rows lie in the order of their creation, from -1 to 1; None where not known.
    """

    rows: int
    is_found_by_time: bool
    order: float | None


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of the app's workflow.

    Attributes:
        newest: When the newest one was created; None without any.
        last_week: Runs created in the last 7 days.
        by_merchant: Of the merchants asked for; those without runs are missing.
        table: None where they are in a view, a partitioned or a foreign table.
    """

    newest: datetime | None
    last_week: int
    by_merchant: Mapping[str, MerchantRuns]
    table: RunTable | None = None


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Everything.

    Attributes:
        merchant: The table of merchants; None where there is none.
        merchant_config: The table of per-merchant values; None where there is none.
        ledger_version: 0 where there is no ledger yet.
        merchants: None where the table cannot be read.
        runs: None where the app's database has no such table, or it cannot be read.
    """

    server: Server
    role: Role
    merchant: Table | None
    merchant_config: Table | None
    ledger_version: int
    merchants: Merchants | None
    runs: Runs | None
