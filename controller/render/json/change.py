"""What a pull request means, for machines."""

from typing import Any, Final

from controller.domain.change import (
    AudienceMoved,
    Change,
    DetailsChanged,
    HomeChanged,
    OverrideChanged,
    PolicyTouched,
)
from controller.domain.difference import Difference
from controller.domain.flag import Override
from controller.domain.objections import Objection
from controller.render.change_words import sentence
from controller.source_control.meaning import EnvironmentMeaning, Meaning

_KINDS: Final = {
    "AudienceMoved": "audience_moved",
    "FlagAdded": "flag_added",
    "FlagRemoved": "flag_removed",
    "FlagRenamed": "flag_renamed",
    "RolloutAdded": "rollout_added",
    "RolloutRemoved": "rollout_removed",
    "OverrideChanged": "override_changed",
    "EligibilityChanged": "eligibility_changed",
    "BucketingChanged": "bucketing_changed",
    "HomeChanged": "home_changed",
    "PolicyTouched": "policy_touched",
    "DetailsChanged": "details_changed",
}


def meaning(found: Meaning) -> list[dict[str, Any]]:
    """What a change means, environment by environment."""
    return [environment(one) for one in found.environments]


def environment(found: EnvironmentMeaning) -> dict[str, Any]:
    """What a change means for one environment."""
    return {
        "environment": found.environment,
        "changes": [change(one) for one in found.changes],
        "objections": [objection(one) for one in found.objections],
    }


def change(found: Change) -> dict[str, Any]:
    """One change: its kind, its flag, a sentence, and what is particular to its kind."""
    return {
        "kind": _KINDS[type(found).__name__],
        "flag": found.flag,
        "message": sentence(found),
        **_particulars(found),
    }


def objection(found: Objection) -> dict[str, Any]:
    """What may not come together."""
    lifted = found.lifted_by
    return {
        "rule": found.rule,
        "flag": found.flag,
        "message": found.message,
        "next": found.remedy,
        "lifted_by": {"approved_by": lifted.approved_by, "reason": lifted.reason}
        if lifted
        else None,
    }


def _particulars(found: Change) -> dict[str, Any]:
    match found:
        case AudienceMoved():
            return _movement(found)
        case OverrideChanged():
            before, after = _override(found.before), _override(found.after)
            effect = found.effect
            return {"merchant": found.merchant, "before": before, "after": after, "effect": effect}
        case PolicyTouched():
            differences = [_difference(one) for one in found.differences]
            policy = {"part": found.part, "name": found.name, "touch": found.touch}
            return {**policy, "differences": differences}
        case HomeChanged() | DetailsChanged():
            return {"differences": [_difference(one) for one in found.differences]}
        case _:
            return {}


def _movement(found: AudienceMoved) -> dict[str, Any]:
    return {
        "move": found.move,
        "from_phase": found.from_phase,
        "to_phase": found.to_phase,
        "gate": found.gate,
        "skipped": found.skipped,
        "gained": sorted(found.movement.gained),
        "lost": sorted(found.movement.lost),
    }


def _override(found: Override | None) -> dict[str, Any] | None:
    if found is None:
        return None
    expires = found.expires.isoformat() if found.expires else None
    return {"value": found.value, "reason": found.reason, "expires": expires}


def _difference(found: Difference) -> dict[str, Any]:
    return {"path": found.path, "before": found.before, "after": found.after}
