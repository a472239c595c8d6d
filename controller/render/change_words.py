"""What a change means, one sentence a change, the same in every format.

The sentences hold names from files and are not escaped: each renderer does that for its place.
"""

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
    PolicyPart,
    PolicyTouched,
    RolloutAdded,
    RolloutRemoved,
    Touch,
)
from controller.domain.difference import Difference
from controller.domain.flag import Override
from controller.domain.plan import Move
from controller.domain.wording import counted

_SHOWN: Final = 3
_LONG: Final = 80

_EFFECTS: Final = {
    Effect.TURNS_ON: "turns it on",
    Effect.TURNS_OFF: "turns it off",
    Effect.NONE: "changes nothing for it now",
}
_PARTS: Final = {
    PolicyPart.LADDER: "the ladder",
    PolicyPart.PHASE_GATE: "the gate of phase",
    PolicyPart.SOAK: "the soak of phase",
    PolicyPart.GATE: "gate",
    PolicyPart.WAIVER: "waiver",
    PolicyPart.ALLOWANCE: "the allowance",
    PolicyPart.ENVIRONMENT: "environment",
    PolicyPart.DATABASE: "the database settings",
    PolicyPart.DEPLOY_ENV: "the deploy environment's settings",
    PolicyPart.WORKFLOW_DATA: "where workflow data is read",
    PolicyPart.MEASURE: "measure",
    PolicyPart.LIMITS: "the limits on one run",
    PolicyPart.FREEZE: "the freeze",
    PolicyPart.ON_ROLLBACK: "what the guard does",
    PolicyPart.RULES: "the company's rule",
    PolicyPart.WORKFLOW: "what runs the check:",
}


def placed(environment: str, change: Change) -> str:
    """What one change means, where and whose: `production, seq: advance: pilot -> 10%`."""
    whose = f", {change.flag}" if change.flag else ""
    return f"{environment}{whose}: {sentence(change)}"


def sentence(change: Change) -> str:
    """What one change means, without a full stop and without the flag's key."""
    match change:
        case AudienceMoved():
            return _moved(change)
        case OverrideChanged():
            return _override(change)
        case PolicyTouched():
            return f"policy: {_policy(change)}"
        case EligibilityChanged() | BucketingChanged():
            return _spread(change)
        case HomeChanged() | DetailsChanged():
            return _differences(change.differences)
        case _:
            return _presence(change)


def _presence(
    change: FlagAdded | FlagRemoved | FlagRenamed | RolloutAdded | RolloutRemoved,
) -> str:
    match change:
        case FlagAdded():
            return "flag added"
        case FlagRemoved():
            return f"flag removed at {change.phase}; its values stay as they are"
        case FlagRenamed():
            return f"flag renamed, it was {change.before}"
        case RolloutAdded():
            return f"rollout added at {change.phase}"
        case RolloutRemoved():
            return f"rollout removed at {change.phase}"


def _moved(change: AudienceMoved) -> str:
    word = "advance" if change.move is Move.ADVANCE else "retreat"
    return f"{word}: {_way(change)}{_by_name(change)}"


def _way(change: AudienceMoved) -> str:
    step = change.movement.global_step
    if step:
        return "on for everyone" if step > 0 else f"no longer on for everyone, {change.to_phase}"
    if change.from_phase != change.to_phase:
        return f"{change.from_phase} -> {change.to_phase}"
    return f"the audience of {change.to_phase}"


def _by_name(change: AudienceMoved) -> str:
    gained, lost = len(change.movement.gained), len(change.movement.lost)
    parts = [f"{counted(gained)} more by name"] * bool(gained)
    parts += [f"{counted(lost)} fewer by name"] * bool(lost)
    return f" ({', '.join(parts)})" if parts else ""


def _override(change: OverrideChanged) -> str:
    effect = _EFFECTS[change.effect]
    if change.before is None and change.after is not None:
        return f"override added for {change.merchant}: {_value(change.after)}; {effect}"
    if change.after is None and change.before is not None:
        return f"override removed for {change.merchant}, it was {_value(change.before)}; {effect}"
    return f"override changed for {change.merchant}; {effect}"


def _value(override: Override) -> str:
    until = f" until {override.expires}" if override.expires else ""
    return f"{'on' if override.value else 'off'}{until}"


def _spread(change: EligibilityChanged | BucketingChanged) -> str:
    live = "" if change.is_live else ", while no percentage depends on it"
    if isinstance(change, BucketingChanged):
        return f"another salt or version: every bucket is another one{live}"
    way = "more merchants may be swept in" if change.loosened else "fewer merchants are swept in"
    return f"eligibility: {way}{live}"


def _policy(change: PolicyTouched) -> str:
    subject = f"{_PARTS[change.part]} {change.name}".strip()
    if change.touch is not Touch.CHANGED:
        return f"{subject} {change.touch}"
    return f"{subject}: {_differences(change.differences)}"


def _differences(found: tuple[Difference, ...]) -> str:
    shown = ", ".join(map(_difference, found[:_SHOWN]))
    more = len(found) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _difference(found: Difference) -> str:
    return f"{found.path} {_cut(found.before)} -> {_cut(found.after)}".strip()


def _cut(text: str | None) -> str:
    if text is None:
        return "nothing"
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
