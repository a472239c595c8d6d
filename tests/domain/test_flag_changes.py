"""What changes about one flag: who moves, who is overridden, where it lives."""

from dataclasses import replace

from controller.domain.change import (
    AudienceMoved,
    BucketingChanged,
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
)
from controller.domain.difference import Difference
from controller.domain.flag import DeployEnvHome
from controller.domain.plan import Move
from controller.domain.rollout import OFF
from tests.domain.changing import between, of_kind, only
from tests.domain.strategies import NOW, flag, ladder, override, phase


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


def test_a_phase_that_the_same_change_adds_is_skipped_all_the_same():
    short = [phase("pilot", "m01"), phase("100%", percent=100)]
    (moved,) = of_kind(AudienceMoved, between(flag("pilot", short), flag("100%", ladder("m01"))))
    assert moved.skipped == 2


def test_raised_in_place_beyond_the_next_phase_skips_it():
    part = [phase("part", percent=10), phase("half", percent=50), phase("all", percent=100)]
    more = [phase("part", percent=60), phase("half", percent=70), phase("all", percent=100)]
    (moved,) = of_kind(AudienceMoved, between(flag("part", part), flag("part", more)))
    assert moved.skipped == 1


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
    in_place = [phase("50%", percent=49)]
    found = between(flag("50%", [phase("50%", percent=50)], exclude=["m01"]), flag("50%", in_place))
    assert [type(change) for change in found] == [AudienceMoved, EligibilityChanged]
    assert advances(found[0])


def test_the_way_down_to_the_phase_below_is_a_retreat_whoever_is_eligible():
    moved, changed = between(flag("50%", exclude=["m01"]), flag("10%"))
    assert not advances(moved)
    assert changed.loosened


def test_eligibility_loosened_on_the_way_to_off_lets_nobody_in():
    moved, changed = between(flag("50%", exclude=["m01"]), flag(OFF))
    assert moved.move is Move.RETREAT
    assert (changed.is_live, changed.loosened) == (False, True)


def test_stricter_eligibility_is_neither_advance_nor_policy():
    changed = only(EligibilityChanged, between(flag("50%"), flag("50%", exclude=["m01"])))
    assert (changed.is_live, changed.loosened) == (True, False)


def test_another_salt_is_told_and_whether_it_reshuffles():
    assert only(BucketingChanged, between(flag("50%"), flag("50%", salt="s"))).is_live
    assert not only(BucketingChanged, between(flag("100%"), flag("100%", salt="s"))).is_live


def test_another_salt_on_the_way_to_off_reshuffles_nobody():
    for before, after in ((flag("10%"), flag(OFF, salt="s")), (flag(OFF), flag("10%", salt="s"))):
        (changed,) = of_kind(BucketingChanged, between(before, after))
        assert not changed.is_live


def test_the_smallest_percentage_is_live():
    least = [phase("least", percent=0.01)]
    assert only(
        BucketingChanged, between(flag("least", least), flag("least", least, salt="s"))
    ).is_live


def test_a_renamed_flag_is_live_where_an_override_turns_it_on():
    for value, expires, was_live in (
        (True, None, True),
        (False, None, False),
        (True, NOW.date().replace(day=1), False),
    ):
        held = [override("m01", value=value, expires=expires)]
        (renamed,) = of_kind(
            FlagRenamed, between(flag(OFF, overrides=held), flag(OFF, key="ses", overrides=held))
        )
        assert renamed.was_live is was_live


def test_description_and_homes_are_told_apart():
    one, other = flag(OFF), flag(OFF, column="enableOther")
    assert only(HomeChanged, between(one, other)).differences == (
        Difference("merchant_config.column", "enableSeq", "enableOther"),
    )
    renamed = replace(one, flag=replace(one.flag, description="Another."))
    assert only(DetailsChanged, between(one, renamed)).differences == (
        Difference("description", "A flag.", "Another."),
    )


def test_a_percentage_raised_in_place_is_an_advance_and_no_other_change_of_the_ladder():
    part = [phase("part", percent=10), phase("all", percent=100)]
    more = [phase("part", percent=20), phase("all", percent=100)]
    moved = only(AudienceMoved, between(flag("part", part), flag("part", more)))
    assert (moved.move, moved.skipped) == (Move.ADVANCE, 0)


def test_a_new_flag_at_off_is_added_with_its_rollout_and_touches_no_policy():
    assert between(None, flag(OFF)) == (FlagAdded("seq"), RolloutAdded("seq", OFF))
