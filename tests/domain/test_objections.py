"""What may not come together; a retreat is never among it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.change import AudienceMoved
from controller.domain.changes import changes
from controller.domain.desired import DesiredFlag
from controller.domain.environment import Allowance, Environment, Guardrail
from controller.domain.flag import DeployEnvHome
from controller.domain.objections import Objection, Rule, objections
from controller.domain.plan import Move
from controller.domain.rollout import OFF
from tests.domain.strategies import (
    NOW,
    allowance,
    desired,
    edits,
    environment,
    flag,
    flags,
    ladder,
    limits,
    phase,
)


def against(
    before: DesiredFlag | None,
    after: DesiredFlag,
    *allowed: Allowance,
    was: Environment | None = None,
    is_now: Environment | None = None,
) -> tuple[Objection, ...]:
    old = desired(*([before] if before else []), env=was)
    return objections(changes(old, desired(after, env=is_now), NOW), allowed, NOW)


def rules(*arguments, **named) -> list[Rule]:
    return [found.rule for found in against(*arguments, **named)]


def test_one_step_up_has_none():
    assert rules(flag("pilot", ladder("m01")), flag("10%", ladder("m01"))) == []


def test_a_step_with_its_soak_is_to_be_split():
    (found,) = against(flag("pilot", ladder("m01", soak=2)), flag("10%", ladder("m01")))
    assert found.rule is Rule.SPLIT_IN_TWO
    assert "soak pilot" in found.message
    assert found.remedy.startswith("split it in two")


def test_a_step_with_its_environment_is_to_be_split():
    one, other = flag("pilot", ladder("m01")), flag("10%", ladder("m01"))
    assert rules(one, other, was=environment(max_count=5)) == [Rule.SPLIT_IN_TWO]
    assert rules(other, one, was=environment(max_count=5)) == []


def test_long_lists_of_touched_policy_are_cut():
    soaked = [phase(f"p{n}", percent=n, soak=2) for n in range(1, 9)]
    quick = [phase(f"p{n}", percent=n) for n in range(1, 9)]
    (found,) = against(flag("p1", soaked), flag("p2", quick))
    assert found.message.endswith("soak p4 and 4 more")
    (found,) = against(flag("p1", soaked[:4]), flag("p2", quick[:4]))
    assert found.message.endswith("soak p4")


@pytest.mark.parametrize("guardrail", [None, Guardrail.SOAK_NOT_OVER])
def test_a_skipped_phase(guardrail):
    allowed = [allowance(guardrail, "seq")] if guardrail else []
    (found,) = against(flag("pilot"), flag("50%"), *allowed)
    assert (found.rule, found.lifted_by) == (Rule.SKIPS_PHASE, None)
    assert found.message == "seq: from pilot to 50% skips 1 phase of its ladder"


def test_what_lifts_a_guardrail_in_the_base_lifts_the_objection_of_its_name():
    allowed = allowance(Guardrail.SKIPS_PHASE, "seq", expires=NOW.date())
    (found,) = against(flag("pilot"), flag("50%"), allowed)
    assert found.lifted_by == allowed
    over = allowance(Guardrail.SKIPS_PHASE, "seq", expires=NOW.date() - timedelta(days=1))
    other = allowance(Guardrail.SKIPS_PHASE, "another")
    (found,) = against(flag("pilot"), flag("50%"), over, other)
    assert found.lifted_by is None


def test_nothing_lifts_a_split():
    everything = [allowance(guardrail) for guardrail in Guardrail]
    (found,) = against(
        flag("pilot", ladder("m01", soak=2)), flag("10%", ladder("m01")), *everything
    )
    assert found.lifted_by is None


def test_a_new_rollout_may_start_with_named_merchants():
    assert rules(None, flag("pilot", ladder("m01"))) == []
    assert rules(flag(None), flag("pilot", ladder("m01"))) == []
    assert rules(None, flag(OFF)) == []


@pytest.mark.parametrize("before", [None, flag(None)])
def test_a_new_rollout_may_not_start_with_a_percentage(before):
    only = [phase("all", percent=0.01)]
    assert rules(before, flag("all", only)) == [Rule.STARTS_WIDE]
    assert rules(before, flag(OFF, only)) == []


def test_a_new_flag_may_not_start_on_for_everyone():
    home = DeployEnvHome("SEQ", "1", "0", ("production",))
    on = flag(None, deploy_env=home, globally_on=True)
    assert rules(None, on) == [Rule.STARTS_WIDE]
    assert rules(flag(None, deploy_env=home), on) == []


def test_on_for_everyone_from_the_last_phase_only():
    home = DeployEnvHome("SEQ", "1", "0", ("production",))
    on = flag("100%", deploy_env=home, globally_on=True)
    assert rules(flag("100%", deploy_env=home), on) == []
    (found,) = against(flag("50%", deploy_env=home), on)
    assert "to global: true skips 1 phase" in found.message


def test_a_flag_keeps_its_key_while_it_is_live():
    assert Rule.RENAMED_WHILE_LIVE in rules(flag("10%"), flag("10%", key="ses"))
    assert rules(flag(OFF), flag(OFF, key="ses")) == []


def test_buckets_stay_while_a_percentage_is_live():
    assert rules(flag("10%"), flag("10%", salt="other")) == [Rule.BUCKETING_CHANGED]
    assert rules(flag("100%"), flag("100%", salt="other")) == []
    assert rules(flag(OFF), flag(OFF, salt="other")) == []
    lifted = against(
        flag("10%"), flag("10%", salt="other"), allowance(Guardrail.BUCKETING_CHANGED, "seq")
    )
    assert lifted[0].lifted_by is not None


@given(st.data())
def test_nothing_stands_in_the_way_of_a_retreat(data: st.DataObject):
    before = data.draw(flags())
    after = data.draw(edits(before))
    was, is_now = data.draw(limits), data.draw(limits)
    found = changes(desired(before, env=was), desired(after, env=is_now), NOW)
    moves = [c.move for c in found if isinstance(c, AudienceMoved)]
    if moves == [Move.RETREAT]:
        standing = {o.rule for o in objections(found, (), NOW)}
        assert standing <= {Rule.BUCKETING_CHANGED}


@given(st.data())
def test_every_objection_says_what_to_do(data: st.DataObject):
    before = data.draw(flags())
    for found in against(before, data.draw(edits(before)), is_now=data.draw(limits)):
        assert found.flag == "seq"
        assert found.message
        assert found.remedy
