"""The meaning of a change: complete, mirrored, and blind to what means the same."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

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
    Touch,
    advances,
    retreats,
    sort_key,
)
from controller.domain.desired import DesiredFlag
from controller.domain.difference import Difference
from controller.domain.targeting import decide
from tests.domain.changing import between
from tests.domain.strategies import LONG_AGO, NOW, POOL, ages, edits, flags, merchant


@st.composite
def pairs(draw: st.DrawFn) -> tuple[DesiredFlag, DesiredFlag]:
    before = draw(flags())
    return before, draw(edits(before))


@given(flags())
def test_the_same_meaning_is_no_change(one: DesiredFlag):
    assert between(one, one) == ()


@given(pairs())
def test_a_change_and_its_reverse_mirror(pair):
    there, back = between(*pair), between(pair[1], pair[0])
    assert _facts(map(mirrored, there)) == _facts(back)


@given(pairs())
def test_nobody_gains_it_without_an_advance_an_override_or_other_buckets(pair):
    found = between(*pair)
    widens = any(advances(c) or (isinstance(c, BucketingChanged) and c.is_live) for c in found)
    turned_on = {
        c.merchant for c in found if isinstance(c, OverrideChanged) and c.effect is Effect.TURNS_ON
    }
    if widens:
        return
    overridden = {c.merchant for c in found if isinstance(c, OverrideChanged)}
    for id_ in POOL:
        assert not _gains(pair, id_, LONG_AGO) or id_ in turned_on, (id_, found)
        for age in ages:
            assert not _gains(pair, id_, age) or id_ in overridden, (id_, age, found)


def _gains(pair: tuple[DesiredFlag, DesiredFlag], id_: str, created: datetime) -> bool:
    had, has = (
        one.flag.globally_on or decide(one, merchant(id_, created), NOW, halted=False).value
        for one in pair
    )
    return has and not had


@given(pairs())
def test_changes_are_sorted_and_none_comes_twice(pair):
    found = between(*pair)
    assert list(found) == sorted(found, key=sort_key)
    assert len({sort_key(change) for change in found}) == len(found)


@given(pairs())
def test_whoever_is_not_changed_is_not_told_as_moved(pair):
    before, after = pair
    if not between(before, after):
        for id_ in POOL:
            was, is_now = (decide(one, merchant(id_), NOW, halted=False).value for one in pair)
            assert was == is_now
        assert before.flag.globally_on == after.flag.globally_on


def mirrored(change: Change) -> Change:  # noqa: C901, PLR0911 -- one case a kind
    """The change that takes it back, as far as one can tell from itself."""
    match change:
        case FlagAdded():
            return FlagRemoved(change.flag, "")
        case FlagRemoved():
            return FlagAdded(change.flag)
        case RolloutAdded():
            return RolloutRemoved(change.flag, change.phase)
        case RolloutRemoved():
            return RolloutAdded(change.flag, change.phase)
        case AudienceMoved():
            return replace(change, from_phase=change.to_phase, to_phase=change.from_phase)
        case OverrideChanged():
            flipped = {Effect.TURNS_ON: Effect.TURNS_OFF, Effect.TURNS_OFF: Effect.TURNS_ON}
            return replace(
                change,
                before=change.after,
                after=change.before,
                effect=flipped.get(change.effect, Effect.NONE),
            )
        case EligibilityChanged() | BucketingChanged():
            return replace(change, before=change.after, after=change.before)
        case PolicyTouched():
            touch = {Touch.ADDED: Touch.REMOVED, Touch.REMOVED: Touch.ADDED}.get(change.touch)
            turned = replace(change, differences=_turned(change.differences))
            return replace(turned, touch=touch or change.touch)
        case HomeChanged() | DetailsChanged():
            return replace(change, differences=_turned(change.differences))
        case FlagRenamed():
            return replace(change, flag=change.before, before=change.flag)


def _turned(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    return tuple(replace(d, before=d.after, after=d.before) for d in found)


def _facts(found: Iterable[Change]) -> list[object]:
    """What must mirror: stricter eligibility is no retreat, though looser one is an advance."""
    ordered = sorted(found, key=sort_key)
    by_eligibility = any(isinstance(c, EligibilityChanged) and c.is_live for c in ordered)
    return [
        (c.from_phase, c.to_phase)
        if isinstance(c, AudienceMoved)
        else replace(c, loosened=False)
        if isinstance(c, EligibilityChanged)
        else c
        for c in ordered
        if not (isinstance(c, AudienceMoved) and by_eligibility)
    ]


@given(pairs())
def test_a_retreat_taken_back_is_an_advance(pair):
    there, back = between(*pair), between(pair[1], pair[0])
    if any(map(retreats, there)):
        assert any(map(advances, back))
