"""What counts as policy, and what is told as a movement instead."""

from dataclasses import replace

from controller.domain.change import (
    AudienceMoved,
    FlagAdded,
    PolicyPart,
    PolicyTouched,
    RolloutAdded,
    Touch,
)
from controller.domain.changes import changes
from controller.domain.difference import Difference
from controller.domain.environment import Guardrail
from controller.domain.rollout import OFF
from tests.domain.changing import between, only
from tests.domain.strategies import NOW, allowance, desired, environment, flag, ladder, phase


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


def test_an_environment_added_is_policy_and_everything_in_it_is_new():
    found = changes(None, desired(flag("pilot", ladder("m01"))), NOW)
    assert [type(c) for c in found] == [PolicyTouched, FlagAdded, RolloutAdded, AudienceMoved]
    assert found[0].part is PolicyPart.ENVIRONMENT


def test_an_environment_removed_is_policy_and_nothing_else():
    assert only(PolicyTouched, changes(desired(flag("50%")), None, NOW)).part is (
        PolicyPart.ENVIRONMENT
    )


def test_an_environment_says_whether_it_came_or_went():
    (came, *_), (went,) = (
        changes(None, desired(flag(OFF)), NOW),
        changes(desired(flag(OFF)), None, NOW),
    )
    assert isinstance(came, PolicyTouched)
    assert isinstance(went, PolicyTouched)
    assert (came.touch, went.touch) == (Touch.ADDED, Touch.REMOVED)


def test_an_allowance_is_the_policy_of_its_flag():
    allowed = environment(allow=[allowance(Guardrail.SKIPS_PHASE, "seq", NOW.date())])
    (touched,) = changes(desired(env=environment()), desired(env=allowed), NOW)
    assert isinstance(touched, PolicyTouched)
    assert (touched.flag, touched.part, touched.name, touched.touch) == (
        "seq",
        PolicyPart.ALLOWANCE,
        "skips_phase",
        Touch.ADDED,
    )


def test_the_limits_of_an_environment_are_policy_of_every_flag():
    touched = only(
        PolicyTouched,
        changes(desired(env=environment(max_percent=50)), desired(env=environment()), NOW),
    )
    assert (touched.flag, touched.part) == (None, PolicyPart.LIMITS)
