"""Drift: what somebody else changed. Pure.

After planning, for those who look: the part of a plan that undoes other people's writes, apart from
the part that files, the clock or a halt ask for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from controller.domain.deploy import DeployAction, DeployChange, Variable
from controller.domain.deploy_planning import stored
from controller.domain.desired import DesiredFlag
from controller.domain.flag import DeployEnvHome
from controller.domain.ledger import Ledger
from controller.domain.plan import Cause, FlagPlan, Plan
from controller.domain.planning import World

_WRONG: Final = frozenset({DeployAction.CREATE, DeployAction.UPDATE})


class Origin(StrEnum):
    """How a value that is not ours came about."""

    CHANGED = "changed"  # it was right once, and somebody changed it
    UNMANAGED = "unmanaged"  # it was there before rolloutctl knew the flag
    DURING_HALT = "during_halt"  # turned on although the flag is halted


@dataclass(frozen=True, slots=True)
class MerchantDrift:
    """Merchants whose value somebody else set.

    Attributes:
        value: The value that was set by hand; the next reconcile sets the other one.
        merchants: Merchant ids, sorted.
    """

    flag: str
    value: bool
    origin: Origin
    merchants: tuple[str, ...]


class VariableOrigin(StrEnum):
    """How far it is known that somebody else wrote a variable."""

    CHANGED = "changed"  # written after the definition was applied, with another value
    REMOVED = "removed"  # it is not there: removed, or the run that applied it did not finish
    UNKNOWN = "unknown"  # the deploy environment does not say when it was written


@dataclass(frozen=True, slots=True)
class VariableDrift:
    """A variable of the deploy environment that differs although its definition did not change.

    Attributes:
        change: What the next reconcile does about it.
        variable: What is stored; None where nothing is.
    """

    change: DeployChange
    origin: VariableOrigin
    variable: Variable | None


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that somebody else changed.

    Attributes:
        merchants: Sorted by flag, value and origin.
        variables: Sorted.
    """

    merchants: tuple[MerchantDrift, ...]
    variables: tuple[VariableDrift, ...]

    @property
    def is_found(self) -> bool:
        """Whether there is any."""
        return bool(self.merchants or self.variables)

    def count(self, flag: str) -> int:
        """How many values of one flag somebody else set, variables included."""
        merchants = sum(len(drift.merchants) for drift in self.merchants if drift.flag == flag)
        return merchants + sum(drift.change.flag == flag for drift in self.variables)


def find_drift(plan: Plan, world: World) -> Drift:
    """The part of a plan that undoes other people's writes.

    Args:
        plan: Made from `world`.
        world: What was gathered.
    """
    merchants = [drift for flag in plan.flags for drift in _of_flag(flag)]
    variables = (_of_variable(change, world) for change in plan.deploy_changes)
    return Drift(
        tuple(sorted(merchants, key=lambda drift: (drift.flag, drift.value, drift.origin))),
        tuple(drift for drift in variables if drift is not None),
    )


def _of_flag(flag: FlagPlan) -> Iterator[MerchantDrift]:
    unmanaged = frozenset(flag.unmanaged)
    for group in flag.groups:
        origin = _origin(group.cause, value=group.value, halted=flag.halt is not None)
        if origin is None:
            continue
        by_hand = tuple(m for m in group.merchants if m not in unmanaged)
        if by_hand:
            yield MerchantDrift(flag.flag, not group.value, origin, by_hand)
    if unmanaged:
        yield MerchantDrift(flag.flag, True, Origin.UNMANAGED, flag.unmanaged)


def _origin(cause: Cause, *, value: bool, halted: bool) -> Origin | None:
    if cause is Cause.DRIFT:
        return Origin.CHANGED
    if halted and cause is Cause.HALT and not value:
        return Origin.DURING_HALT  # the halt itself turned everyone off
    return None


def _of_variable(change: DeployChange, world: World) -> VariableDrift | None:
    """None where the files changed, or where the run that applied them has not come this far."""
    if change.action not in _WRONG or world.deploy is None or not _is_settled(change.flag, world):
        return None
    variable = stored(world.deploy, change.variable, change.target)
    if variable is None:
        return VariableDrift(change, VariableOrigin.REMOVED, None)
    if variable.updated_at is None:
        return VariableDrift(change, VariableOrigin.UNKNOWN, variable)
    if variable.updated_at < _asked_since(change.flag, world.ledger):
        return None
    return VariableDrift(change, VariableOrigin.CHANGED, variable)


def _is_settled(key: str, world: World) -> bool:
    """Whether the files ask for the global value that was applied last."""
    applied, desired = world.ledger.applied.get(key), world.desired.find(key)
    if applied is None or desired is None or key in world.ledger.resumed:
        return False
    return _asked(applied.desired) == _asked(desired)


def _asked(desired: DesiredFlag) -> tuple[DeployEnvHome | None, bool]:
    return desired.flag.deploy_env, desired.flag.globally_on


def _asked_since(key: str, ledger: Ledger) -> datetime:
    applied, halt = ledger.applied[key].since, ledger.halts.get(key)
    return max(applied, halt.since) if halt else applied
