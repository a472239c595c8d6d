"""What changes about one flag, beside its policy: audience, overrides, homes, details. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
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
    RolloutAdded,
    RolloutRemoved,
)
from controller.domain.desired import DesiredFlag
from controller.domain.difference import differences
from controller.domain.flag import Flag, Override
from controller.domain.merchant import Merchant
from controller.domain.movement import Movement, movement
from controller.domain.plan import Move
from controller.domain.rollout import OFF, Eligibility, Phase, Rollout
from controller.domain.targeting import decide
from controller.domain.units import EVERYONE

_OLD_ENOUGH: Final = timedelta(days=3_651)  # a file can ask for 3,650 days at most


def of_added(after: DesiredFlag, now: datetime) -> Iterator[Change]:
    """A flag that was not there."""
    yield FlagAdded(after.key)
    yield from _overrides(None, after, now)
    yield from _rollouts(None, after)


def of_removed(before: DesiredFlag) -> Iterator[Change]:
    """A flag whose file is gone: nothing moves, its values stay as they are."""
    yield FlagRemoved(before.key, before.phase)
    if before.rollout:
        yield RolloutRemoved(before.key, before.phase)


def of_taken_over(before: DesiredFlag, after: DesiredFlag, now: datetime) -> Change:
    """A flag that was there moves into the home of one that goes: for the merchants, a new name."""
    return FlagRenamed(after.key, before.key, _reaches_somebody(before, now))


def of_kept(before: DesiredFlag, after: DesiredFlag, now: datetime) -> Iterator[Change]:
    """A flag that is there in both, perhaps under another key."""
    if before == after:
        return
    if before.key != after.key:
        yield FlagRenamed(after.key, before.key, _reaches_somebody(before, now))
    yield from _overrides(before, after, now)
    yield from _rollouts(before, after)
    homes = differences(_homes(before.flag), _homes(after.flag))
    if homes:
        yield HomeChanged(after.key, homes)
    details = differences(_details(before.flag), _details(after.flag))
    if details:
        yield DetailsChanged(after.key, details)


def _homes(flag: Flag) -> dict[str, object]:
    return {"merchant_config": flag.merchant_config, "deploy_env": flag.deploy_env}


def _details(flag: Flag) -> dict[str, object]:
    return {"description": flag.description, "owner": flag.owner, "expires": flag.expires}


def _overrides(
    before: DesiredFlag | None, after: DesiredFlag, now: datetime
) -> Iterator[OverrideChanged]:
    old = _by_merchant(before.flag if before else None)
    new = _by_merchant(after.flag)
    for merchant in sorted(old.keys() | new.keys()):
        was, now_is = old.get(merchant), new.get(merchant)
        if was != now_is:
            effect = _effect(before, after, merchant, now)
            yield OverrideChanged(after.key, merchant, was, now_is, effect)


def _by_merchant(flag: Flag | None) -> dict[str, Override]:
    return {override.merchant: override for override in flag.overrides} if flag else {}


def _effect(before: DesiredFlag | None, after: DesiredFlag, merchant: str, now: datetime) -> Effect:
    """What happens to a merchant that is old enough for any percentage."""
    somebody = Merchant(merchant, "", is_active=True, created_at=now - _OLD_ENOUGH)
    had = before is not None and _has(before, somebody, now)
    has = _has(after, somebody, now)
    if had == has:
        return Effect.NONE
    return Effect.TURNS_ON if has else Effect.TURNS_OFF


def _has(desired: DesiredFlag, merchant: Merchant, now: datetime) -> bool:
    return desired.flag.globally_on or decide(desired, merchant, now, halted=False).value


def _reaches_somebody(desired: DesiredFlag, now: datetime) -> bool:
    overridden = any(o.value and o.active_at(now) for o in desired.flag.overrides)
    return desired.flag.globally_on or overridden or desired.phase != OFF


def _rollouts(before: DesiredFlag | None, after: DesiredFlag) -> Iterator[Change]:
    old, new = before.rollout if before else None, after.rollout
    if new and not old:
        yield RolloutAdded(after.key, new.phase)
    if old and not new:
        yield RolloutRemoved(after.key, old.phase)
    moved = movement(before, after)
    if moved.move is not Move.SAME:
        yield _audience(before, after, moved)
    if old and new:
        yield from _spread(old, new)


def _spread(old: Rollout, new: Rollout) -> Iterator[Change]:
    """How a percentage spreads over the merchants: who is eligible, and in which bucket."""
    is_live = _is_partial(old) and _is_partial(new)
    if old.eligible != new.eligible:
        loosened = _loosened(old.eligible, new.eligible)
        yield EligibilityChanged(new.flag, old.eligible, new.eligible, is_live, loosened)
    if old.bucketing != new.bucketing:
        yield BucketingChanged(new.flag, old.bucketing, new.bucketing, is_live)


def _audience(before: DesiredFlag | None, after: DesiredFlag, moved: Movement) -> AudienceMoved:
    old = before.rollout if before else None
    left = old.phase_at(old.position) if old else None
    is_advance = moved.move is Move.ADVANCE
    return AudienceMoved(
        flag=after.key,
        move=moved.move,
        from_phase=before.phase if before else OFF,
        to_phase=after.phase,
        movement=moved,
        gate=left.gate if left and is_advance else None,
        skipped=moved.skipped if is_advance else 0,
        is_first=before is None or (old is None and after.rollout is not None),
    )


def _share(phase: Phase | None) -> int:
    return phase.percent.basis_points if phase and phase.percent is not None else 0


def _share_of(rollout: Rollout | None) -> int:
    return _share(rollout.phase_at(rollout.position)) if rollout else 0


def _is_partial(rollout: Rollout) -> bool:
    return 0 < _share_of(rollout) < EVERYONE.basis_points


def _loosened(was: Eligibility, is_now: Eligibility) -> bool:
    return is_now.min_merchant_age < was.min_merchant_age or bool(was.exclude - is_now.exclude)
