"""The outside world of one environment, as the reconciler and the gate are given it.

Between them and the ports' own packages: every door that a run may need, opened or ready to be
opened, so that tests give other doors and nothing below asks for a variable of the process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from controller.deploy_env.interface import DeployEnv
from controller.domain.environment import Environment
from controller.merchant_store.interface import MerchantStore
from controller.source_control.git import Relation
from controller.workflow_data.interface import RunRecords, RunWatch, WorkflowData


class History(Protocol):
    """How two revisions relate; git answers, see `controller.source_control`."""

    def __call__(self, current: str, applied: str) -> Relation:
        """How `current` relates to `applied`."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world.

    Attributes:
        deploy_env: None where the environment has none.
        history: None where there is no git; then only the generation protects from older runs.
        workflow_data: Opens the record of what happened to the merchants; only an advance needs it.
            None where it cannot be asked: then no gate passes.
        run_records: Opens the same record for those who look at merchants and at single runs. None
            where it cannot be asked.
        run_watch: Opens it for those who look every few seconds. None where it cannot be asked.
    """

    store: MerchantStore
    deploy_env: DeployEnv | None
    history: History | None
    workflow_data: Callable[[Environment], WorkflowData] | None = None
    run_records: Callable[[Environment], RunRecords] | None = None
    run_watch: Callable[[Environment], RunWatch] | None = None
