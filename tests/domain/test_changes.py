"""The meaning of a change: complete, mirrored, and blind to what means the same."""

from collections.abc import Iterable
from dataclasses import replace

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
    PolicyPart,
    PolicyTouched,
    RolloutAdded,
    RolloutRemoved,
    advances,
    retreats,
    sort_key,
)
from controller.domain.changes import changes
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.difference import Difference
from controller.domain.flag import DeployEnvHome
from controller.domain.plan import Move
from controller.domain.rollout import OFF
from controller.domain.targeting import decide
from tests.domain.strategies import (
    NOW,
    POOL,
    ages,
    desired,
    edits,
    environment,
    flag,
    flags,
    ladder,
    merchant,
    override,
    phase,
)


def between(before: DesiredFlag | None, after: DesiredFlag | None) -> tuple[Change, ...]:
    sides = [desired(*([one] if one else [])) for one in (before, after)]
    return changes(sides[0], sides[1], NOW)


def of_kind(kind: type, found: Iterable[Change]) -> list:
    return [change for change in found if isinstance(change, kind)]


def only(kind: type, found: tuple[Change, ...]):
    assert [type(change) for change in found] == [kind], found
    return found[0]


# --- examples -------------------------------------------------------------------------------------


def test_a_promotion_is_one_advance_with_the_gate_of_the_phase_that_is_left():
    gated = [replace(step, gate="smoke") for step in ladder("m01")]
    moved = only(AudienceMoved, between(flag("pilot", gated), flag("10%", gated)))
    assert moved.move is Move.ADVANCE
    assert (moved.from_phase, moved.to_phase, moved.gate) == ("pilot", "10%", "smoke")
    assert (moved.skipped, moved.is_first) == (0, False)


def test_a_retreat_needs_no_gate_and_skips_nothing():
    gated = [replace(step, gate="smoke") for step in ladder("m01")]
    moved = only(AudienceMoved, between(flag("100%", gated), flag(OFF, gated)))
    assert (moved.move, moved.gate, moved.skipped) == (Move.RETREAT, None, 0)


def test_leaving_off_has_no_gate():
    assert only(AudienceMoved, between(flag(OFF), flag("pilot", ladder("m01")))[:1]).gate is None


def test_a_phase_that_the_same_change_removes_is_skipped_all_the_same():
    cut = [phase("pilot", "m01"), phase("100%", percent=100)]
    found = between(flag("pilot", ladder("m01")), flag("100%", cut))
    (moved,) = of_kind(AudienceMoved, found)
    assert moved.skipped == 2
    assert [t.part for t in of_kind(PolicyTouched, found)] == [PolicyPart.LADDER]


def test_a_percentage_raised_in_place_is_an_advance_and_no_other_change_of_the_ladder():
    part = [phase("part", percent=10), phase("all", percent=100)]
    more = [phase("part", percent=20), phase("all", percent=100)]
    moved = only(AudienceMoved, between(flag("part", part), flag("part", more)))
    assert (moved.move, moved.skipped) == (Move.ADVANCE, 0)


def test_raised_in_place_beyond_the_next_phase_skips_it():
    part = [phase("part", percent=10), phase("half", percent=50), phase("all", percent=100)]
    more = [phase("part", percent=60), phase("half", percent=70), phase("all", percent=100)]
    (moved,) = of_kind(AudienceMoved, between(flag("part", part), flag("part", more)))
    assert moved.skipped == 1


def test_changing_the_phase_that_one_moves_into_touches_the_ladder():
    wider = [phase("pilot", "m01"), phase("10%", percent=11), *ladder()[2:]]
    found = between(flag("pilot", ladder("m01")), flag("10%", wider))
    assert {type(change) for change in found} == {AudienceMoved, PolicyTouched}


def test_a_ladder_rebuilt_without_moving_anybody_is_policy():
    one = [phase("a", "m01"), phase("b", "m02", "m03")]
    other = [phase("a", "m01", "m02"), phase("b", "m03")]
    assert only(PolicyTouched, between(flag("b", one), flag("b", other))).part is PolicyPart.LADDER


