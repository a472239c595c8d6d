"""What a gate would do, exactly; and gates that are of no use."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.domain.gate_policy import CriterionMode
from controller.gate.characteristics import (
    QUALITIES,
    FlawKind,
    Traffic,
    characteristics,
    summary,
)
from controller.gate.stopping import outcomes, sequential_boundaries, together
from tests.gate.builders import PILOT, RAMP, percent, ramp_of

DAY = timedelta(days=1)
BUSY = Traffic(merchants=40, runs_per_day=50)


def flaws(policy, traffic=None):
    return [flaw.kind for flaw in characteristics(policy, traffic).flaws]


def test_the_points_are_the_exact_chances():
    result = characteristics(RAMP, BUSY)
    rule = sequential_boundaries(
        percent(85), percent(95), alpha_pass=0.05, alpha_fail=0.025, horizon=400
    )
    expected = outcomes(together([rule, rule], min_runs=20), QUALITIES)
    assert result.horizon == 400
    assert [p.quality for p in result.points] == list(QUALITIES)
    assert [p.passes for p in result.points] == [o.passes for o in expected]
    assert [p.fails for p in result.points] == [o.fails for o in expected]
    assert result.fewest_runs == 28
    assert result.flaws == ()


def test_a_good_release_passes_and_a_bad_one_does_not():
    by_quality = {point.quality: point for point in characteristics(RAMP, BUSY).points}
    assert by_quality[0.80].passes < 0.01
    assert by_quality[0.80].fails > 0.95
    assert by_quality[0.85].passes <= 0.05
    assert by_quality[0.95].fails <= 0.05
    assert by_quality[0.99].passes > 0.99


def test_the_usual_wait_is_runs_over_traffic_but_at_least_the_soak():
    point = characteristics(RAMP, BUSY).points[-1]
    assert point.usual_runs == (28, 43)
    assert point.usual_wait == (DAY, DAY)
    slow = characteristics(RAMP, Traffic(40, 14)).points[-1]
    assert slow.usual_wait == (2 * DAY, 43 / 14 * DAY)
    soaked = characteristics(RAMP, BUSY, phase_soak=3 * DAY).points[-1]
    assert soaked.usual_wait == (3 * DAY, 3 * DAY)
    assert characteristics(RAMP).points[-1].usual_wait is None
    assert characteristics(RAMP, Traffic(40, 0)).points[-1].usual_wait is None


def test_each_deciding_criterion_has_its_own_points():
    policy = ramp_of(strict=(99, 95), lax=(90, 80))
    result = characteristics(policy, BUSY)
    (strict_name, strict), (lax_name, lax) = result.by_criterion
    assert (strict_name, lax_name) == ("strict", "lax")
    for whole, one, other in zip(result.points, strict, lax, strict=True):
        assert whole.passes <= min(one.passes, other.passes) + 1e-12
    informing = replace(policy.criteria[0], mode=CriterionMode.INFORM)
    only = characteristics(replace(policy, criteria=(informing, policy.criteria[1])), BUSY)
    assert [name for name, _ in only.by_criterion] == ["lax"]


def test_a_phase_too_small_can_never_pass():
    result = characteristics(RAMP, Traffic(merchants=4, runs_per_day=50))
    assert result.flaws == ()
    small = characteristics(replace(RAMP, min_merchants=2), Traffic(2, 50))
    (flaw,) = small.flaws
    assert flaw.kind is FlawKind.NEVER_PASSES
    assert flaw.message == (
        "it can never pass: it needs 28 good runs, and at most 20 runs count (10 of each of 2 "
        "merchants); widen the phase, raise `runs_per_merchant` or lower the floors"
    )
    assert small.fewest_runs is None
    assert flaws(RAMP, Traffic(2, 50)) == [FlawKind.NEVER_PASSES, FlawKind.NEVER_PASSES]
    assert flaws(RAMP, Traffic(3, 50)) == [FlawKind.NEVER_PASSES]
    assert flaws(RAMP, Traffic(0, 50)) == [FlawKind.NEVER_PASSES, FlawKind.NEVER_PASSES]


def test_a_floor_too_high_can_never_pass():
    (flaw,) = characteristics(ramp_of(completed=(100, 99.9))).flaws
    assert flaw.kind is FlawKind.NEVER_PASSES
    assert flaw.message == (
        "it cannot pass within 2,000 runs, all of them good, because it needs 4,512: lower the "
        "highest floor"
    )
    small = replace(ramp_of(completed=(100, 99.9)), runs_per_merchant=10)
    (flaw,) = characteristics(small, Traffic(5, 50)).flaws
    assert "it needs 4,512 good runs, and at most 50 runs count" in flaw.message
    hopeless = replace(ramp_of(completed=(100, 99.99)), runs_per_merchant=10)
    (flaw,) = characteristics(hopeless, Traffic(5, 50)).flaws
    assert "it needs more than 10,000 good runs, and at most 50 runs count" in flaw.message


def test_too_little_traffic_is_too_slow():
    (flaw,) = characteristics(RAMP, Traffic(40, 1.5)).flaws
    assert flaw.kind is FlawKind.TOO_SLOW
    assert flaw.message == (
        "it cannot pass in time: 28 runs are needed, `max_wait` is 14 d, and there are 1.5 runs a "
        "day"
    )
    assert flaws(RAMP, Traffic(40, 2)) == []
    assert flaws(RAMP, Traffic(40, 0)) == [FlawKind.TOO_SLOW]
    assert flaws(PILOT, Traffic(1, 1 / 15)) == [FlawKind.TOO_SLOW]


def test_a_gate_that_passes_everything_is_none():
    (flaw,) = characteristics(ramp_of(completed=(40, 30))).flaws
    assert flaw.kind is FlawKind.ALWAYS_PASSES
    assert "half of all runs are bad passes with probability" in flaw.message
    assert flaws(ramp_of(completed=(0, 0))) == [FlawKind.ALWAYS_PASSES]
    assert flaws(ramp_of(completed=(40, 30), on_time=(95, 85))) == []
    assert flaws(ramp_of(faster=(50, 50))) == []


def test_a_senseless_policy_is_a_flaw_and_not_a_crash():
    result = characteristics(replace(RAMP, alpha_pass=7.0, min_runs=0))
    assert [flaw.kind for flaw in result.flaws] == [FlawKind.SENSELESS, FlawKind.SENSELESS]
    assert result.points == ()
    assert "`alpha_pass`" in summary(result)


def test_the_pilot_is_a_coin_with_the_quality_of_the_release():
    result = characteristics(replace(PILOT, min_runs=5), Traffic(1, 2.5))
    point = result.points[0]
    assert point.passes == pytest.approx(0.8**5)
    assert point.fails == pytest.approx(1 - 0.8**5)
    assert point.usual_runs == (5, 5)
    assert point.usual_wait == (2 * DAY, 2 * DAY)
    assert result.fewest_runs == 5
    patient = characteristics(replace(PILOT, min_runs=5, failed_rollback=5))
    assert patient.points[0].fails == pytest.approx(0.2**5)
    assert patient.points[0].usual_wait is None


def test_a_pilot_that_allows_no_time_never_passes():
    assert flaws(replace(PILOT, duration_proceed=timedelta(0))) == [FlawKind.NEVER_PASSES]


def test_the_summary_is_one_sentence():
    assert summary(characteristics(RAMP, Traffic(40, 14))) == (
        "passes a 20 %-broken release with probability 0.00273; passes a 99 % release with over "
        "0.999, usually in 2 d to 3 d 1 h at your traffic; needs at least 28 runs"
    )
    assert summary(characteristics(RAMP, BUSY)).count("usually in 1 d at your traffic") == 1
    assert "usually" not in summary(characteristics(RAMP))
    assert "needs at least" not in summary(characteristics(ramp_of(completed=(100, 99.9))))
