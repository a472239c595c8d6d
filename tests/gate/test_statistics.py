"""The exact evidence, against scipy, against fractions, against itself and by simulation."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from controller.gate.statistics import (
    fixed_sample_lower_limit,
    log_cdf,
    log_evidence_above,
    log_evidence_below,
    log_pmf,
    log_sf,
    log_threshold,
    lower_limit,
    median_lower_rank,
    upper_limit,
)

ALPHA = 0.05
NEEDED = log_threshold(ALPHA)
SCIPY_IS_EXACT_DOWN_TO = -600.0  # its tails lose their digits from about -645 on

rates = st.floats(0.001, 0.999)
tallies = st.integers(0, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
small_tallies = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
hundredths = st.integers(1, 99).map(lambda p: Fraction(p, 100))


def exact_pmf(good: int, runs: int, rate: Fraction) -> Fraction:
    return math.comb(runs, good) * rate**good * (1 - rate) ** (runs - good)


def exact_cdf(good: int, runs: int, rate: Fraction) -> Fraction:
    return sum((exact_pmf(k, runs, rate) for k in range(good + 1)), Fraction(0))


def exact_above(good: int, runs: int, rate: Fraction) -> Fraction:
    """The definition in rational numbers: no rounding anywhere."""
    explained = (runs + 1) * (1 - rate) * exact_pmf(good, runs, rate)
    return exact_cdf(good, runs + 1, rate) / explained


def log(value: Fraction) -> float:
    return math.log(value.numerator) - math.log(value.denominator)


# --- tails --------------------------------------------------------------------------------------


@given(tallies, rates)
def test_tails_agree_with_scipy(tally, rate):
    good, runs = tally
    pairs = (
        (log_pmf(good, runs, rate), stats.binom.logpmf(good, runs, rate)),
        (log_cdf(good, runs, rate), stats.binom.logcdf(good, runs, rate)),
        (log_sf(good, runs, rate), stats.binom.logsf(good, runs, rate)),
    )
    for ours, scipys in pairs:
        if scipys > SCIPY_IS_EXACT_DOWN_TO:
            assert ours == pytest.approx(scipys, rel=1e-9, abs=1e-12)
        else:
            assert ours < SCIPY_IS_EXACT_DOWN_TO + 1e-6


@pytest.mark.parametrize(
    ("good", "runs", "rate"),
    [
        (24, 631, Fraction(703125, 1_000_000)),
        (0, 2_000, Fraction(99, 100)),
        (100, 3_000, Fraction(95, 100)),
        (10, 1_500, Fraction(9, 10)),
    ],
)
def test_tails_that_doubles_cannot_hold_are_exact(good, runs, rate):
    expected = log(exact_cdf(good, runs, rate))
    assert expected < -640
    assert log_cdf(good, runs, float(rate)) == pytest.approx(expected, rel=1e-12)
    assert log_sf(runs - good - 1, runs, 1 - float(rate)) == pytest.approx(expected, rel=1e-10)


def test_what_is_impossible_is_minus_infinity_and_not_a_tiny_number():
    assert log_cdf(-1, 10, 0.5) == -math.inf
    assert log_sf(10, 10, 0.5) == -math.inf
    assert log_pmf(3, 10, 1.0) == -math.inf
    assert log_pmf(3, 10, 0.0) == -math.inf
    assert log_pmf(11, 10, 0.5) == -math.inf
    assert log_pmf(-1, 10, 0.5) == -math.inf
    assert log_cdf(9, 10, 1.0) == -math.inf
    assert log_sf(0, 10, 0.0) == -math.inf


def test_what_is_certain_is_zero():
    assert log_cdf(10, 10, 0.5) == 0.0
    assert log_cdf(12, 10, 0.5) == 0.0
    assert log_sf(-1, 10, 0.5) == 0.0
    assert log_pmf(10, 10, 1.0) == 0.0
    assert log_pmf(0, 10, 0.0) == 0.0
    assert log_pmf(0, 0, 0.5) == 0.0
    assert log_cdf(0, 0, 0.5) == 0.0


@given(tallies, rates)
def test_no_probability_is_above_one(tally, rate):
    good, runs = tally
    assert log_pmf(good, runs, rate) <= 1e-9
    assert log_cdf(good, runs, rate) <= 0.0
    assert log_sf(good, runs, rate) <= 0.0


# --- evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("floor", "runs"), [(0.80, 20), (0.85, 28), (0.90, 43), (0.95, 88), (0.98, 224), (0.99, 449)]
)
def test_good_runs_needed_without_a_failure(floor, runs):
    assert log_evidence_above(runs, runs, floor) >= NEEDED
    assert log_evidence_above(runs - 1, runs - 1, floor) < NEEDED


@given(small_tallies, hundredths)
def test_evidence_is_the_definition(tally, rate):
    good, runs = tally
    above = log(exact_above(good, runs, rate))
    below = log(exact_above(runs - good, runs, 1 - rate))
    assert log_evidence_above(good, runs, float(rate)) == pytest.approx(above, rel=1e-9, abs=1e-9)
    assert log_evidence_below(good, runs, float(rate)) == pytest.approx(below, rel=1e-9, abs=1e-9)


@given(small_tallies, hundredths, hundredths)
def test_evidence_is_a_supermartingale_under_what_it_speaks_against(tally, floor, truth):
    """Exactly, in rational numbers: the next value is expected to be at most the present one."""
    (good, runs), truth = tally, min(floor, truth)
    expected = truth * exact_above(good + 1, runs + 1, floor)
    expected += (1 - truth) * exact_above(good, runs + 1, floor)
    now = exact_above(good, runs, floor)
    assert expected <= now
    if truth == floor:
        assert expected == now


@given(tallies, rates)
def test_the_computed_evidence_is_a_martingale_at_the_boundary(tally, rate):
    good, runs = tally
    steps = (
        (log_evidence_above, math.log(rate), math.log1p(-rate)),
        (log_evidence_below, math.log(rate), math.log1p(-rate)),
    )
    for evidence, log_good, log_bad in steps:
        after_good = log_good + evidence(good + 1, runs + 1, rate)
        after_bad = log_bad + evidence(good, runs + 1, rate)
        larger, smaller = max(after_good, after_bad), min(after_good, after_bad)
        expected = larger + math.log1p(math.exp(smaller - larger))
        assert expected == pytest.approx(evidence(good, runs, rate), rel=1e-8, abs=1e-8)


@given(tallies, rates)
def test_a_good_run_never_weakens_evidence_above_and_a_bad_one_never_strengthens_it(tally, rate):
    good, runs = tally
    now = log_evidence_above(good, runs, rate)
    assert log_evidence_above(good + 1, runs + 1, rate) >= now - 1e-9
    assert log_evidence_above(good, runs + 1, rate) <= now + 1e-9


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.95])
def test_before_the_first_run_there_is_no_evidence(rate):
    assert log_evidence_above(0, 0, rate) == pytest.approx(0.0)
    assert log_evidence_below(0, 0, 1.0 - rate) == pytest.approx(0.0)


def test_nothing_is_above_one_and_one_failure_disproves_perfection():
    assert log_evidence_above(1_000, 1_000, 1.0) == -math.inf
    assert log_evidence_below(0, 1_000, 0.0) == -math.inf
    assert log_evidence_below(999, 1_000, 1.0) == math.inf
    assert log_evidence_above(1, 1_000, 0.0) == math.inf
    assert log_evidence_below(1_000, 1_000, 1.0) == pytest.approx(-math.log(1_001))


@pytest.mark.parametrize(("good", "runs"), [(0, 400), (100, 2_000), (1_000, 100_000)])
def test_hopeless_data_is_no_evidence_although_both_its_probabilities_underflow(good, runs):
    assert log_cdf(good, runs + 1, 0.95) < math.log(5e-324)
    assert log_pmf(good, runs, 0.95) < math.log(5e-324)
    # The tail is its largest term over 1 - odds, so E is close to 1 / (runs - good / 0.95).
    assert log_evidence_above(good, runs, 0.95) == pytest.approx(-math.log(runs), rel=0.02)


def test_underflow_never_becomes_a_pass():
    good, runs, floor = 96, 400, 0.95
    tail, mass = stats.binom.cdf(good, runs + 1, floor), stats.binom.pmf(good, runs, floor)
    clipped = max(tail, 1e-300) / ((runs + 1) * (1 - floor) * mass)
    assert clipped == pytest.approx(89, abs=1)  # what the usual precaution would make of it
    assert math.exp(log_evidence_above(good, runs, floor)) == pytest.approx(0.003, abs=0.001)


@pytest.mark.parametrize("evidence", [log_evidence_above, log_evidence_below])
@pytest.mark.parametrize(
    ("good", "runs", "rate"),
    [(-1, 5, 0.5), (6, 5, 0.5), (0, -1, 0.5), (1, 5, -0.1), (1, 5, 1.1), (1, 5, math.nan)],
)
def test_impossible_arguments_are_refused(evidence, good, runs, rate):
    with pytest.raises(ValueError, match=r"runs|rate"):
        evidence(good, runs, rate)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 1.5, math.nan])
def test_an_error_rate_is_between_zero_and_one(alpha):
    with pytest.raises(ValueError, match="error rate"):
        log_threshold(alpha)


@pytest.mark.parametrize("floor", [0.80, 0.90, 0.95])
def test_peeking_after_every_run_at_the_floor_passes_at_most_five_percent(floor):
    chance = random.Random(20261120)
    fewest = [next((s for s in range(n + 1) if log_evidence_above(s, n, floor) >= NEEDED), n + 1)
              for n in range(301)]  # fmt: skip
    passed = 0
    for _ in range(2_000):
        good = 0
        for n in range(1, 301):
            good += chance.random() < floor
            if good >= fewest[n]:
                passed += 1
                break
    assert 0 < passed <= 100


# --- limits -------------------------------------------------------------------------------------


@given(tallies, rates)
def test_a_floor_is_passed_exactly_when_the_lower_limit_reaches_it(tally, floor):
    good, runs = tally
    limit = lower_limit(good, runs, ALPHA)
    if abs(limit - floor) > 1e-9:
        assert (log_evidence_above(good, runs, floor) >= NEEDED) == (limit >= floor)


@given(tallies, rates)
def test_a_target_is_missed_exactly_when_the_upper_limit_stays_below_it(tally, target):
    good, runs = tally
    limit = upper_limit(good, runs, ALPHA)
    if abs(limit - target) > 1e-9:
        assert (log_evidence_below(good, runs, target) >= NEEDED) == (limit <= target)


@given(tallies)
def test_limits_enclose_what_was_seen(tally):
    good, runs = tally
    low, high = lower_limit(good, runs, ALPHA), upper_limit(good, runs, ALPHA)
    assert 0.0 <= low < high <= 1.0
    if runs:
        assert low <= good / runs <= high


def test_limits_without_evidence_are_the_whole_range():
    assert lower_limit(0, 0, ALPHA) == 0.0
    assert upper_limit(0, 0, ALPHA) == 1.0
    assert lower_limit(0, 50, ALPHA) == 0.0
    assert upper_limit(50, 50, ALPHA) == 1.0


@pytest.mark.parametrize("alpha", [0.0, 0.4, 1.0, math.nan])
def test_limits_need_an_error_rate_for_which_they_are_unique(alpha):
    with pytest.raises(ValueError, match="error rate"):
        lower_limit(5, 5, alpha)


def test_limits_exist_up_to_one_over_e():
    assert 0.0 < lower_limit(5, 5, 1 / math.e) < 1.0


@given(small_tallies.filter(lambda tally: tally[1] > 0))
def test_the_fixed_sample_limit_is_clopper_pearsons(tally):
    good, runs = tally
    expected = stats.beta.ppf(ALPHA, good, runs - good + 1) if good else 0.0
    assert fixed_sample_lower_limit(good, runs, ALPHA) == pytest.approx(expected, abs=1e-9)


def test_five_of_five_are_compatible_with_a_rate_of_55_percent():
    assert fixed_sample_lower_limit(5, 5, ALPHA) == pytest.approx(0.05 ** (1 / 5))
    assert fixed_sample_lower_limit(0, 0, ALPHA) == 0.0


@pytest.mark.parametrize(("good", "runs"), [(-1, 5), (6, 5), (0, -1)])
def test_the_fixed_sample_limit_refuses_impossible_counts(good, runs):
    with pytest.raises(ValueError, match="runs"):
        fixed_sample_lower_limit(good, runs, ALPHA)


@pytest.mark.parametrize("size", [*range(60), 200, 1_001])
def test_the_rank_below_the_median_is_the_largest_that_keeps_the_confidence(size):
    allowed = [r for r in range(1, size + 1) if stats.binom.cdf(r - 1, size, 0.5) <= 0.1 + 1e-12]
    assert median_lower_rank(size) == (max(allowed) if allowed else None)


def test_the_rank_needs_four_values():
    assert median_lower_rank(3) is None
    assert median_lower_rank(4) == 1
    assert median_lower_rank(1, confidence=0.5) == 1
    with pytest.raises(ValueError, match="runs"):
        median_lower_rank(-1)