def test_a_gate_and_a_soak_of_a_phase_are_policy():
    eased = [replace(ladder("m01", soak=2)[0], soak=ladder()[0].soak), *ladder(soak=2)[1:]]
    touched = only(PolicyTouched, between(flag(OFF, ladder("m01", soak=2)), flag(OFF, eased)))
    assert touched == PolicyTouched("seq", PolicyPart.SOAK, "pilot", (Difference("", "2d", "0s"),))


def test_a_new_flag_at_off_is_added_with_its_rollout_and_touches_no_policy():
    assert between(None, flag(OFF)) == (FlagAdded("seq"), RolloutAdded("seq", OFF))


def test_a_new_flag_at_its_pilot_is_a_first_advance():
    added, rollout, moved = between(None, flag("pilot", ladder("m01")))
    assert (added, rollout) == (FlagAdded("seq"), RolloutAdded("seq", "pilot"))
    assert (moved.move, moved.is_first, moved.from_phase) == (Move.ADVANCE, True, OFF)


def test_a_flag_whose_file_is_gone_moves_nobody():
    assert between(flag("50%"), None) == (
        FlagRemoved("seq", "50%"),
        RolloutRemoved("seq", "50%"),
    )


def test_a_rollout_whose_file_is_gone_retreats():
    removed, moved = between(flag("50%"), flag(None))
    assert removed == RolloutRemoved("seq", "50%")
    assert moved.move is Move.RETREAT
    assert moved.movement.vanished


def test_another_key_in_the_same_column_is_a_renamed_flag():
    found = between(flag(OFF), flag(OFF, key="ses"))
    assert only(FlagRenamed, found) == FlagRenamed("ses", "seq", was_live=False)
    found = between(flag("10%"), flag("10%", key="ses"))
    assert of_kind(FlagRenamed, found) == [FlagRenamed("ses", "seq", was_live=True)]


def test_another_key_with_the_same_variable_is_a_renamed_flag():
    home = DeployEnvHome("SEQ", "1", "0", ("production",))
    one = flag(None, column=None, deploy_env=home)
    found = between(one, flag(None, key="ses", column=None, deploy_env=home))
    assert only(FlagRenamed, found).before == "seq"


def test_another_key_and_another_home_is_another_flag():
    found = between(flag(None), flag(None, key="ses", column="enableSes"))
    assert {type(change) for change in found} == {FlagAdded, FlagRemoved}


def test_an_override_says_what_happens_to_its_merchant():
    on, off = override("m01", value=True), override("m01", value=False)
    cases = [
        (flag(OFF), flag(OFF, overrides=[on]), Effect.TURNS_ON),
        (flag(OFF, overrides=[on]), flag(OFF), Effect.TURNS_OFF),
        (flag("100%"), flag("100%", overrides=[off]), Effect.TURNS_OFF),
        (flag("100%", overrides=[off]), flag("100%"), Effect.TURNS_ON),
        (flag("100%"), flag("100%", overrides=[on]), Effect.NONE),
        (flag(OFF), flag(OFF, overrides=[off]), Effect.NONE),
        (flag("100%", overrides=[on]), flag(OFF), Effect.TURNS_OFF),
        (flag(OFF, overrides=[on]), flag("100%"), Effect.NONE),
    ]
    for before, after, effect in cases:
        (found,) = of_kind(OverrideChanged, between(before, after))
        assert found.effect is effect, (before, after)


def test_an_override_that_has_expired_turns_nobody_on():
    past = override("m01", value=True, expires=NOW.date().replace(day=1))
    assert only(OverrideChanged, between(flag(OFF), flag(OFF, overrides=[past]))).effect is (
        Effect.NONE
    )


def test_a_lower_percentage_that_lets_in_the_ineligible_is_an_advance():
    found = between(flag("50%", exclude=["m01"]), flag("10%"))
    assert [type(change) for change in found] == [AudienceMoved, EligibilityChanged]
    assert advances(found[0])


