"""Gates that make no sense, each with what is wrong with it."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from controller.domain.gate_policy import Criterion, CriterionMode
from controller.gate.policy_check import problems
from tests.gate.builders import PILOT, RAMP, percent

INFORMING = tuple(replace(c, mode=CriterionMode.INFORM) for c in RAMP.criteria)


def test_sound_gates_have_no_problems():
    assert problems(RAMP) == ()
    assert problems(PILOT) == ()


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        (replace(PILOT, min_runs=0), "`min_runs` must be at least 1"),
        (replace(PILOT, failed_rollback=0), "`rollback` of at least 1"),
        (replace(PILOT, stuck_rollback=0), "`rollback` of at least 1"),
        (replace(PILOT, duration_proceed=timedelta(hours=1)), "must not be longer"),
        (replace(PILOT, require=("a", "b", "a")), "`a` is named 2 times"),
        (replace(PILOT, never=("duration",)), "`duration` is named 2 times"),
        (replace(RAMP, criteria=()), "no criterion decides"),
        (replace(RAMP, criteria=INFORMING), "no criterion decides"),
        (replace(RAMP, alpha_pass=0.0), "`alpha_pass` must be above 0"),
        (replace(RAMP, alpha_pass=1.0), "`alpha_pass` must be above 0 and at most 0.25, not 1.0"),
        (replace(RAMP, alpha_fail=0.26), "`alpha_fail` must be"),
        (replace(RAMP, alpha_fail=math.nan), "`alpha_fail` must be"),
        (replace(RAMP, min_runs=0), "`min_runs` must be at least 1"),
        (replace(RAMP, min_merchants=0), "`min_merchants` must be at least 1"),
        (replace(RAMP, runs_per_merchant=0), "`runs_per_merchant` must be at least 1"),
        (
            replace(RAMP, criteria=(Criterion("completed", percent(85), percent(95)),)),
            "the floor of `completed` is above its target",
        ),
        (
            replace(RAMP, criteria=(Criterion("stuck", percent(95), percent(85)),)),
            "a rate cannot be called `stuck`",
        ),
        (replace(RAMP, never=("completed",)), "`completed` is named 2 times"),
    ],
)
def test_what_is_wrong_is_said(policy, problem):
    (found,) = problems(policy)
    assert problem in found


def test_the_largest_error_rate_and_equal_limits_are_allowed():
    assert problems(replace(RAMP, alpha_pass=1e-6, alpha_fail=1e-6)) == ()
    assert problems(replace(RAMP, alpha_pass=0.25, alpha_fail=0.25)) == ()
    assert problems(replace(PILOT, duration_proceed=PILOT.duration_fix_minor)) == ()
    assert problems(replace(RAMP, criteria=(Criterion("a", percent(90), percent(90)),))) == ()


def test_all_problems_are_reported_at_once():
    found = problems(replace(RAMP, min_runs=0, min_merchants=0, alpha_pass=2.0))
    assert len(found) == 3
