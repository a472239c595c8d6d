from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.bucketing import bucket
from controller.domain.movement import movement
from controller.domain.plan import Move
from controller.domain.rollout import OFF, Bucketing
from controller.domain.targeting import decide
from tests.domain.strategies import (
    DAY,
    NOW,
    POOL,
    edits,
    flag,
    flags,
    ladder,
    merchant,
    override,
    phase,
    rollout,
)


@pytest.mark.parametrize(
    ("before", "after", "move", "steps"),
    [
        (None, OFF, Move.SAME, 0),
        (None, "pilot", Move.ADVANCE, 1),
        (None, "50%", Move.ADVANCE, 3),
        (OFF, OFF, Move.SAME, 0),
        (OFF, "pilot", Move.ADVANCE, 1),
        ("pilot", "10%", Move.ADVANCE, 1),
        ("pilot", "100%", Move.ADVANCE, 3),
        ("50%", "10%", Move.RETREAT, -1),
        ("100%", OFF, Move.RETREAT, -4),
    ],
)
def test_moving_along_the_ladder(before, after, move, steps):
    was = flag(before, ladder("a")) if before else None
    found = movement(was, flag(after, ladder("a")))
    assert (found.move, found.steps) == (move, steps)
    assert not found.reshuffled


def test_raising_a_percentage_in_place_is_an_advance_without_a_step():
    found = movement(
        flag("part", [phase("part", percent=10)]), flag("part", [phase("part", percent=50)])
    )
    assert (found.move, found.steps) == (Move.ADVANCE, 0)
    assert found.turns_on("anybody")
    assert not found.turns_off("anybody")


def test_a_name_that_means_more_than_before_skips_what_lies_between():
    """The name of the phase stays; whom it reaches does not."""
    wide = [phase("pilot", percent=100)]
    assert movement(flag("pilot", ladder("a")), flag("pilot", wide)).skipped == 2
    swapped = [phase("pilot", "a"), phase("50%", percent=10), phase("10%", percent=100)]
    assert movement(flag("10%", ladder("a")), flag("10%", swapped)).skipped == 1
    assert movement(flag("10%", ladder("a")), flag("50%", ladder("a"))).skipped == 0


def test_lowering_a_percentage_in_place_is_a_retreat():
    found = movement(
        flag("part", [phase("part", percent=50)]), flag("part", [phase("part", percent=10)])
    )
    assert (found.move, found.steps) == (Move.RETREAT, 0)
    assert found.turns_off("anybody")
    assert found.goes_down


def test_a_hundredth_of_a_percent_is_enough():
    small, less = (
        flag("part", [phase("part", percent=0.02)]),
        flag("part", [phase("part", percent=0.01)]),
    )
    assert movement(less, small).move is Move.ADVANCE
    assert movement(less, small).turns_on("anybody")
    assert movement(small, less).move is Move.RETREAT
    assert movement(small, less).turns_off("anybody")
    assert movement(small, less).goes_down


def test_what_widens_as_well_does_not_go_down():
    named = [phase("pilot", "a"), *ladder()[1:]]
    found = movement(flag("50%"), flag("10%", named))
    assert found.narrowed
    assert not found.goes_down


def test_naming_another_merchant_turns_on_that_merchant_only():
    found = movement(flag("pilot", ladder("a")), flag("pilot", ladder("a", "b")))
    assert (found.move, found.steps) == (Move.ADVANCE, 0)
    assert found.turns_on("b")
    assert not found.turns_on("c")


def test_naming_a_merchant_less_turns_off_that_merchant_only():
    found = movement(flag("pilot", ladder("a", "b")), flag("pilot", ladder("a")))
    assert found.move is Move.RETREAT
    assert found.turns_off("b")
    assert not found.turns_off("c")
    assert not found.goes_down


def test_one_that_widens_and_narrows_needs_what_an_advance_needs():
    found = movement(flag("pilot", ladder("a")), flag("pilot", ladder("b")))
    assert found.widened
    assert found.narrowed
    assert found.move is Move.ADVANCE


def test_texts_owners_and_overrides_do_not_move_an_audience():
    before = flag("10%")
    described = replace(before, flag=replace(before.flag, description="other words"))
    overridden = flag("10%", overrides=[override("a", value=True), override("b", value=False)])
    for after in (described, overridden):
        assert movement(before, after).move is Move.SAME


class TestTheGlobalValue:
    def test_is_one_more_step_above_the_ladder(self):
        on = flag("100%", globally_on=True)
        assert movement(flag("100%"), on).steps == 1
        assert movement(flag("50%"), on).steps == 2
        assert movement(flag("pilot"), flag("pilot", globally_on=True)).steps == 4
        assert movement(on, flag("100%")).steps == -1

    def test_widens_and_narrows_but_turns_no_merchant(self):
        up = movement(flag("100%"), flag("100%", globally_on=True))
        down = movement(flag("100%", globally_on=True), flag("100%"))
        assert (up.move, down.move) == (Move.ADVANCE, Move.RETREAT)
        assert not up.turns_on("a")
        assert not down.turns_off("a")

    def test_needs_no_ladder(self):
        found = movement(flag(None), flag(None, globally_on=True))
        assert (found.move, found.steps) == (Move.ADVANCE, 0)
        assert movement(None, flag(None, globally_on=True)).widened


