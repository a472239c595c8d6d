"""What most commands need: the repository, its configuration, an environment, open doors.

Everything is opened late and closed at the end; a command that only reads files never touches a
socket.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from controller.cli.root import find_root
from controller.config.loader import Configuration, load
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import (
    NEVER_LIFTED,
    Allowance,
    Environment,
    Guardrail,
    OnRollback,
)
from controller.errors import UsageError
from controller.ports import Ports
from controller.source_control import git
from controller.workflow_data.interface import RunRecords, RunWatch, WorkflowData


@dataclass(frozen=True, slots=True)
class Session:
    """One repository and one environment of it.

    Attributes:
        root: The folder with flags/ and rollout/.
        desired: What that folder says about the environment.
    """

    root: Path
    configuration: Configuration
    desired: Desired

    @property
    def environment(self) -> Environment:
        """The environment chosen."""
        return self.desired.environment

    def reporting_only(self) -> "Session":
        """The same, in which harm is only reported."""
        environment = replace(self.environment, on_rollback=OnRollback.REPORT)
        return replace(self, desired=replace(self.desired, environment=environment))

    @contextmanager
    def ports(self, *, with_deploy_env: bool = True) -> Iterator[Ports]:
        """Open the database and the deploy environment; close both at the end.

        Raises:
            UsageError: A variable that holds a connection string or a token is not set.
        """
        with open_ports(self.environment, self.root, with_deploy_env=with_deploy_env) as ports:
            yield ports


@contextmanager
def open_ports(
    environment: Environment, root: Path, *, with_deploy_env: bool = True
) -> Iterator[Ports]:
    """Open the outside world of an environment; close it at the end.

    Raises:
        UsageError: A variable that holds a connection string or a token is not set.
    """
    from controller.cli.waiting import announcer  # noqa: PLC0415 -- slow
    from controller.merchant_store.postgres import PostgresMerchantStore  # noqa: PLC0415 -- slow

    url = database_url(environment)
    store = PostgresMerchantStore(environment, url, on_wait=announcer())
    deploy_env = None
    try:
        if with_deploy_env and environment.deploy_env:
            from controller.deploy_env.discovery import open_deploy_env  # noqa: PLC0415 -- slow

            deploy_env = open_deploy_env(environment.deploy_env, os.environ, root)
        history = partial(git.relation, root)
        yield Ports(store, deploy_env, history, _workflow_data, _run_records, _run_watch)
    finally:
        store.close()
        if deploy_env is not None:
            deploy_env.close()


def _workflow_data(environment: Environment) -> WorkflowData:
    from controller.workflow_data.opening import open_workflow_data  # noqa: PLC0415 -- slow

    return open_workflow_data(environment, os.environ)


def _run_records(environment: Environment) -> RunRecords:
    from controller.workflow_data.opening import open_run_records  # noqa: PLC0415 -- slow

    return open_run_records(environment, os.environ)


def _run_watch(environment: Environment) -> RunWatch:
    from controller.workflow_data.opening import open_run_watch  # noqa: PLC0415 -- slow

    return open_run_watch(environment, os.environ)


def open_session(root: Path, environment: str | None) -> Session:
    """Read the files and choose the environment.

    Raises:
        InvalidConfiguration: Some file is wrong; every problem is attached.
        UsageError: There is no such folder or environment, or none was named and there are several.
    """
    folder = find_root(root)
    configuration = load(folder)
    chosen = choose_environment(configuration, environment)
    return Session(folder, configuration, configuration.desired(chosen, git.revision(folder)))


def the_flag(desired: Desired, key: str) -> DesiredFlag:
    """A flag by its key.

    Raises:
        UsageError: The files have no such flag.
    """
    flag = desired.find(key)
    if flag is None:
        known = ", ".join(flag.key for flag in desired.flags)
        raise UsageError(f"the files have no flag {key}", f"they have: {known}" if known else "")
    return flag


def choose_environment(configuration: Configuration, name: str | None) -> str:
    """The environment named, or the only one there is."""
    known = sorted(configuration.environments)
    if name is None and len(known) == 1:
        return known[0]
    if name in known:
        return str(name)
    listed = ", ".join(known)
    if name is None:
        raise UsageError(
            f"there are several environments: {listed}", f"choose one: --env {known[0]}"
        )
    raise UsageError(f"there is no environment {name}; rollout/environments/ has: {listed}", "")


def database_url(environment: Environment) -> str:
    """The connection string of an environment, from the process's variable that its file names."""
    variable = environment.database.url_variable
    url = os.environ.get(variable)
    if not url:
        raise UsageError(
            f"environment {environment.name} reads its connection string from {variable}, which "
            "is not set",
            f"export {variable}=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    return url


def allowances(names: Iterable[str], reason: str | None, actor: str) -> tuple[Allowance, ...]:
    """The guardrails lifted on the command line, for this run only.

    Raises:
        UsageError: A name is not a guardrail's, cannot be lifted, or no reason is given.
    """
    names = tuple(names)
    if names and not reason:
        raise UsageError("--allow needs a reason, which the ledger keeps", 'add --reason "..."')
    return tuple(
        Allowance(_guardrail(name), flag=None, reason=reason or "", approved_by=actor, expires=None)
        for name in names
    )


def _guardrail(name: str) -> Guardrail:
    liftable = sorted(set(Guardrail) - NEVER_LIFTED)
    if name not in liftable:
        raise UsageError(
            f"{name} is not a guardrail that can be lifted", f"one of: {', '.join(liftable)}"
        )
    return Guardrail(name)
