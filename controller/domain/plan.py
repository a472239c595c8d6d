"""A plan: the difference between desired and actual, as a value.

Sorted, counted and hashed, with every reason it is unsafe. Two runs that see the same world make
the same plan, byte for byte. A plan is made by `controller.domain.planning`, judged by
`controller.domain.guardrails`, shown by `controller.render` and applied by `controller.reconcile`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.domain.deploy import DeployAction, DeployChange
from controller.domain.environment import Allowance, Guardrail
from controller.domain.halt import Halt

SHOWN: Final = 10
"""How many merchants of a group a rendering names."""


class Cause(StrEnum):
    """Why one merchant's value changes."""

    PHASE = "phase"
    OVERRIDE = "override"
    OVERRIDE_EXPIRED = "override_expired"
    NEW_MERCHANT = "new_merchant"
    ELIGIBILITY = "eligibility"
    DRIFT = "drift"
    HALT = "halt"


class Move(StrEnum):
    """What happens to a flag as a whole, between the plan applied last and this one."""

    NEW = "new"  # not applied before
    SAME = "same"
    ADVANCE = "advance"
    RETREAT = "retreat"
    RELEASE = "release"  # its file is gone; its values stay as they are


class SchemaChange(StrEnum):
    """What is missing in the app's database, to be created as part of the plan."""

    CREATE_TABLE = "create_table"
    ADD_COLUMN = "add_column"


@dataclass(frozen=True, slots=True, order=True)
class SchemaStep:
    """One missing table or column."""

    kind: SchemaChange
    name: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Merchants whose value changes in the same way for the same reason.

    Attributes:
        value: The value they get. The one they had is the other, or none at all, which reads as
            off.
        merchants: Merchant ids, sorted.
    """

    flag: str
    value: bool
    cause: Cause
    merchants: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The merchants to show by name; the total is always shown, too."""
        return self.merchants[:SHOWN]

    @property
    def is_retreat(self) -> bool:
        """Whether it turns merchants off as somebody asked: it must never be held back."""
        return not self.value and self.cause in _RETREATS


_RETREATS = frozenset({Cause.PHASE, Cause.OVERRIDE, Cause.OVERRIDE_EXPIRED, Cause.HALT})


@dataclass(frozen=True, slots=True)
class FlagPlan:
    """What happens to one flag.

    Attributes:
        column: The column of its per-merchant home; None where it has only a global home.
        on_before: How many merchants have it now.
        on_after: How many will have it.
        groups: Sorted by value and cause; no empty ones.
        halt: The one in force; None when the flag is not halted.
        unmanaged: Merchants whose value was set by somebody else before the controller knew the
            flag or its column (first takeover), turned off by this plan. Sorted. `rolloutctl adopt`
            keeps them on.
    """

    flag: str
    column: str | None
    move: Move
    from_phase: str
    to_phase: str
    on_before: int
    on_after: int
    groups: tuple[ChangeGroup, ...]
    halt: Halt | None = None
    unmanaged: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many merchants get another value."""
        return sum(len(group.merchants) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One guardrail that stands in the way.

    Attributes:
        flag: The flag it concerns; None where it concerns the whole plan.
        message: What is unsafe, with the figures.
        remedy: What to do next.
        lifted_by: The allowance that lifts it; None while it stands.
    """

    guardrail: Guardrail
    flag: str | None
    message: str
    remedy: str
    lifted_by: Allowance | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between desired and actual for one environment.

    Attributes:
        revision: The commit it was made from; None where it is not known.
        generation: The generation it was made on; applying it makes the next one.
        merchants: How many merchants there are.
        flags: Sorted by key; also those without changes.
        schema_steps: What is missing in the database.
        deploy_changes: What is to be written to the deploy environment.
        is_deploy_unknown: Whether it was not read, so that nobody can tell whether it is in sync.
        definitions_changed: Flags whose definition differs from the one applied last, even where no
            value changes; the ledger has something to record.
        definitions_digest: A fingerprint of the definitions that the ledger would record.
        refusals: Every guardrail that was touched, lifted or not.
    """

    environment: str
    revision: str | None
    generation: int
    merchants: int
    flags: tuple[FlagPlan, ...]
    schema_steps: tuple[SchemaStep, ...] = ()
    deploy_changes: tuple[DeployChange, ...] = ()
    is_deploy_unknown: bool = False
    definitions_changed: tuple[str, ...] = ()
    definitions_digest: str = ""
    refusals: tuple[Refusal, ...] = ()

    @property
    def changed(self) -> int:
        """How many values of merchants change, over all flags."""
        return sum(flag.changed for flag in self.flags)

    @property
    def standing(self) -> tuple[Refusal, ...]:
        """The refusals that nobody has lifted."""
        return tuple(refusal for refusal in self.refusals if refusal.lifted_by is None)

    @property
    def has_changes(self) -> bool:
        """Whether applying it would change values, schema or the deploy environment."""
        return bool(self.changed or self.schema_steps or self.deploy_changes)

    def groups(self) -> Iterator[ChangeGroup]:
        """Every group of every flag, in the plan's order."""
        for flag in self.flags:
            yield from flag.groups

    @property
    def hash(self) -> str:
        """SHA-256 over what the plan does and what it was made on, in hexadecimal.

        The revision and the wording of refusals are left out: the same effect has the same hash.
        """
        digest = hashlib.sha256()
        for part in self._hashed_parts():
            digest.update(f"{len(part)}:".encode())
            digest.update(part)
        return digest.hexdigest()

    def _hashed_parts(self) -> Iterator[bytes]:
        yield _line("plan", self.environment, self.generation)
        yield from (_line("schema", step.kind, step.name) for step in self.schema_steps)
        yield _line("definitions", *self.definitions_changed, self.definitions_digest)
        for flag in self.flags:
            for group in flag.groups:
                count = len(group.merchants)
                yield _line("group", group.flag, flag.column, group.value, group.cause, count)
                yield "\0".join(group.merchants).encode()
        for change in self.deploy_changes:
            written = change.variable, change.target, change.action, change.after
            yield _line("deploy", *written, change.before, change.variable_id)


def _line(*values: str | int | None) -> bytes:
    return json.dumps(values).encode()


def turns_on(plan: Plan) -> bool:
    """Whether the plan turns anything on for anybody."""
    return any(group.value for group in plan.groups()) or any(
        change.enables and change.action is not DeployAction.UNREADABLE
        for change in plan.deploy_changes
    )
