"""What must be written to the deploy environment: one step a variable and target, sorted. Pure.

Level-triggered like everything else: a variable that is right but newer than the live deployment
has not reached the app, whoever wrote it, so a redeploy is due; no memory of our own writes is
needed. Only a variable that a flag has left must be remembered, by the definition applied last.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

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

Place: TypeAlias = tuple[str, str]
"""A variable's name, and a target for which it counts."""


def deploy_changes(
    desired: Desired, ledger: Ledger, state: DeployState | None
) -> tuple[DeployChange, ...]:
    """Every step that makes the deploy environment match. Empty where there is none."""
    if state is None:
        return ()
    taken = frozenset[Place]().union(*map(places, desired.flags))
    changes: list[DeployChange] = []
    for flag in desired.flags:
        halted = flag.key in ledger.halts
        changes += _of_flag(flag, state, halted=halted)
        applied = ledger.applied.get(flag.key)
        if applied and not is_on(flag, halted=halted):
            changes += _left_on(applied.desired, taken, state)
    return tuple(sorted(changes))


def disabling_changes(
    flag: DesiredFlag | None, applied: DesiredFlag | None, state: DeployState
) -> tuple[DeployChange, ...]:
    """The steps that turn one flag off for everyone, whatever its file says: those of a halt.

    Args:
        flag: By its file; None where that is not at hand.
        applied: As it was applied last; its variable may have had another name.
        state: What is stored.
    """
    changes = list(_of_flag(flag, state, halted=True)) if flag else []
    if applied:
        changes += _left_on(applied, places(flag) if flag else frozenset(), state)
    return tuple(sorted(changes))


def flags_in_use(desired: Desired, ledger: Ledger) -> tuple[DesiredFlag, ...]:
    """Every flag as desired and as applied last: a variable may have had another name."""
    applied = (ledger.applied.get(flag.key) for flag in desired.flags)
    return (*desired.flags, *(found.desired for found in applied if found))


def places(flag: DesiredFlag) -> frozenset[Place]:
    """Each variable with each target in which the flag's global value lives."""
    home = flag.flag.deploy_env
    return frozenset((home.variable, target) for target in home.targets) if home else frozenset()


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


def _of_flag(flag: DesiredFlag, state: DeployState, *, halted: bool) -> Iterator[DeployChange]:
    home = flag.flag.deploy_env
    if home is None:
        return
    enables = is_on(flag, halted=halted)
    for target in home.targets:
        change = _step(flag.key, home, target, state, enables=enables)
        if change is not None:
            yield change


def _left_on(
    applied: DesiredFlag, taken: frozenset[Place], state: DeployState
) -> Iterator[DeployChange]:
    """What turns the variables off that a flag has left, or that it lived in when it was applied.

    Args:
        applied: The flag as it was applied last.
        taken: Places that files name now; they are not left.
        state: What is stored.
    """
    home = applied.flag.deploy_env
    for name, target in sorted(places(applied) - taken):
        variable = stored(state, name, target)
        if home is None or variable is None:
            continue
        if applied.flag.globally_on or variable.value == home.enabled:
            change = _step(applied.key, home, target, state, enables=False)
            if change is not None:
                yield change


def _step(
    flag: str, home: DeployEnvHome, target: str, state: DeployState, *, enables: bool
) -> DeployChange | None:
    variable = stored(state, home.variable, target)
    after = _value(home, enables=enables)
    action = _action(variable, after, target, state)
    if action is None:
        return None
    shared = variable.targets - {target, *home.targets} if variable else frozenset[str]()
    return DeployChange(
        flag=flag,
        variable=home.variable,
        target=target,
        action=action,
        after=after,
        enables=enables,
        before=variable.value if variable else None,
        variable_id=variable.id if variable else None,
        managed=tuple(sorted(home.targets)),
        shared=tuple(sorted(shared)) if action is DeployAction.UPDATE else (),
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
