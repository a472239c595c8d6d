"""The global value: what the deploy environment holds for a flag, and what the app makes of it.

After planning, for those who look: `deploy_planning` says what is to be written, this module says
how things stand, one value a target. The app computes `variable == enabled OR the column`, so while
the global value is on no merchant is off.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from controller.domain.deploy import (
    LIVE_TARGET,
    DeployAction,
    DeployChange,
    DeployState,
    Readability,
    Variable,
)
from controller.domain.deploy_planning import is_on, stored
from controller.domain.desired import DesiredFlag


@dataclass(frozen=True, slots=True)
class GlobalValue:
    """One variable for one target, as found.

    Attributes:
        wanted: What the files, or a halt, ask for.
        enabled: The value that turns the flag on for everyone.
        was_read: False where the deploy environment could not be asked.
        variable: What is stored; None where nothing is, or where it was not read.
        action: What the next reconcile does about it; None where it is right and live.
    """

    name: str
    target: str
    wanted: str
    enabled: str
    was_read: bool
    variable: Variable | None = None
    action: DeployAction | None = None

    @property
    def is_live(self) -> bool:
        """Whether people's requests are served with this target's variables."""
        return self.target == LIVE_TARGET

    @property
    def is_on(self) -> bool | None:
        """Whether the app sees the flag on for everyone.

        None where nobody can tell: not read, not readable, or stored but not deployed yet.
        """
        if not self.was_read or self.action is DeployAction.REDEPLOY:
            return None
        if self.variable is None:
            return False  # an unset variable is never equal to the enabled value
        if self.variable.readability is Readability.UNREADABLE:
            return None
        return self.variable.value == self.enabled


def global_values(
    desired: DesiredFlag,
    state: DeployState | None,
    changes: Iterable[DeployChange],
    *,
    halted: bool,
) -> tuple[GlobalValue, ...]:
    """One flag's global value for each of its targets, production first. Empty without a home.

    Args:
        desired: The flag.
        state: What was read; None where the deploy environment could not be asked.
        changes: The steps that are due, of any flag; `deploy_planning.deploy_changes` makes them.
        halted: Whether a halt is in force.
    """
    home = desired.flag.deploy_env
    if home is None:
        return ()
    due = {(c.variable, c.target): c.action for c in changes if c.flag == desired.key}
    return tuple(
        GlobalValue(
            name=home.variable,
            target=target,
            wanted=home.enabled if is_on(desired, halted=halted) else home.disabled,
            enabled=home.enabled,
            was_read=state is not None,
            variable=stored(state, home.variable, target) if state else None,
            action=due.get((home.variable, target)),
        )
        for target in sorted(home.targets, key=lambda target: (target != LIVE_TARGET, target))
    )
