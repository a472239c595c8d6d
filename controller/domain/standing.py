"""Standing: where every rollout stands, the most urgent first. Pure.

After planning, for those who look: a plan and the world it was made from, condensed to one line a
flag with what to do next. `status` shows it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from controller.domain.deploy import DeployAction, DeployChange
from controller.domain.desired import DesiredFlag
from controller.domain.drift import Drift, find_drift
from controller.domain.environment import Freeze
from controller.domain.expiry import Expiry, expiries
from controller.domain.global_value import GlobalValue, global_values
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag
from controller.domain.plan import FlagPlan, Plan, Refusal
from controller.domain.planning import World
from controller.domain.rollout import Phase


class Condition(IntEnum):
    """The one thing about a flag that a person should know first; the smaller, the more urgent."""

    HALTED = 1
    HARM = 2  # its gate has found proof of harm
    WITHHELD = 3  # a guardrail stands in the way of what the files ask for
    DRIFT = 4
    UNREADABLE = 5  # nobody can tell what the app sees
    PENDING = 6  # the files ask for something that has not been applied
    PENDING_REDEPLOY = 7  # stored, but the live deployment is older
    READY = 8  # its gate has said that it may go on
    SOAKING = 9
    IN_SYNC = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """One flag.

    Attributes:
        plan: What the next reconcile does to its merchants, and how many have it now.
        applied: Its definition as applied last; None before the first run.
        next: The phase above the one in the files; None at the top or without a rollout.
        gate: The name of the gate to pass before it.
        drifted: How many values somebody else set, variables of the deploy environment included.
        refusals: The guardrails that stand in the way of this flag.
        globals: Its global values, production first.
        deploy_changes: What the next reconcile does in the deploy environment.
        expiries: What expires soon, or has expired.
    """

    condition: Condition
    plan: FlagPlan
    applied: AppliedFlag | None
    halt: Halt | None
    next: Phase | None
    gate: str | None
    drifted: int
    refusals: tuple[Refusal, ...]
    globals: tuple[GlobalValue, ...]
    deploy_changes: tuple[DeployChange, ...]
    expiries: tuple[Expiry, ...]

    @property
    def flag(self) -> str:
        """The flag's key."""
        return self.plan.flag

    @property
    def is_gated(self) -> bool:
        """Whether the phase that is applied has a gate to be passed."""
        applied = self.applied
        if applied is None or applied.phase is None or applied.desired.flag.globally_on:
            return False
        return applied.phase.gate is not None

    @property
    def is_overdue(self) -> bool:
        """Whether something of it has expired, and still stands in the files."""
        return any(expiry.is_over for expiry in self.expiries)

    @property
    def soaked_at(self) -> datetime | None:
        """When it may go up the ladder at the earliest; None where there is nothing to wait for."""
        return self.applied.soaked_at if self.applied and self.next else None

    def soak_left(self, now: datetime) -> timedelta:
        """How long the applied phase must soak on; nothing once it has."""
        return max(self.soaked_at - now, timedelta()) if self.soaked_at else timedelta()


@dataclass(frozen=True, slots=True)
class Overview:
    """One environment.

    Attributes:
        standings: The most urgent first, then by key.
        revision: The commit applied last.
        desired_revision: The commit the files are of; None outside git or with local changes.
        refusals: Guardrails that concern no single flag.
        schema_changes: How many tables and columns are missing.
        freezes: Windows in force, in which nothing is advanced.
        now: The database's clock.
    """

    environment: str
    generation: int
    revision: str | None
    desired_revision: str | None
    merchants: int
    standings: tuple[Standing, ...]
    refusals: tuple[Refusal, ...]
    schema_changes: int
    freezes: tuple[Freeze, ...]
    now: datetime