def test_stricter_eligibility_is_neither_advance_nor_policy():
    changed = only(EligibilityChanged, between(flag("50%"), flag("50%", exclude=["m01"])))
    assert (changed.is_live, changed.loosened) == (True, False)


def test_another_salt_is_told_and_whether_it_reshuffles():
    assert only(BucketingChanged, between(flag("50%"), flag("50%", salt="s"))).is_live
    assert not only(BucketingChanged, between(flag("100%"), flag("100%", salt="s"))).is_live


def test_description_and_homes_are_told_apart():
    one, other = flag(OFF), flag(OFF, column="enableOther")
    assert only(HomeChanged, between(one, other)).differences == (
        Difference("merchant_config.column", "enableSeq", "enableOther"),
    )
    renamed = replace(one, flag=replace(one.flag, description="Another."))
    assert only(DetailsChanged, between(one, renamed)).differences == (
        Difference("description", "A flag.", "Another."),
    )


def test_an_environment_added_is_policy_and_everything_in_it_is_new():
    found = changes(None, desired(flag("pilot", ladder("m01"))), NOW)
    assert [type(c) for c in found] == [PolicyTouched, FlagAdded, RolloutAdded, AudienceMoved]
    assert found[0].part is PolicyPart.ENVIRONMENT


def test_an_environment_removed_is_policy_and_nothing_else():
    assert only(PolicyTouched, changes(desired(flag("50%")), None, NOW)).part is (
        PolicyPart.ENVIRONMENT
    )


def test_the_limits_of_an_environment_are_policy_of_every_flag():
    touched = only(
        PolicyTouched,
        changes(desired(env=environment(max_percent=50)), desired(env=environment()), NOW),
    )
    assert (touched.flag, touched.part) == (None, PolicyPart.LIMITS)


# --- properties -----------------------------------------------------------------------------------


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
    assert sorted(map(sort_key, map(mirrored, there))) == sorted(map(sort_key, back))
    for change, other in zip(_facts(map(mirrored, there)), _facts(back), strict=True):
        assert change == other


@given(pairs())
def test_nobody_gains_it_without_an_advance_an_override_or_other_buckets(pair):
    before, after = pair
    found = between(before, after)
    widens = any(advances(c) or (isinstance(c, BucketingChanged) and c.is_live) for c in found)
    turned_on = {
        c.merchant for c in found if isinstance(c, OverrideChanged) and c.effect is Effect.TURNS_ON
    }
    if widens:
        return
    for id_ in POOL:
        for age in ages:
            somebody = merchant(id_, age)
            had, has = (
                one.flag.globally_on or decide(one, somebody, NOW, halted=False).value
                for one in pair
            )
            is_overridden = any(isinstance(c, OverrideChanged) and c.merchant == id_ for c in found)
            assert had or not has or id_ in turned_on or is_overridden, (id_, found)


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


def mirrored(change: Change) -> Change:  # noqa: PLR0911 -- one line a kind
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
        case HomeChanged() | DetailsChanged() | PolicyTouched():
            return replace(
                change,
                differences=tuple(
                    replace(d, before=d.after, after=d.before) for d in change.differences
                ),
            )
        case FlagRenamed():
            return replace(change, flag=change.before, before=change.flag)


def _facts(found: Iterable[Change]) -> list[object]:
    """What must mirror; whether an audience moved at all, and between which phases."""
    return [
        (c.from_phase, c.to_phase)
        if isinstance(c, AudienceMoved)
        else replace(c, loosened=False)
        if isinstance(c, EligibilityChanged)
        else c
        for c in sorted(found, key=sort_key)
    ]


@given(pairs())
def test_a_retreat_taken_back_is_an_advance(pair):
    there, back = between(*pair), between(pair[1], pair[0])
    if any(map(retreats, there)):
        assert any(map(advances, back))


def test_the_desired_of_another_environment_is_not_needed():
    empty: Desired = desired()
    assert changes(empty, empty, NOW) == ()
