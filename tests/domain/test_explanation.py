"""An explanation never disagrees with the next plan, and says why in the plan's own words."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from controller.domain.authorship import Authorship
from controller.domain.deploy import DeployState, Variable
from controller.domain.deploy_planning import deploy_changes
from controller.domain.explanation import Agreement, Explanation, Found, explain
from controller.domain.flag import DeployEnvHome
from controller.domain.global_value import global_values
from controller.domain.plan import Cause
from controller.domain.planning import columns_of, make_plan
from controller.domain.targeting import Ineligible, Rule
from tests.domain.strategies import (
    DAY,
    LONG_AGO,
    NOW,
    desired,
    flag,
    ladder,
    ledger,
    merchant,
    override,
    with_bucket,
    worlds,
)

NOBODY = Authorship(None, None, None)
HOME = DeployEnvHome("SEQ", "1", "0", ("production",))


def explained(wanted, remembered=None, *, value=None, globals_=(), created=LONG_AGO) -> Explanation:
    who = merchant("m01", created)
    return explain(wanted, remembered or ledger(), who, NOW, Found(value, NOBODY, globals_))


@given(worlds())
@settings(deadline=None)
def test_it_agrees_with_the_next_plan_for_every_merchant(drawn):
    world, company = drawn
    plan = make_plan(world, company.batches(columns_of(world.desired, world.ledger)))
    planned = {
        (group.flag, id_): (group.value, group.cause)
        for group in plan.groups()
        for id_ in group.merchants
    }
    for wanted in world.desired.flags:
        column = wanted.flag.merchant_config.column
        for id_ in company.created_at:
            found = Found(company.values.get(column, {}).get(id_), NOBODY)
            why = explain(wanted, world.ledger, company.merchant(id_), world.now, found)
            expected = planned.get((wanted.key, id_))
            assert why.cause is (expected[1] if expected else None)
            assert expected is None or why.decision.value is expected[0]
            assert (why.agreement is Agreement.IN_SYNC) is (expected is None)


@given(worlds())
@settings(deadline=None)
def test_later_phases_are_what_a_promotion_would_do(drawn):
    world, company = drawn
    for wanted in world.desired.flags:
        for id_ in company.created_at:
            who = company.merchant(id_)
            why = explain(wanted, world.ledger, who, world.now, Found(None, NOBODY))
            for later in why.later:
                moved = replace(wanted, rollout=replace(wanted.rollout, phase=later.phase))
                no_halts = replace(world.ledger, halts={})
                then = explain(moved, no_halts, who, world.now, Found(None, NOBODY))
                assert then.decision == later.decision


def test_a_value_that_was_never_right_is_drift():
    wanted = flag("pilot", ladder("m02"))
    why = explained(wanted, ledger(wanted), value=True)
    assert (why.agreement, why.cause) == (Agreement.DRIFT, Cause.DRIFT)


def test_whoever_is_on_during_a_halt_was_turned_on_by_hand():
    wanted = flag("pilot", ladder("m01"))
    why = explained(wanted, ledger(wanted, halts=["seq"]), value=True)
    assert why.agreement is Agreement.DRIFT
    assert why.halt.reason == "orders are lost"


def test_a_change_of_the_files_is_pending():
    applied, wanted = flag("off", ladder("m01")), flag("pilot", ladder("m01"))
    why = explained(wanted, ledger(applied))
    assert (why.agreement, why.cause, why.named_in) == (Agreement.PENDING, Cause.PHASE, "pilot")


def test_an_expired_override_is_shown_although_it_does_not_count():
    old = override("m01", value=True, expires=date(2026, 1, 1))
    why = explained(flag("pilot", ladder("m02"), overrides=[old]))
    assert why.expired == old
    assert why.decision.rule is Rule.OFF


def test_a_young_merchant_is_told_when_it_is_old_enough():
    why = explained(flag("50%", min_age=30 * DAY), created=NOW - 10 * DAY)
    assert why.decision.ineligible is Ineligible.TOO_YOUNG
    assert why.old_enough_at == NOW + 20 * DAY


def test_the_app_computes_the_variable_or_the_column():
    wanted = flag("off", deploy_env=HOME, globally_on=True)
    variable = Variable("1", "SEQ", frozenset({"production"}), "1", updated_at=NOW - DAY)
    state = DeployState("vercel", (variable,), needs_redeploy=False, deployment=None)
    due = deploy_changes(desired(wanted), ledger(), state)
    on = global_values(wanted, state, due, halted=False)
    assert explained(wanted, value=False, globals_=on).app_has is True
    unknown = global_values(wanted, None, (), halted=False)
    assert explained(wanted, value=False, globals_=unknown).app_has is None
    assert explained(wanted, value=True, globals_=unknown).app_has is True
    assert explained(flag("off"), value=None).app_has is False


def test_should_have_counts_the_global_value_unless_halted():
    wanted = flag("off", deploy_env=HOME, globally_on=True)
    assert explained(wanted).should_have
    assert not explained(wanted, ledger(wanted, halts=["seq"])).should_have


def test_a_flag_without_a_column_has_no_agreement():
    why = explained(flag(None, column=None, deploy_env=HOME))
    assert (why.column, why.agreement, why.decision.bucket) == (None, None, None)


def test_the_bucket_is_the_merchants_own():
    (id_,) = with_bucket(100, 200)
    who = replace(merchant(id_), created_at=NOW - timedelta(days=400))
    why = explain(flag("10%"), ledger(), who, NOW, Found(None, NOBODY))
    assert 100 <= why.decision.bucket < 200
    assert why.decision.rule is Rule.PERCENT