def overview(plan: Plan, world: World) -> Overview:
    """Condense a plan and the world it was made from."""
    drift, ending = find_drift(plan, world), expiries(world.desired, world.now)
    standings = (_standing(flag, plan, world, drift, ending) for flag in plan.flags)
    return Overview(
        environment=plan.environment,
        generation=plan.generation,
        revision=world.ledger.revision,
        desired_revision=plan.revision,
        merchants=plan.merchants,
        standings=tuple(sorted(standings, key=_urgency)),
        refusals=tuple(refusal for refusal in plan.standing if refusal.flag is None),
        schema_changes=len(plan.schema_steps),
        freezes=tuple(
            freeze
            for freeze in world.desired.environment.freezes
            if freeze.starts <= world.now < freeze.ends
        ),
        now=world.now,
    )


def with_verdicts(seen: Overview, *, harmful: Collection[str], ready: Collection[str]) -> Overview:
    """The same, with what the gates have said of the present phases.

    Args:
        seen: Where the rollouts stand.
        harmful: Flags whose gate has found proof of harm.
        ready: Flags whose gate says that they may go on; of account where nothing else stands in
            the way.
    """
    standings = (_with_verdict(one, seen, harmful, ready) for one in seen.standings)
    return replace(seen, standings=tuple(sorted(standings, key=_urgency)))


def _with_verdict(
    standing: Standing, seen: Overview, harmful: Collection[str], ready: Collection[str]
) -> Standing:
    if standing.flag in harmful and standing.condition > Condition.HARM:
        return replace(standing, condition=Condition.HARM)
    is_free = standing.condition is Condition.IN_SYNC and standing.next and not seen.freezes
    if is_free and standing.flag in ready:
        return replace(standing, condition=Condition.READY)
    return standing


def _urgency(standing: Standing) -> tuple[Condition, bool, str]:
    return standing.condition, not standing.is_overdue, standing.flag


def _standing(
    flag: FlagPlan, plan: Plan, world: World, drift: Drift, ending: Iterable[Expiry]
) -> Standing:
    key = flag.flag
    halt = world.ledger.halts.get(key)
    desired = world.desired.find(key)
    due = tuple(change for change in plan.deploy_changes if change.flag == key)
    halted = halt is not None
    following, gate = _next_phase(desired)
    standing = Standing(
        condition=Condition.IN_SYNC,
        plan=flag,
        applied=world.ledger.applied.get(key),
        halt=halt,
        next=following,
        gate=gate,
        drifted=drift.count(key),
        refusals=tuple(refusal for refusal in plan.standing if refusal.flag == key),
        globals=global_values(desired, world.deploy, due, halted=halted) if desired else (),
        deploy_changes=due,
        expiries=tuple(expiry for expiry in ending if expiry.flag == key),
    )
    return replace(standing, condition=_condition(standing, plan, world.now))


def _condition(standing: Standing, plan: Plan, now: datetime) -> Condition:
    due, unrecorded = standing.deploy_changes, standing.flag in plan.definitions_changed
    unread = plan.is_deploy_unknown and bool(standing.globals)
    found = {
        Condition.HALTED: standing.halt is not None,
        Condition.WITHHELD: bool(standing.refusals),
        Condition.DRIFT: standing.drifted > 0,
        Condition.UNREADABLE: unread or _has(due, DeployAction.UNREADABLE),
        Condition.PENDING: standing.plan.changed > 0
        or unrecorded
        or _has(due, DeployAction.CREATE, DeployAction.UPDATE),
        Condition.PENDING_REDEPLOY: _has(due, DeployAction.REDEPLOY),
        Condition.SOAKING: standing.soak_left(now) > timedelta(),
    }
    return min((c for c, holds in found.items() if holds), default=Condition.IN_SYNC)


def _has(changes: Iterable[DeployChange], *actions: DeployAction) -> bool:
    return any(change.action in actions for change in changes)


def _next_phase(desired: DesiredFlag | None) -> tuple[Phase | None, str | None]:
    """The phase above the one that the files say, and the gate to pass before it."""
    rollout = desired.rollout if desired else None
    if rollout is None or rollout.position == rollout.last_position:
        return None, None
    current = rollout.phase_at(rollout.position)
    return rollout.phase_at(rollout.position + 1), current.gate if current else None
