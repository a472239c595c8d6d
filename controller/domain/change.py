"""The meaning of a change: what differs between two revisions, for one environment, as values.

Between reading two revisions and judging a pull request. `controller.domain.changes` finds them,
`controller.domain.objections` says which of them must not come together, the gate judges what
advances. Text that means the same (comments, order, quoting) leads to no value at all.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from controller.domain.difference import Difference
from controller.domain.flag import Override
from controller.domain.movement import Movement
from controller.domain.plan import Move
from controller.domain.rollout import Bucketing, Eligibility


class Effect(StrEnum):
    """What a changed override does to its merchant.

    All that changes for it counts, the phase included; young merchants count as old enough.
    """

    TURNS_ON = "turns_on"
    TURNS_OFF = "turns_off"
    NONE = "none"


class Touch(StrEnum):
    """What happens to a part of the policy."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class PolicyPart(StrEnum):
    """The parts of the policy: everything that decides what an advance must pass."""

    LADDER = "ladder"  # the phases, their names, their order, and who the later ones reach
    PHASE_GATE = "phase_gate"  # which gate a phase must pass
    SOAK = "soak"
    GATE = "gate"  # what a gate demands
    WAIVER = "waiver"
    ALLOWANCE = "allowance"
    ENVIRONMENT = "environment"  # a whole environment added or removed
    DATABASE = "database"
    DEPLOY_ENV = "deploy_env"
    WORKFLOW_DATA = "workflow_data"
    MEASURE = "measure"  # a company's own
    LIMITS = "limits"
    FREEZE = "freeze"
    ON_ROLLBACK = "on_rollback"
    RULES = "rules"  # a company's own rules for the files
    WORKFLOW = "workflow"  # what runs the check, and who must review that


@dataclass(frozen=True, slots=True)
class FlagAdded:
    """A flag that was not there."""

    flag: str


@dataclass(frozen=True, slots=True)
class FlagRemoved:
    """A flag whose file is gone. It is released: its values stay as they are.

    Attributes:
        phase: Where it stood.
    """

    flag: str
    phase: str


@dataclass(frozen=True, slots=True)
class FlagRenamed:
    """A flag with another key, living in the same column or variable.

    Attributes:
        flag: The new key.
        before: The old one.
        was_live: Whether it reached somebody. The ledger knows flags by key.
    """

    flag: str
    before: str
    was_live: bool


@dataclass(frozen=True, slots=True)
class RolloutAdded:
    """A ladder for a flag that had none."""

    flag: str
    phase: str


@dataclass(frozen=True, slots=True)
class RolloutRemoved:
    """A ladder that is gone; the flag keeps its overrides and its global value, if it is there."""

    flag: str
    phase: str


@dataclass(frozen=True, slots=True)
class AudienceMoved:
    """An advance or a retreat, judged by the audience and not by the name of the phase.

    Attributes:
        move: `ADVANCE` or `RETREAT`. What widens and narrows at once is an advance.
        from_phase: Where it stood.
        to_phase: Where it stands.
        gate: The gate of the phase that is left, as the base has it; None where that phase has
            none (off, or the last one).
        skipped: How many phases of the base's ladder an advance passes over.
        is_first: Whether there was no rollout for it before.
    """

    flag: str
    move: Move
    from_phase: str
    to_phase: str
    movement: Movement
    gate: str | None
    skipped: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class OverrideChanged:
    """An override added, removed or changed.

    Attributes:
        before: None where it is added.
        after: None where it is removed.
    """

    flag: str
    merchant: str
    before: Override | None
    after: Override | None
    effect: Effect


@dataclass(frozen=True, slots=True)
class EligibilityChanged:
    """Who a percentage below 100 may sweep in.

    Attributes:
        is_live: Whether such a percentage is in force, before and after.
        loosened: Whether merchants that were left out may come in.
    """

    flag: str
    before: Eligibility
    after: Eligibility
    is_live: bool
    loosened: bool


@dataclass(frozen=True, slots=True)
class BucketingChanged:
    """Another salt or version: everyone's bucket is another one.

    Attributes:
        is_live: Whether a percentage below 100 is in force, before and after, so that it reshuffles
            who has the feature.
    """

    flag: str
    before: Bucketing
    after: Bucketing
    is_live: bool


@dataclass(frozen=True, slots=True)
class HomeChanged:
    """Another column, variable, target or setting."""

    flag: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DetailsChanged:
    """Description, owner or day of expiry: nothing that anybody gets or loses."""

    flag: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class PolicyTouched:
    """Something that decides what an advance must pass.

    Attributes:
        flag: The flag it is about; None where it is about every flag of the environment.
        name: Which gate, phase, waiver, measure and so on; empty where there is only one.
        differences: From nothing where it is added, to nothing where it is removed.
    """

    flag: str | None
    part: PolicyPart
    name: str
    differences: tuple[Difference, ...]
    touch: Touch = Touch.CHANGED


Change: TypeAlias = (
    AudienceMoved
    | FlagAdded
    | FlagRemoved
    | FlagRenamed
    | RolloutAdded
    | RolloutRemoved
    | OverrideChanged
    | EligibilityChanged
    | BucketingChanged
    | HomeChanged
    | PolicyTouched
    | DetailsChanged
)

_ORDER: Final = {
    kind: position
    for position, kind in enumerate(
        (
            FlagAdded,
            FlagRemoved,
            FlagRenamed,
            RolloutAdded,
            RolloutRemoved,
            AudienceMoved,
            OverrideChanged,
            EligibilityChanged,
            BucketingChanged,
            HomeChanged,
            PolicyTouched,
            DetailsChanged,
        )
    )
}


def sort_key(change: Change) -> tuple[str, int, str, str]:
    """By flag, those about a whole environment first; then what matters to merchants first."""
    part, name = "", ""
    if isinstance(change, PolicyTouched):
        part, name = change.part, change.name
    elif isinstance(change, OverrideChanged):
        name = change.merchant
    return change.flag or "", _ORDER[type(change)], part, name


def advances(change: Change) -> bool:
    """Whether it is an advance."""
    return isinstance(change, AudienceMoved) and change.move is Move.ADVANCE


def retreats(change: Change) -> bool:
    """Whether it is a retreat."""
    return isinstance(change, AudienceMoved) and change.move is Move.RETREAT
