"""`rollout/environments/NAME.yaml`: where all this is applied, and under which guardrails."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from controller.config.app_names import MerchantTableKeys, RunColumnKeys, RunTableKeys
from controller.config.deploy_env_keys import DeployEnvironmentKeys, to_deploy_env
from controller.config.fields import (
    CountLimit,
    EnvironmentName,
    FileModel,
    FlagKey,
    Given,
    LastDay,
    MeasureName,
    Moment,
    PercentLimit,
    SchemaName,
    Sentence,
    Span,
    Statement,
    Status,
    UrlVariable,
    Who,
    YesNo,
)
from controller.config.texts import choice
from controller.domain.environment import (
    Allowance,
    CustomMeasure,
    DatabaseSettings,
    Environment,
    Freeze,
    Guardrail,
    GuardrailLimits,
    MerchantTables,
    OnRollback,
    SchemaOwner,
    WorkflowDataSettings,
)
from controller.domain.units import Percent

_HALF = Percent(5_000)


class DatabaseKeys(FileModel):
    """The app's database."""

    url: UrlVariable = Field(
        "DATABASE_URL", description="The variable of this process that holds the connection string."
    )
    app_schema: SchemaName = Field(
        "public", description="The PostgreSQL schema of the app's tables."
    )
    schema_owner: Annotated[SchemaOwner, choice(SchemaOwner)] = Field(
        SchemaOwner.EXTERNAL,
        alias="schema",
        description="Who creates a missing table or column: `managed` lets rolloutctl do it as "
        "part of the plan, `external` leaves it to the app's migrations and prints what they need.",
    )
    tables: MerchantTableKeys = Field(
        {}, validate_default=True, description="What its tables are called."
    )
    statement_timeout: Span = Field(
        timedelta(minutes=10), description="How long one statement may take."
    )
    lock_timeout: Span = Field(
        timedelta(seconds=10), description="How long to wait for a row that another writer holds."
    )


class MeasureKeys(FileModel):
    """A measure of your own."""

    sql: Statement = Field(
        description="One SELECT that yields a row a run: the run's id, and whether it is good."
    )


class WorkflowDataKeys(FileModel):
    """Where the app records what happened to the merchants."""

    url: UrlVariable = Field(
        "WORKFLOW_DATABASE_URL",
        description="The variable of this process with its SQLAlchemy address. Where that is not "
        "set, the app's database is read.",
    )
    tables: RunTableKeys = Field(
        {}, validate_default=True, description="What its tables are called."
    )
    columns: RunColumnKeys = Field(
        {}, validate_default=True, description="What their columns are called."
    )
    completed: tuple[Status, ...] = Field(
        ("completed",), min_length=1, description="The run statuses that mean it has completed."
    )
    failed: tuple[Status, ...] = Field(
        ("failed",), min_length=1, description="The run statuses that mean it has failed."
    )
    running: tuple[Status, ...] = Field(
        ("pending", "processing"),
        min_length=1,
        description="The run statuses that mean it has not ended. Any other status is an error.",
    )
    synced: tuple[Status, ...] = Field(
        ("synced",),
        min_length=1,
        description="The sync statuses that mean an order reached the shop.",
    )
    baseline_window: Span = Field(
        timedelta(days=60), description="How far before the pilot the baseline reaches back."
    )
    measures: dict[MeasureName, MeasureKeys] = Field(
        {}, description="Measures of your own, by name."
    )


class GuardrailKeys(FileModel):
    """Limits on what one run may change. They never hold back a retreat or a halt."""

    max_changed_percent: PercentLimit = Field(
        _HALF, description="The share of merchants that one run may change, or `off`."
    )
    max_changed_count: CountLimit = Field(
        None, description="The number of merchants that one run may change, or `off`."
    )
    never_to_empty: YesNo = Field(
        True, description="Refuse to turn a flag off for everyone without a retreat that says so."
    )


class FreezeKeys(FileModel):
    """A time in which nothing advances."""

    starts: Moment = Field(description="Its first moment, with a zone.")
    ends: Moment = Field(description="The first moment after it, with a zone.")
    reason: Sentence = Field(description="Why, for whoever runs into it.")


class AllowKeys(FileModel):
    """One guardrail lifted for one flag, for a time."""

    guardrail: Annotated[Guardrail, choice(Guardrail)] = Field(description="The guardrail's name.")
    flag: FlagKey = Field(description="The flag it is lifted for.")
    reason: Sentence = Field(description="Why this is safe; the ledger keeps it.")
    approved_by: Who = Field(description="The person or team that answers for it.")
    expires: LastDay = Field(description="The last day, in UTC, on which it counts.")


class EnvironmentFile(FileModel):
    """An environment: database, deploy environment, guardrails."""

    name: EnvironmentName = Field(description="The environment's name; also the name of this file.")
    database: DatabaseKeys = Field(
        {}, validate_default=True, description="How to reach the app's database."
    )
    deploy_env: Given[DeployEnvironmentKeys] = Field(
        None,
        description="Where global values live. Without it, no flag can be on for everyone here.",
    )
    workflow_data: WorkflowDataKeys = Field(
        {},
        validate_default=True,
        description="Where the gate finds what happened to the merchants.",
    )
    guardrails: GuardrailKeys = Field({}, validate_default=True, description="Limits on one run.")
    freezes: tuple[FreezeKeys, ...] = Field((), description="Times in which nothing advances.")
    allow: tuple[AllowKeys, ...] = Field((), description="Guardrails lifted, one by one.")
    on_rollback: Annotated[OnRollback, choice(OnRollback)] = Field(
        OnRollback.OPEN_REVERT,
        description="What the guard does when a gate calls for rollback: `report` it, "
        "`open_revert` as a pull request, or `halt_and_open_revert`.",
    )


def to_environment(file: EnvironmentFile) -> Environment:
    """The domain's value."""
    limits = file.guardrails
    return Environment(
        name=file.name,
        database=_to_database(file.database),
        deploy_env=to_deploy_env(file.deploy_env) if file.deploy_env else None,
        workflow_data=_to_workflow_data(file.workflow_data),
        limits=GuardrailLimits(
            limits.max_changed_percent, limits.max_changed_count, limits.never_to_empty
        ),
        freezes=tuple(Freeze(freeze.starts, freeze.ends, freeze.reason) for freeze in file.freezes),
        allowances=tuple(
            Allowance(allow.guardrail, allow.flag, allow.reason, allow.approved_by, allow.expires)
            for allow in file.allow
        ),
        on_rollback=file.on_rollback,
    )


def _to_database(keys: DatabaseKeys) -> DatabaseSettings:
    return DatabaseSettings(
        url_variable=keys.url,
        schema=keys.app_schema,
        schema_owner=keys.schema_owner,
        tables=MerchantTables(**keys.tables.model_dump()),
        statement_timeout=keys.statement_timeout,
        lock_timeout=keys.lock_timeout,
    )


def _to_workflow_data(keys: WorkflowDataKeys) -> WorkflowDataSettings:
    return WorkflowDataSettings(
        url_variable=keys.url,
        tables=keys.tables.model_dump(),
        columns=keys.columns.model_dump(by_alias=True, exclude_none=True),
        completed=keys.completed,
        failed=keys.failed,
        running=keys.running,
        synced=keys.synced,
        baseline_window=keys.baseline_window,
        measures=tuple(CustomMeasure(name, measure.sql) for name, measure in keys.measures.items()),
    )
