"""The doors that an emergency needs, opened with whatever is at hand.

Files that cannot be read must not stop a halt: then the ledger's own memory of the environment is
enough, and the command says what it went without.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.cli.session import Session, database_url, open_session
from controller.cli.waiting import announcer
from controller.deploy_env.interface import DeployEnv
from controller.domain.desired import DesiredFlag
from controller.domain.environment import Environment
from controller.errors import InvalidConfiguration, RolloutError, UsageError
from controller.merchant_store.interface import MerchantStore
from controller.merchant_store.postgres import PostgresMerchantStore, environment_from_ledger

DATABASE_URL = "DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Doors:
    """What could be opened.

    Attributes:
        environment: Its name.
        desired: The flag's definition, where the files could be read.
        notes: What had to be gone without, for the person to know.
    """

    environment: str
    store: MerchantStore
    deploy_env: DeployEnv | None
    desired: DesiredFlag | None
    notes: tuple[str, ...]

    @property
    def column(self) -> str | None:
        """The flag's column by its file."""
        home = self.desired.flag.merchant_config if self.desired else None
        return home.column if home else None


@contextmanager
def open_emergency(root: Path, environment: str | None, flag: str) -> Iterator[Doors]:
    """Open the database, and the deploy environment if it is at hand.

    Raises:
        UsageError: Neither the files nor the process's variables say where the database is.
    """
    notes: list[str] = []
    session = _session(root, environment, notes)
    settings, url = _settings(session, environment)
    store = PostgresMerchantStore(settings, url, on_wait=announcer())
    deploy_env = None
    try:
        deploy_env = _deploy_env(settings, session.root if session else root, notes)
        desired = _desired(session, flag)
        yield Doors(settings.name, store, deploy_env, desired, tuple(notes))
    finally:
        store.close()
        if deploy_env is not None:
            deploy_env.close()


def _session(root: Path, environment: str | None, notes: list[str]) -> Session | None:
    try:
        return open_session(root, environment)
    except InvalidConfiguration as error:
        notes.append(f"the files were not used: {error.message}")
    except UsageError as error:
        if environment is None and os.environ.get(DATABASE_URL) is None:
            raise
        notes.append(f"the files were not used: {error.message}")
    return None


def _settings(session: Session | None, environment: str | None) -> tuple[Environment, str]:
    if session is not None:
        return session.environment, database_url(session.environment)
    url = os.environ.get(DATABASE_URL)
    if not url:
        raise UsageError(
            "without readable files, the database must be named by DATABASE_URL, which is not set",
            "export DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE",
        )
    return environment_from_ledger(url, environment), url


def _deploy_env(settings: Environment, root: Path, notes: list[str]) -> DeployEnv | None:
    if settings.deploy_env is None:
        return None
    from controller.deploy_env.discovery import open_deploy_env  # noqa: PLC0415 -- slow

    try:
        return open_deploy_env(settings.deploy_env, os.environ, root)
    except RolloutError as error:
        notes.append(f"the deploy environment was not asked: {error.message}")
        return None


def _desired(session: Session | None, flag: str) -> DesiredFlag | None:
    if session is None:
        return None
    return next((desired for desired in session.desired.flags if desired.key == flag), None)
