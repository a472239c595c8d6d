"""The meaning of a change in sentences, the same in every place: one a change, nothing escaped."""

from collections.abc import Iterable
from typing import Final

from controller.domain.change import (
    AudienceMoved,
    BucketingChanged,
    Change,
    DetailsChanged,
    Effect,
    EligibilityChanged,
    FlagAdded,
    FlagRemoved,
    FlagRenamed,
    HomeChanged,
    OverrideChanged,
    PolicyTouched,
    RolloutAdded,
    RolloutRemoved,
)
from controller.domain.difference import Difference

_EFFECTS: Final = {
    Effect.TURNS_ON: "; it gains the feature",
    Effect.TURNS_OFF: "; it loses the feature",
    Effect.NONE: "",
}


def meaning(environment: str, change: Change) -> str:
    """One change: `production: sequential_workflow advances from pilot to 10%`."""
    return f"{environment}: {_said(change)}"


def _said(change: Change) -> str:  # noqa: PLR0911 -- one kind of change, one sentence
    match change:
        case AudienceMoved():
            moves = "advances" if change.move == "advance" else "retreats"
            if change.from_phase == change.to_phase:
                return f"{change.flag} {moves} within {change.to_phase}"
            return f"{change.flag} {moves} from {change.from_phase} to {change.to_phase}"
        case OverrideChanged():
            return _override(change)
        case PolicyTouched():
            return _policy(change)
        case EligibilityChanged():
            looser = "more" if change.loosened else "fewer, or other,"
            return f"{change.flag}: {looser} merchants are eligible"
        case BucketingChanged():
            return f"{change.flag}: another bucketing, so every merchant has another bucket"
        case HomeChanged() | DetailsChanged():
            return f"{change.flag}: {_listed(change.differences)}"
        case _:
            return _of_its_life(change)


def _of_its_life(
    change: FlagAdded | FlagRemoved | FlagRenamed | RolloutAdded | RolloutRemoved,
) -> str:
    match change:
        case FlagAdded():
            return f"{change.flag} is new"
        case FlagRemoved():
            return f"{change.flag} is released at {change.phase}: its values stay as they are"
        case FlagRenamed():
            return f"{change.before} is renamed to {change.flag}"
        case RolloutAdded():
            return f"{change.flag} gets a rollout, at {change.phase}"
        case RolloutRemoved():
            return f"the rollout of {change.flag} is removed, at {change.phase}"


def _override(change: OverrideChanged) -> str:
    what = "changed"
    if change.before is None:
        what = "added"
    elif change.after is None:
        what = "removed"
    return f"{change.flag}: override of {change.merchant} {what}{_EFFECTS[change.effect]}"


def _policy(change: PolicyTouched) -> str:
    of = f"{change.flag}: " if change.flag else ""
    part = f"{change.part} {change.name}".strip().replace("_", " ")
    return f"{of}policy: {part}: {_listed(change.differences)}"


def _listed(differences: Iterable[Difference]) -> str:
    return "; ".join(f"{d.path} {_side(d.before)} -> {_side(d.after)}".strip() for d in differences)


def _side(text: str | None) -> str:
    return "nothing" if text is None else text
