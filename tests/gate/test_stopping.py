"""The dynamic program, against enumeration, against reference values, by simulation."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.domain.units import Percent
from controller.gate.statistics import log_evidence_above, log_evidence_below, log_threshold
from controller.gate.stopping import (
    Boundaries,
    evidence_boundary,
    fewest_for_share,
    outcomes,
    sequential_boundaries,
    together,
)
from tests.gate.builders import percent

NO_FAIL = 1e-12


def boundaries(floor: float, target: float, horizon: int, *, fail: float = 0.05) -> Boundaries:
    return sequential_boundaries(
        percent(floor), percent(target), alpha_pass=0.05, alpha_fail=fail, horizon=horizon
    )


def walk(rule: Boundaries, runs: tuple[bool, ...]) -> str:
    good = 0
    for n, run in enumerate(runs, start=1):
        good += run
        if good >= rule.pass_at[n]:
            return "pass"
        if good <= rule.fail_at[n]:
            return "fail"
    return "undecided"


@pytest.mark.parametrize(("floor", "expected"), [(90, 0.0184), (95, 0.0110)])
def test_the_chance_of_ever_passing_at_the_floor_is_the_reference(floor, expected):
    rule = boundaries(floor, floor, 100, fail=NO_FAIL)
    (outcome,) = outcomes(rule, [floor / 100])
    assert outcome.passes == pytest.approx(expected, abs=5e-5)
    assert outcome.fails < 1e-9


@pytest.mark.parametrize("floor", [50, 80, 85, 90, 95, 98])
def test_a_release_at_or_below_its_floor_practically_never_passes(floor):
    rule = boundaries(floor, floor, 1_000)
    at, below = outcomes(rule, [floor / 100, floor / 100 - 0.05])
    assert 0 < at.passes <= 0.05
    assert below.passes < at.passes


@pytest.mark.parametrize("target", [80, 90, 95, 99])
def test_a_release_at_its_target_practically_never_fails(target):
    rule = boundaries(target - 10, target, 1_000)
    at, above = outcomes(rule, [target / 100, target / 100 + 0.005])
    assert 0 < at.fails <= 0.05
    assert above.fails < at.fails


@settings(max_examples=25, deadline=None)
@given(
    st.integers(10, 80), st.integers(0, 15), st.floats(0.0, 1.0), st.sampled_from([0.05, 0.2, 0.3])
)
def test_every_sequence_of_ten_runs_is_accounted_for(floor, gap, rate, alpha):
    rule = sequential_boundaries(
        percent(floor), percent(floor + gap), alpha_pass=alpha, alpha_fail=alpha, horizon=10
    )
    chances = {"pass": 0.0, "fail": 0.0, "undecided": 0.0}
    for runs in itertools.product((True, False), repeat=10):
        chances[walk(rule, runs)] += rate ** sum(runs) * (1 - rate) ** (10 - sum(runs))
    (outcome,) = outcomes(rule, [rate])
    assert outcome.passes == pytest.approx(chances["pass"], abs=1e-12)
    assert outcome.fails == pytest.approx(chances["fail"], abs=1e-12)


def test_the_exact_figures_are_those_of_a_simulation():
    rule, rate, times = boundaries(85, 95, 120), 0.92, 2_000
    chance = random.Random(7)
    seen = [walk(rule, tuple(chance.random() < rate for _ in range(120))) for _ in range(times)]
    (outcome,) = outcomes(rule, [rate])
    for verdict, exact in (("pass", outcome.passes), ("fail", outcome.fails)):
        spread = math.sqrt(exact * (1 - exact) / times)
        assert abs(seen.count(verdict) / times - exact) < 4 * spread


@settings(deadline=None)
@given(st.integers(1, 99), st.integers(0, 60))
def test_the_boundary_is_the_smallest_number_that_proves_it(floor, runs):
    rate, needed = floor / 100, log_threshold(0.05)
    proving = [s for s in range(runs + 1) if log_evidence_above(s, runs, rate) >= needed]
    expected = proving[0] if proving else runs + 1
    assert evidence_boundary(rate, 0.05, 60)[runs] == expected
    assert proving == list(range(expected, runs + 1))


def test_both_boundaries_are_the_ones_that_a_judgement_draws():
    rule = boundaries(85, 95, 200, fail=0.0125)
    for n in range(1, 201):
        passing = [
            s
            for s in range(n + 1)
            if log_evidence_above(s, n, 0.85) >= log_threshold(0.05) and s >= 0.95 * n - 1e-9
        ]
        failing = [
            s
            for s in range(n + 1)
            if log_evidence_below(s, n, 0.95) >= log_threshold(0.0125) and s < 0.85 * n - 1e-9
        ]
        assert rule.pass_at[n] == (passing[0] if passing else max(n + 1, rule.pass_at[n]))
        assert rule.fail_at[n] == (failing[-1] if failing else -1)


@pytest.mark.parametrize("floor", [0, 100])
def test_floors_at_the_ends(floor):
    rule = boundaries(floor, 100, 50)
    assert rule.fewest_runs == (1 if floor == 0 else None)
    if floor == 0:
        assert set(rule.fail_at) == {-1}


@given(st.integers(0, 10_000), st.integers(0, 5_000))
def test_shares_are_compared_in_whole_numbers(points, runs):
    fewest = fewest_for_share(Percent(points), runs)
    assert fewest * 10_000 >= points * runs
    assert fewest == 0 or (fewest - 1) * 10_000 < points * runs


def test_together_all_must_pass_and_any_may_fail():
    lax, strict = boundaries(80, 90, 60), boundaries(90, 95, 60)
    both = together([lax, strict], min_runs=50)
    assert both.fewest_runs == 50
    assert both.pass_at[50:] == strict.pass_at[50:]
    assert all(good > n for n, good in enumerate(both.pass_at[:50]))
    assert all(
        bad == max(one, other)
        for bad, one, other in zip(both.fail_at, lax.fail_at, strict.fail_at, strict=True)
    )
    assert both.horizon == 60


def test_together_needs_criteria_of_one_horizon():
    with pytest.raises(ValueError, match="zip"):
        together([boundaries(80, 90, 10), boundaries(80, 90, 11)], min_runs=1)


def test_expected_runs_and_quantiles():
    at_once = Boundaries(pass_at=(1, 1, 0, 0), fail_at=(-1, -1, -1, -1))
    (outcome,) = outcomes(at_once, [0.75])
    assert outcome.passed == (0.0, 0.75, 1.0, 1.0)
    assert outcome.expected_runs == pytest.approx(1.25)
    assert outcome.runs_to_pass(0.5) == 1
    assert outcome.runs_to_pass(0.9) == 2
    never = Boundaries(pass_at=(1, 2), fail_at=(-1, -1))
    (outcome,) = outcomes(never, [1.0])
    assert outcome.runs_to_pass(0.5) is None
    assert outcome.expected_runs == 1.0


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan])
def test_a_rate_is_a_probability(rate):
    with pytest.raises(ValueError, match="rate"):
        outcomes(boundaries(80, 90, 5), [rate])
