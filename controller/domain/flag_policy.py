"""The policy of one flag: everything that decides whether it may leave its phase upwards.

The ledger keeps it beside the flag as applied, so that an advance is judged by what was reviewed
before the advance, never by what came with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.domain.desired import Desired
from controller.domain.environment import WorkflowDataSettings
from controller.domain.gate_policy import GatePolicy, Waiver


@dataclass(frozen=True, slots=True)
class FlagPolicy:
    """What one revision demands of one flag in one environment.

    Attributes:
        gates: By the name that the flag's phases use.
        waivers: Those for this flag, whether they have expired or not.
        workflow_data: Where the runs are, what their statuses mean, and the company's own measures.
    """

    gates: Mapping[str, GatePolicy]
    waivers: tuple[Waiver, ...]
    workflow_data: WorkflowDataSettings


def policy_of(desired: Desired, flag: str) -> FlagPolicy:
    """What a revision demands of a flag."""
    return FlagPolicy(
        gates=desired.gates.get(flag, {}),
        waivers=tuple(waiver for waiver in desired.waivers if waiver.flag == flag),
        workflow_data=desired.environment.workflow_data,
    )
