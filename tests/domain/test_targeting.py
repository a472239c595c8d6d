from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.rollout import OFF
from controller.domain.targeting import Ineligible, Rule, active_override, decide, rule_at
from tests.domain.strategies import (
    DAY,
    NOW,
    any_id,
    flag,
    flags,
    ladder,
    ladders,
    merchant,
    moments,
    override,
    phase,
    pool_ids,
    rollout,
    with_bucket,
)

(EARLY,) = with_bucket(0, 1_000)  # in from 10 %
(LATE,) = with_bucket(5_000, 10_000)  # in at 100 % only


def decided(desired, who=EARLY, *, halted=False, created_at=NOW - 400 * DAY):
    return decide(desired, merchant(who, created_at), NOW, halted=halted)


def test_a_halt_beats_everything():
    on = flag("100%", overrides=[override(EARLY, value=True)])
    assert decided(on).value
    halted = decided(on, halted=True)
    assert (halted.value, halted.rule) == (False, Rule.HALTED)


@pytest.mark.parametrize("value", [True, False])
def test_an_override_beats_the_rollout(value):
    desired = flag("pilot", ladder(EARLY), overrides=[override(EARLY, value=value)])
    found = decided(desired)
    assert (found.value, found.rule) == (value, Rule.OVERRIDE)
    assert found.override is not None
    assert found.override.reason == "a reason"


def test_an_expired_override_is_as_good_as_none():
    yesterday = override(EARLY, value=False, expires=(NOW - DAY).date())
    assert decided(flag("10%", overrides=[yesterday])).rule is Rule.PERCENT
    today = override(EARLY, value=False, expires=NOW.date())
    assert decided(flag("10%", overrides=[today])).rule is Rule.OVERRIDE


def test_who_is_named_is_on_in_this_phase_and_in_every_later_one_eligible_or_not():
    desired = rollout("pilot", ladder(LATE), exclude=[LATE], min_age=500 * DAY)
    for at in ("pilot", "10%", "50%", "100%"):
        assert decided(flag(at, ladder(LATE), exclude=[LATE]), LATE).rule is Rule.NAMED
    assert decided(flag(OFF, ladder(LATE)), LATE).rule is Rule.OFF
    assert rule_at(desired, 1, merchant(LATE), NOW) is Rule.NAMED


def test_a_percentage_reaches_the_buckets_below_it():
    assert decided(flag("10%"), EARLY).rule is Rule.PERCENT
    assert decided(flag("10%"), LATE).rule is Rule.OFF
    assert decided(flag("50%"), LATE).rule is Rule.OFF
    assert decided(flag("100%"), LATE).rule is Rule.PERCENT


@pytest.mark.parametrize("share", [0.01, 12.34, 99.99])
def test_the_boundary_bucket_is_out(share):
    edge = round(share * 100)
    inside, outside = with_bucket(edge - 1, edge)[0], with_bucket(edge, edge + 1)[0]
    desired = flag("part", [phase("part", percent=share)])
    assert decided(desired, inside).value
    assert not decided(desired, outside).value


def test_a_percentage_below_100_leaves_the_ineligible_out_and_100_does_not():
    for fields, why in (
        ({"exclude": [EARLY]}, Ineligible.EXCLUDED),
        ({"min_age": 500 * DAY}, Ineligible.TOO_YOUNG),
    ):
        below = decided(flag("50%", **fields))
        assert (below.value, below.ineligible) == (False, why)
        whole = decided(flag("100%", **fields))
        assert (whole.value, whole.ineligible) == (True, why)


def test_a_merchant_is_old_enough_from_the_second_on_in_which_it_reaches_the_age():
    desired = flag("50%", min_age=30 * DAY)
    edge = NOW - 30 * DAY
    assert decided(desired, created_at=edge).value
    assert decided(desired, created_at=edge + timedelta(milliseconds=500)).value
    assert not decided(desired, created_at=edge + timedelta(seconds=1)).value


def test_a_flag_without_a_rollout_has_only_overrides():
    assert decided(flag(None)).rule is Rule.OFF
    assert decided(flag(None)).bucket is None
    assert decided(flag(None, overrides=[override(EARLY, value=True)])).value


def test_the_bucket_and_the_ineligibility_are_told_whatever_decides():
    desired = flag("pilot", exclude=[EARLY], overrides=[override(EARLY, value=True)])
    for halted in (True, False):
        found = decided(desired, halted=halted)
        assert found.bucket is not None
        assert found.bucket < 1_000
        assert found.ineligible is Ineligible.EXCLUDED


def test_only_an_override_in_force_is_active():
    gone = override("a", value=True, expires=date(2026, 1, 1))
    kept = override("b", value=False)
    desired = flag(overrides=[gone, kept])
    assert active_override(desired, "a", NOW) is None
    assert active_override(desired, "b", NOW) == kept
    assert active_override(desired, "c", NOW) is None


@given(ladders(), st.one_of(pool_ids, any_id), moments, st.data())
def test_who_is_in_a_phase_is_in_every_later_one(phases, who, created_at, data):
    exclude = data.draw(st.frozensets(pool_ids, max_size=3))
    age = timedelta(days=data.draw(st.integers(0, 90)))
    steps = rollout(OFF, phases, exclude=exclude, min_age=age)
    reached = [
        rule_at(steps, position, merchant(who, created_at), NOW) is not Rule.OFF
        for position in range(len(phases) + 1)
    ]
    assert reached == sorted(reached)
    assert not reached[0]


@given(flags(), pool_ids, moments)
def test_time_alone_turns_nobody_off_but_by_an_override_that_expires(desired, who, created_at):
    now = decide(desired, merchant(who, created_at), NOW, halted=False)
    later = decide(desired, merchant(who, created_at), NOW + 3 * DAY, halted=False)
    assert later.value or not now.value or now.rule is Rule.OVERRIDE
