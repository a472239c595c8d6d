"""An environment without its file, by what the ledger remembers of it.

Beside the way of a change: files that cannot be read must not stop a halt.
"""

from datetime import timedelta
from typing import Final

from controller.domain.environment import (
    DatabaseSettings,
    Environment,
    GuardrailLimits,
    MerchantTables,
    OnRollback,
    SchemaOwner,
    WorkflowDataSettings,
)
from controller.errors import UsageError
from controller.merchant_store.connection import Database
from controller.merchant_store.ledger_schema import version

_URL_VARIABLE: Final = "DATABASE_URL"


def environment_from_ledger(url: str, name: str | None) -> Environment:
    """An environment that is good enough to halt with.

    Where the ledger knows it, a halt finds the app's tables by that; otherwise the usual names
    count. It has no deploy environment and no guardrails.

    Args:
        url: The connection string.
        name: The environment's name; None for the only one that the ledger knows.

    Raises:
        UsageError: None was named, and the ledger knows none or several.
        DatabaseUnreachable: The database did not answer.
    """
    return _bare_environment(name if name is not None else _only_one(url))


def _only_one(url: str) -> str:
    known = _known_environments(url)
    if len(known) == 1:
        return known[0]
    if not known:
        raise UsageError(
            "the database has no ledger yet, so the environment must be named",
            "add --env NAME",
        )
    raise UsageError(
        f"the ledger knows several environments: {', '.join(known)}",
        f"choose one: --env {known[0]}",
    )


def _known_environments(url: str) -> list[str]:
    with Database.of(_database_settings(), url).reading() as connection:
        if version(connection) == 0:
            return []
        return [
            name
            for (name,) in connection.execute("SELECT name FROM rollout.environment ORDER BY name")
        ]


def _database_settings() -> DatabaseSettings:
    return DatabaseSettings(
        url_variable=_URL_VARIABLE,
        schema="public",
        schema_owner=SchemaOwner.EXTERNAL,
        tables=MerchantTables(),
        statement_timeout=timedelta(minutes=5),
        lock_timeout=timedelta(seconds=10),
    )


def _bare_environment(name: str) -> Environment:
    return Environment(
        name=name,
        database=_database_settings(),
        deploy_env=None,
        workflow_data=WorkflowDataSettings(
            url_variable=_URL_VARIABLE,
            tables={},
            columns={},
            completed=(),
            failed=(),
            synced=(),
            baseline_window=timedelta(),
            measures=(),
        ),
        limits=GuardrailLimits(None, None, never_to_empty=False),
        freezes=(),
        allowances=(),
        on_rollback=OnRollback.REPORT,
    )
