"""Drift is what somebody else wrote, and nothing that files, the clock or a halt ask for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from controller.domain.deploy import DeployState, Variable
from controller.domain.drift import MerchantDrift, Origin, VariableOrigin, find_drift
from controller.domain.flag import DeployEnvHome
from controller.domain.plan import Cause
from controller.domain.planning import columns_of, make_plan
from tests.domain.company import Company
from tests.domain.strategies import (
    DAY,
    LONG_AGO,
    NOW,
    desired,
    flag,
    ladder,
    ledger,
    world,
    worlds,
)

HOME = DeployEnvHome("SEQ", "1", "0", ("production",))


def drift_of(seen, values):
    company = Company.of(values, column="enableSeq")
    plan = make_plan(seen, company.batches(columns_of(seen.desired, seen.ledger)))
    return find_drift(plan, seen)


def test_values_changed_by_hand_in_both_directions():
    wanted = flag("pilot", ladder("m01"))
    found = drift_of(world(desired(wanted), ledger(wanted)), {"m01": False, "m02": True})
    assert found.merchants == (
        MerchantDrift("seq", False, Origin.CHANGED, ("m01",)),
        MerchantDrift("seq", True, Origin.CHANGED, ("m02",)),
    )
    assert found.count("seq") == 2


def test_values_from_before_the_flag_was_known_are_unmanaged():
    found = drift_of(world(desired(flag("off"))), {"m01": True})
    assert found.merchants == (MerchantDrift("seq", True, Origin.UNMANAGED, ("m01",)),)


def test_turned_on_during_a_halt():
    wanted = flag("pilot", ladder("m01"))
    found = drift_of(world(desired(wanted), ledger(wanted, halts=["seq"])), {"m01": True})
    assert found.merchants == (MerchantDrift("seq", True, Origin.DURING_HALT, ("m01",)),)


def test_a_promotion_and_a_resume_are_no_drift():
    before, after = flag("off", ladder("m01")), flag("pilot", ladder("m01"))
    assert not drift_of(world(desired(after), ledger(before)), {"m01": False}).is_found
    assert not drift_of(
        world(desired(after), ledger(after, resumed=["seq"])), {"m01": False}
    ).is_found


@given(worlds())
@settings(deadline=None)
def test_it_is_the_plans_drift_and_nothing_else(drawn):
    seen, company = drawn
    plan = make_plan(seen, company.batches(columns_of(seen.desired, seen.ledger)))
    found = find_drift(plan, seen)
    ours = {(d.flag, d.value, m) for d in found.merchants for m in d.merchants}
    planned = {
        (group.flag, not group.value, m)
        for group in plan.groups()
        if group.cause is Cause.DRIFT
        or (group.cause is Cause.HALT and not group.value and group.flag in seen.ledger.halts)
        for m in group.merchants
    }
    assert ours == planned


def variable(value="1", written=NOW - DAY):
    return Variable("id", "SEQ", frozenset({"production"}), value, updated_at=written)


def variables_drift(*stored, applied=None, **fields):
    wanted = flag("off", deploy_env=HOME)
    state = DeployState("vercel", stored, needs_redeploy=False, deployment=None)
    remembered = ledger(applied or wanted, **fields)
    return drift_of(world(desired(wanted), remembered, deploy=state), {}).variables


@pytest.mark.parametrize(
    ("stored", "origin"),
    [
        ((variable(),), VariableOrigin.CHANGED),
        ((variable(written=None),), VariableOrigin.UNKNOWN),
        ((), VariableOrigin.REMOVED),
    ],
)
def test_a_variable_that_differs_although_its_definition_did_not_change(stored, origin):
    (found,) = variables_drift(*stored)
    assert found.origin is origin
    assert found.change.after == "0"


def test_what_a_run_has_not_finished_yet_is_no_drift():
    assert variables_drift(variable(written=LONG_AGO - DAY)) == ()


def test_what_the_files_changed_or_a_halt_has_not_finished_is_no_drift():
    other = flag("off", deploy_env=replace(HOME, disabled="off"))
    assert variables_drift(variable(), applied=other) == ()
    assert variables_drift(variable(written=NOW - 2 * DAY), halts=["seq"]) == ()
    assert variables_drift(variable(), resumed=["seq"]) == ()


def test_a_right_variable_is_no_drift():
    assert variables_drift(variable("0")) == ()
