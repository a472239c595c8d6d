"""One condition a flag, the most urgent first, each with what a person needs to act on it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings

from controller.domain.deploy import (
    Deployment,
    DeployState,
    Readability,
    Variable,
)
from controller.domain.environment import Freeze
from controller.domain.flag import DeployEnvHome
from controller.domain.planning import columns_of, make_plan
from controller.domain.standing import Condition, overview
from tests.domain.company import Company
from tests.domain.strategies import (
    DAY,
    LONG_AGO,
    NOW,
    desired,
    environment,
    flag,
    ladder,
    ledger,
    world,
    worlds,
)

HOME = DeployEnvHome("SEQ", "1", "0", ("production",))
PILOT = flag("pilot", ladder("m01"))
RIGHT = {"m01": True, "m02": False}


def look(seen, values=RIGHT):
    company = Company.of(values, column="enableSeq")
    return overview(make_plan(seen, company.batches(columns_of(seen.desired, seen.ledger))), seen)


def standing(seen, values=RIGHT):
    (found,) = look(seen, values).standings
    return found


def deployed(value="0", readability=Readability.READABLE, written=NOW - 2 * DAY):
    stored = Variable("id", "SEQ", frozenset({"production"}), value, readability, None, written)
    return DeployState("vercel", (stored,), True, Deployment("d1", NOW - DAY))


WITH_HOME = flag("pilot", ladder("m01"), deploy_env=HOME)


@pytest.mark.parametrize(
    ("seen", "values", "condition"),
    [
        (world(desired(PILOT), ledger(PILOT)), RIGHT, Condition.IN_SYNC),
        (world(desired(PILOT)), {"m01": None}, Condition.PENDING),
        (world(desired(PILOT), ledger(PILOT)), {"m01": False}, Condition.DRIFT),
        (world(desired(PILOT), ledger(PILOT, halts=["seq"])), {"m01": False}, Condition.HALTED),
        (world(desired(flag("50%")), ledger(flag("off"))), {"m01": False}, Condition.WITHHELD),
        (
            world(desired(WITH_HOME), ledger(WITH_HOME), deploy=deployed()),
            RIGHT,
            Condition.IN_SYNC,
        ),
        (
            world(
                desired(WITH_HOME),
                ledger(WITH_HOME),
                deploy=deployed(None, Readability.UNREADABLE),
            ),
            RIGHT,
            Condition.UNREADABLE,
        ),
        (
            world(desired(WITH_HOME), ledger(WITH_HOME), deploy=deployed(written=NOW)),
            RIGHT,
            Condition.PENDING_REDEPLOY,
        ),
        (
            world(
                desired(WITH_HOME),
                ledger(WITH_HOME),
                deploy=deployed("1", written=LONG_AGO - DAY),
            ),
            RIGHT,
            Condition.PENDING,
        ),
    ],
)
def test_the_condition(seen, values, condition):
    assert standing(seen, values).condition is condition


def test_a_halt_is_more_urgent_than_drift_which_is_more_urgent_than_soaking():
    flags = [flag("pilot", ladder("m01", soak=2), key=key, column=key) for key in ("a", "b", "c")]
    seen = world(desired(*flags), ledger(*flags, halts=["c"], since=NOW - DAY))
    company = Company.of({})
    company.created_at["m01"] = LONG_AGO
    company.values = {"a": {"m01": True}, "b": {"m01": False}, "c": {"m01": False}}
    plan = make_plan(seen, company.batches(columns_of(seen.desired, seen.ledger)))
    found = overview(plan, seen).standings
    assert [(s.flag, s.condition) for s in found] == [
        ("c", Condition.HALTED),
        ("b", Condition.DRIFT),
        ("a", Condition.SOAKING),
    ]


def test_soaking_says_how_long_and_what_comes_next():
    soaking = flag("pilot", ladder("m01", soak=2))
    found = standing(world(desired(soaking), ledger(soaking, since=NOW - DAY)))
    assert found.condition is Condition.SOAKING
    assert found.soaked_at == NOW + DAY
    assert found.soak_left(NOW) == DAY
    assert found.soak_left(NOW + 3 * DAY) == timedelta()
    assert found.next.name == "10%"


def test_the_last_phase_has_nothing_to_wait_for():
    top = flag("100%", ladder("m01", soak=2))
    found = standing(world(desired(top), ledger(top, since=NOW)), {"m01": True, "m02": True})
    assert (found.condition, found.next, found.soaked_at) == (Condition.IN_SYNC, None, None)


def test_a_released_flag_is_pending_until_it_is_recorded():
    assert standing(world(desired(), ledger(PILOT))).condition is Condition.WITHHELD
    assert standing(world(desired(), ledger(flag("off"))), {"m01": False}).condition is (
        Condition.PENDING
    )


def test_freezes_in_force_are_shown_and_others_are_not():
    now, later = (Freeze(NOW + d * DAY, NOW + (d + 2) * DAY, "why") for d in (-1, 1))
    seen = world(desired(PILOT, env=environment(freezes=[now, later])), ledger(PILOT))
    assert look(seen).freezes == (now,)


@given(worlds())
@settings(deadline=None)
def test_in_sync_means_that_a_reconcile_has_nothing_to_do_for_the_flag(drawn):
    seen, company = drawn
    plan = make_plan(seen, company.batches(columns_of(seen.desired, seen.ledger)))
    for found in overview(plan, seen).standings:
        quiet = found.condition in {Condition.SOAKING, Condition.IN_SYNC}
        busy = found.plan.changed or found.flag in plan.definitions_changed
        refused = any(refusal.flag == found.flag for refusal in plan.standing)
        assert not (quiet and (busy or refused))
        assert (found.condition is Condition.HALTED) is (found.flag in seen.ledger.halts)