class TestEligibility:
    def test_loosened_under_a_live_percentage_is_an_advance(self):
        strict = flag("50%", min_age=30 * DAY, exclude=["a", "b"])
        for after in (
            flag("50%", min_age=1 * DAY, exclude=["a", "b"]),
            flag("50%", min_age=30 * DAY, exclude=["a"]),
        ):
            assert movement(strict, after).move is Move.ADVANCE
            assert not movement(strict, after).turns_on("a")  # its cause is the eligibility

    def test_tightened_moves_nothing_because_that_is_no_way_to_retreat(self):
        after = flag("50%", min_age=60 * DAY, exclude=["a"])
        assert movement(flag("50%"), after).move is Move.SAME

    @pytest.mark.parametrize("at", [OFF, "pilot", "100%"])
    def test_does_not_matter_where_no_percentage_is_partial(self, at):
        assert movement(flag(at, exclude=["a"]), flag(at)).move is Move.SAME

    def test_a_percentage_that_is_lowered_a_little_does_not_hide_it(self):
        """In place, or by a phase that the same change puts in between."""
        was = flag("50%", exclude=["a"])
        rungs = ladder("a")
        in_place = [*rungs[:2], phase("50%", percent=49), rungs[3]]
        assert movement(was, flag("50%", in_place)).move is Move.ADVANCE
        between = [rungs[0], phase("10%", percent=49), *rungs[2:]]
        assert movement(was, flag("10%", between)).move is Move.ADVANCE

    def test_never_makes_a_retreat_an_advance(self):
        """A revert of a commit that advanced and excluded somebody is a rollback."""
        assert movement(flag("50%", exclude=["a"]), flag("10%")).move is Move.RETREAT


class TestBucketing:
    def test_another_salt_under_a_live_percentage_reshuffles(self):
        found = movement(flag("10%", salt="a"), flag("50%", salt="b"))
        assert found.reshuffled
        assert found.turns_on("x")
        assert not found.turns_off("x")

    def test_another_version_reshuffles_too(self):
        before = flag("10%")
        assert before.rollout is not None
        newer = replace(before.rollout, bucketing=Bucketing("seq", 2))
        assert movement(before, replace(before, rollout=newer)).reshuffled

    def test_under_a_lowered_percentage_who_loses_it_does_not_lose_it_by_the_retreat(self):
        found = movement(flag("50%", salt="a"), flag("10%", salt="b"))
        assert found.reshuffled
        assert not found.turns_off("x")
        assert not found.goes_down

    @pytest.mark.parametrize(
        ("before", "after"),
        [(OFF, "10%"), ("pilot", "10%"), ("100%", "50%"), ("50%", "100%"), ("50%", OFF)],
    )
    def test_may_change_at_off_by_name_and_at_100(self, before, after):
        assert not movement(flag(before, salt="a"), flag(after, salt="b")).reshuffled


class TestARebuiltLadder:
    def test_a_renamed_phase_stays_where_it_stood(self):
        renamed = [phase("canary", "a"), *ladder()[1:]]
        assert movement(flag("pilot", ladder("a")), flag("canary", renamed)).move is Move.SAME
        assert movement(flag("pilot", ladder("a")), flag("canary", renamed)).steps == 0
        assert movement(flag("pilot", ladder("a")), flag("50%", renamed)).steps == 2

    def test_a_phase_put_in_between_is_a_step(self):
        finer = [phase("pilot"), phase("5%", percent=5), phase("10%", percent=10)]
        assert movement(flag("pilot"), flag("10%", finer)).steps == 2

    def test_a_rollout_whose_file_is_gone_narrows_but_nobody_asked_to_turn_off(self):
        found = movement(flag("50%", ladder("a")), flag(None))
        assert found.vanished
        assert found.move is Move.RETREAT
        assert not found.turns_off("a")
        assert not found.goes_down

    def test_a_rollout_by_name_is_missed_as_well(self):
        assert movement(flag("pilot", ladder("a")), flag(None)).vanished

    def test_a_rollout_that_reached_nobody_may_go(self):
        assert not movement(flag(OFF), flag(None)).vanished
        assert movement(flag(OFF), flag(None)).move is Move.SAME

    def test_a_rollout_that_comes_later_starts_from_off(self):
        assert movement(flag(None), flag("pilot", ladder("a"))).steps == 1
        assert movement(flag(None), flag("10%")).steps == 2


@given(flags().flatmap(lambda before: st.tuples(st.just(before), edits(before))))
def test_who_may_gain_is_why_it_widens(pair):
    """Nobody gains anything by the rollout in a change that does not widen."""
    before, after = pair
    found = movement(before, after)
    if found.widened or found.reshuffled:
        return
    bare_before, bare_after = _without_overrides(before), _without_overrides(after)
    assert before.rollout is None or before.rollout.position >= 0
    for id_ in POOL:
        had = decide(bare_before, merchant(id_), NOW, halted=False).value
        has = decide(bare_after, merchant(id_), NOW, halted=False).value
        other_salt = (
            before.rollout
            and after.rollout
            and (before.rollout.bucketing != after.rollout.bucketing)
        )
        assert had or not has or other_salt, (id_, bucket("seq", id_))


@given(flags().flatmap(lambda before: st.tuples(st.just(before), edits(before))))
def test_a_move_and_its_revert_are_opposite(pair):
    before, after = pair
    there, back = movement(before, after), movement(after, before)
    if there.move is Move.ADVANCE and not there.narrowed and not there.loosened:
        assert back.move is Move.RETREAT
    if there.move is Move.RETREAT:
        assert back.move is Move.ADVANCE


def _without_overrides(desired):
    return replace(desired, flag=replace(desired.flag, overrides=()))


def test_a_flag_that_was_never_applied_was_off():
    assert movement(None, flag(None)).move is Move.SAME
    assert movement(None, flag("pilot", ladder("a"))).gained == {"a"}
    assert rollout("pilot", ladder("a")).position == 1
