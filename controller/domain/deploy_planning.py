"""What must be written to the deploy environment: one step a variable and target, sorted. Pure.

Level-triggered like everything else: a variable that is right but newer than the live deployment
has not reached the app, whoever wrote it, so a redeploy is due; no memory of our own writes is
needed.
"""

from collections.abc import Iterable, Iterator

from controller.domain.deploy import (
    LIVE_TARGET,
    DeployAction,
    DeployChange,
    DeployState,
    Readability,
    Variable,
)
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.flag import DeployEnvHome
from controller.domain.ledger import Ledger


def deploy_changes(
    desired: Desired, ledger: Ledger, state: DeployState | None
) -> tuple[DeployChange, ...]:
    """Every step that makes the deploy environment match. Empty where there is none."""
    if state is None:
        return ()
    return tuple(
        sorted(
            change
            for flag in desired.flags
            if flag.flag.deploy_env
            for change in _of_flag(
                flag, flag.flag.deploy_env, state, halted=flag.key in ledger.halts
            )
        )
    )


def disabling_changes(flag: DesiredFlag, state: DeployState) -> tuple[DeployChange, ...]:
    """The steps that turn one flag off for everyone, whatever its file says: those of a halt."""
    home = flag.flag.deploy_env
    return tuple(sorted(_of_flag(flag, home, state, halted=True))) if home else ()


def live_values(flags: Iterable[DesiredFlag], ledger: Ledger) -> dict[str, str]:
    """The value that production should run with, by variable."""
    return {
        home.variable: _value(home, enables=is_on(flag, halted=flag.key in ledger.halts))
        for flag in flags
        if (home := flag.flag.deploy_env) and LIVE_TARGET in home.targets
    }


def is_on(desired: DesiredFlag, *, halted: bool) -> bool:
    """Whether the flag should be on for everyone through the deploy environment."""
    return desired.flag.globally_on and not halted


def stored(state: DeployState, name: str, target: str) -> Variable | None:
    """The variable that holds a flag's value for a target; one limited to a branch is not ours."""
    for variable in state.variables:
        if variable.name == name and target in variable.targets and variable.branch is None:
            return variable
    return None


def _of_flag(
    flag: DesiredFlag,
    home: DeployEnvHome,
    state: DeployState,
    *,
    halted: bool,
) -> Iterator[DeployChange]:
    enables = is_on(flag, halted=halted)
    after = _value(home, enables=enables)
    for target in home.targets:
        variable = stored(state, home.variable, target)
        action = _action(variable, after, target, state)
        if action is not None:
            yield DeployChange(
                flag=flag.key,
                variable=home.variable,
                target=target,
                action=action,
                after=after,
                enables=enables,
                before=variable.value if variable else None,
                variable_id=variable.id if variable else None,
                managed=tuple(sorted(home.targets)),
            )


def _value(home: DeployEnvHome, *, enables: bool) -> str:
    return home.enabled if enables else home.disabled


def _action(
    variable: Variable | None, after: str, target: str, state: DeployState
) -> DeployAction | None:
    if variable is None:
        return DeployAction.CREATE
    if variable.readability is Readability.UNREADABLE:
        return DeployAction.UNREADABLE
    if variable.value != after:
        return DeployAction.UPDATE
    has_arrived = target != LIVE_TARGET or state.has_reached_app(variable)
    return None if has_arrived else DeployAction.REDEPLOY
