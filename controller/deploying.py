"""Applying to the deploy environment: write, redeploy once, verify. The slow half of a reconcile.

The database is done when this begins. One failure does not stop the other variables, nothing is
guessed, and whatever is left undone is a problem that the next run finishes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from controller.activity import busy
from controller.deploy_env.interface import DeployEnv
from controller.domain.deploy import LIVE_TARGET, DeployAction, DeployChange, DeployState
from controller.domain.deploy_planning import places
from controller.domain.desired import DesiredFlag
from controller.errors import RolloutError


@dataclass(frozen=True, slots=True)
class DeployOutcome:
    """What became of the deploy environment's part.

    Attributes:
        written: The steps that were written and read back.
        verified: Whether production runs with every value.
        problems: Whatever did not work; the next run finishes it.
    """

    written: tuple[DeployChange, ...] = ()
    verified: bool = False
    problems: tuple[RolloutError, ...] = ()


def read_deploy_env(
    deploy_env: DeployEnv | None, flags: Iterable[DesiredFlag]
) -> tuple[DeployState | None, RolloutError | None]:
    """What the deploy environment holds for these flags, or why it could not be read.

    Args:
        deploy_env: None where the environment has none.
        flags: Also as they were applied last, for a variable may have had another name.
    """
    wanted: dict[str, set[str]] = {}
    for variable, target in chain.from_iterable(map(places, flags)):
        wanted.setdefault(variable, set()).add(target)
    if deploy_env is None or not wanted:
        return None, None
    try:
        return deploy_env.read(wanted), None
    except RolloutError as problem:
        return None, problem


def write_and_bring_live(
    deploy_env: DeployEnv, changes: Iterable[DeployChange], expected: Mapping[str, str]
) -> DeployOutcome:
    """Write each variable, then redeploy once, then verify. One failure does not stop the others.

    Args:
        deploy_env: Where to.
        changes: The steps to take.
        expected: The value that production should run with, by variable; verified in every run, for
            an app may run without what is stored.
    """
    written: list[DeployChange] = []
    problems: list[RolloutError] = []
    is_pending = False
    for change in sorted(changes, key=lambda change: change.enables):  # turning off goes first
        try:
            if change.action is not DeployAction.REDEPLOY:
                deploy_env.write(change)  # it refuses what cannot be read back, and says why
                written.append(change)
        except RolloutError as problem:
            problems.append(problem)
            continue
        is_pending |= change.target == LIVE_TARGET
    try:
        if is_pending:
            with busy("waiting for the app's new deployment"):
                deploy_env.wait_until_live(deploy_env.redeploy())
        if expected and not problems:
            deploy_env.verify(expected)
    except RolloutError as problem:
        problems.append(problem)
    return DeployOutcome(tuple(written), verified=not problems, problems=tuple(problems))
