"""An environment: where a rollout is applied, and under which guardrails.

Connection strings and tokens are never part of it: it names the variables of the process that hold
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from controller.domain.units import Percent


class SchemaOwner(StrEnum):
    """Who creates the `"MerchantConfig"` table and its columns."""

    MANAGED = "managed"  # rolloutctl does, as part of the plan
    EXTERNAL = "external"  # the app's own migrations do; the plan prints what they need


class Guardrail(StrEnum):
    """The stable names of the guardrails. Each is lifted alone, by name."""

    MAX_CHANGED_PERCENT = "max_changed_percent"
    MAX_CHANGED_COUNT = "max_changed_count"
    NEVER_TO_EMPTY = "never_to_empty"
    UNEXPECTED_DISABLE = "unexpected_disable"
    BUCKETING_CHANGED = "bucketing_changed"
    UNKNOWN_MERCHANT = "unknown_merchant"
    SKIPS_PHASE = "skips_phase"
    ADVANCE_WITHOUT_GATE = "advance_without_gate"
    SOAK_NOT_OVER = "soak_not_over"
    FREEZE_WINDOW = "freeze_window"
    HALTED = "halted"
    PARTIAL_RELEASE = "partial_release"
    MISSING_SCHEMA = "missing_schema"
    REWRITTEN_HISTORY = "rewritten_history"


NEVER_LIFTED: Final = frozenset({Guardrail.HALTED, Guardrail.MISSING_SCHEMA})
"""Guardrails that no reason can lift.

A halt is ended by `rolloutctl resume` and by nothing else; without a column nothing can be written.
"""


@dataclass(frozen=True, slots=True)
class Freeze:
    """A window in which nothing is advanced.

    Both ends are instants with a zone; the end is excluded.
    """

    starts: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """One guardrail lifted, by name, with a reason that the ledger keeps.

    Attributes:
        flag: The one flag it is lifted for; None for every flag of the run (command line only).
        approved_by: Who allowed it: a person or team in a reviewed file, the caller on the command
            line.
        expires: The last day, in UTC, on which it counts; None for this one run only (command
            line).
    """

    guardrail: Guardrail
    flag: str | None
    reason: str
    approved_by: str
    expires: date | None


@dataclass(frozen=True, slots=True)
class GuardrailLimits:
    """The reviewed limits of an environment. None switches a limit off."""

    max_changed_percent: Percent | None
    max_changed_count: int | None
    never_to_empty: bool


@dataclass(frozen=True, slots=True)
class MerchantTables:
    """The names of the app's tables and columns that the controller reads and writes."""

    merchant: str = "Merchant"
    merchant_id: str = "id"
    shop_domain: str = "shopDomain"
    is_active: str = "isActive"
    merchant_created_at: str = "createdAt"
    merchant_config: str = "MerchantConfig"
    config_id: str = "id"
    config_merchant_id: str = "merchantId"
    config_created_at: str = "createdAt"
    config_updated_at: str = "updatedAt"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """How to reach the app's database.

    Attributes:
        url_variable: The name of the process's variable that holds the connection string.
        schema: The PostgreSQL schema that holds the app's tables.
    """

    url_variable: str
    schema: str
    schema_owner: SchemaOwner
    tables: MerchantTables
    statement_timeout: timedelta
    lock_timeout: timedelta


@dataclass(frozen=True, slots=True)
class DeployEnvSettings:
    """Which adapter writes the deploy environment, and its options as the adapter documents them.

    Attributes:
        options: Names of projects, files and of variables that hold secrets; never a secret itself.
    """

    adapter: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CustomMeasure:
    """A company's own measure.

    A SELECT that yields one row a run: its id, and whether it is good.
    """

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class WorkflowDataSettings:
    """Where the app records what happened to the merchants, and what its tables are called.

    Attributes:
        url_variable: The variable with the SQLAlchemy URL; the app's database where that variable
            is unset.
        tables: Logical name to real name, for example `run` to `WorkflowExecution`.
        columns: Logical `table.column` to real column, for example `run.merchant` to `merchantId`.
        completed: The statuses that mean a run has completed.
        failed: The statuses that mean a run has failed.
        synced: The values of the order's sync status that mean it has reached the shop.
        running: The statuses of a run that has not ended. Any other status is an error, not a
            guess.
    """

    url_variable: str
    tables: Mapping[str, str]
    columns: Mapping[str, str]
    completed: tuple[str, ...]
    failed: tuple[str, ...]
    synced: tuple[str, ...]
    baseline_window: timedelta
    measures: tuple[CustomMeasure, ...]
    running: tuple[str, ...] = ("pending", "processing")


class OnRollback(StrEnum):
    """What the guard does when a gate calls for rollback."""

    REPORT = "report"
    OPEN_REVERT = "open_revert"
    HALT_AND_OPEN_REVERT = "halt_and_open_revert"


@dataclass(frozen=True, slots=True)
class Environment:
    """Where all this is applied: database, deploy environment, guardrails."""

    name: str
    database: DatabaseSettings
    deploy_env: DeployEnvSettings | None
    workflow_data: WorkflowDataSettings
    limits: GuardrailLimits
    freezes: tuple[Freeze, ...]
    allowances: tuple[Allowance, ...]
    on_rollback: OnRollback
