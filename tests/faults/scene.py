"""A rollout half way up, to be disturbed.

The state before, the change, and the state that must come out.
"""

import multiprocessing
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkServerContext
from pathlib import Path

from controller.config.loader import load
from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.domain.environment import Allowance, Guardrail
from controller.merchant_store.postgres import PostgresMerchantStore
from controller.ports import Ports
from controller.reconcile import reconcile
from controller.source_control import git
from tests.workshop import ENVIRONMENT, Workshop

MERCHANTS = tuple(f"m{number:04}" for number in range(1, 61))
ALLOWED = (Allowance(Guardrail.SKIPS_PHASE, None, "a test", "tester", None),)


def processes() -> ForkServerContext:
    """Processes that start quickly because everything is imported before they fork."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.scene"])
    return context


def run(repository: Path, url: str, env_file: Path, *, patient: bool = True) -> int:
    """One reconcile, as `rolloutctl reconcile` does it.

    Returns its exit code; errors are raised.
    """
    desired = load(repository).desired(ENVIRONMENT, git.revision(repository))
    pauses = (0.0, 0.01, 0.05, 0.2) if patient else (0.0,)
    store = PostgresMerchantStore(desired.environment, url, pauses=pauses)
    deploy_env = DotenvDeployEnv.from_options({"path": str(env_file)}, {}, env_file.parent)
    ports = Ports(store, deploy_env, partial(git.relation, repository))
    return reconcile(ports, desired, actor="tester", allowances=ALLOWED).exit_code


@dataclass(frozen=True)
class State:
    """All that must be right: values, the ledger's memory of them, the file that the app reads."""

    on: frozenset[str]
    remembered: frozenset[str]
    env: str


def state(workshop: Workshop, env_file: Path) -> State:
    """The state of the world, read directly."""
    remembered: dict[str, bool] = {}
    if workshop.sql("SELECT to_regclass('rollout.change')")[0][0]:
        remembered = dict(workshop.ledger_changes())
    env = env_file.read_text(encoding="utf-8") if env_file.exists() else ""
    return State(
        on=frozenset(workshop.on()),
        remembered=frozenset(merchant for merchant, value in remembered.items() if value),
        env=env,
    )
