"""Open the workflow data of an environment, importing SQLAlchemy only now.

Where commands that need counts begin; those that only read files never come here.
"""

from collections.abc import Mapping

from controller.domain.environment import Environment
from controller.errors import UsageError
from controller.workflow_data.interface import RunRecords, RunWatch, WorkflowData


def open_workflow_data(environment: Environment, variables: Mapping[str, str]) -> WorkflowData:
    """The workflow data of an environment.

    Args:
        environment: Which variables hold the addresses.
        variables: Of this process. Where the workflow data's own is not set, the app's database is
            read.

    Raises:
        UsageError: An address is missing, is none, or its driver is not installed.
    """
    from controller.workflow_data.sql import SqlWorkflowData  # noqa: PLC0415 -- slow

    return SqlWorkflowData(environment, *_addresses(environment, variables))


def open_run_records(environment: Environment, variables: Mapping[str, str]) -> RunRecords:
    """The same data for those who look at merchants and at single runs; see above."""
    from controller.workflow_data.records import SqlRunRecords  # noqa: PLC0415 -- slow

    return SqlRunRecords(environment, *_addresses(environment, variables))


def open_run_watch(environment: Environment, variables: Mapping[str, str]) -> RunWatch:
    """The same data for those who look at it every few seconds; see above."""
    from controller.workflow_data.watch import SqlRunWatch  # noqa: PLC0415 -- slow

    return SqlRunWatch(environment, *_addresses(environment, variables))


def _addresses(environment: Environment, variables: Mapping[str, str]) -> tuple[str, str | None]:
    """Of the app's database, and of the workflow data where that has one of its own."""
    variable = environment.database.url_variable
    app = variables.get(variable)
    if not app:
        raise UsageError(
            f"environment {environment.name} reads its connection string from {variable}, which "
            "is not set",
            f"export {variable}=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    return app, variables.get(environment.workflow_data.url_variable) or None
