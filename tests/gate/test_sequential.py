"""The ramp's criteria: error rates, words, distances, caps and the worst merchant."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.domain.gate_policy import Criterion, CriterionMode, WorstMerchant
from controller.gate.counts import MerchantTally, Tally, Uncounted, WorstMerchantCount
from controller.gate.report import CriterionKind
from controller.gate.sequential import error_rates, judge_criteria
from controller.gate.verdict import CriterionVerdict
from tests.gate.builders import RAMP, counts_of, percent, ramp_counts, ramp_of, rate

ONE = replace(ramp_of(completed=(95, 85)), runs_per_merchant=1_000)


def judged(count, policy=ONE):
    counts = counts_of({"completed": count}, 100, phase="10%")
    return next(r for r in judge_criteria(policy, counts) if r.name == "completed")


def test_everything_is_judged_in_order():
    assert [r.name for r in judge_criteria(RAMP, ramp_counts())] == [
        "duplicate_orders",
        "corrupted",
        "completed",
        "on_time",
        "faster_than_baseline",
        "worst_merchant",
    ]
    plain = replace(RAMP, worst_merchant=None)
    assert judge_criteria(plain, ramp_counts())[-1].name == "faster_than_baseline"


def test_failing_shares_its_error_rate_among_the_criteria_that_decide():
    rates = error_rates(RAMP)
    assert rates.passing == 0.05
    assert rates.failing == 0.025
    assert error_rates(replace(RAMP, criteria=())).failing == 0.05


def test_more_criteria_make_failing_harder():
    count = rate(80, 100)
    many = ramp_of(completed=(95, 85), **{f"c{i}": (95, 85) for i in range(9)})
    alone = judged(rate(5, 8))
    among = judged(rate(5, 8), replace(many, runs_per_merchant=1_000))
    assert alone.verdict is CriterionVerdict.FAIL
    assert among.verdict is CriterionVerdict.INCONCLUSIVE
    assert judged(count).verdict is CriterionVerdict.FAIL


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        (
            rate(98, 100),
            (
                "98 of 100 runs good (98 %). The true rate is proven above the floor of 85 % (at "
                "least 91.4 %), and the target of 95 % is reached."
            ),
        ),
        (
            rate(105, 106, capped=(40, 40)),
            (
                "105 of 106 runs good (99 %); among the first 1000 of each merchant 40 of 40 runs "
                "good (100 %). The true rate is proven above the floor of 85 % (at least 89.4 %), "
                "and the target of 95 % is reached."
            ),
        ),
        (
            rate(18, 18),
            (
                "18 of 18 runs good (100 %). Not enough to tell: the true rate may be as low as "
                "78.1 % and as high as 100 %, with a floor of 85 % and a target of 95 %."
            ),
        ),
        (
            rate(189, 200),
            (
                "189 of 200 runs good (94.5 %). The true rate is proven above the floor of 85 % "
                "(at least 88.7 %), but the target of 95 % is not reached."
            ),
        ),
        (
            rate(430, 500),
            (
                "430 of 500 runs good (86 %). The true rate is proven below the target of 95 % "
                "(at most 90.9 %), though what was seen is not below the floor."
            ),
        ),
        (
            rate(70, 100),
            (
                "70 of 100 runs good (70 %). The true rate is proven below the target of 95 % (at "
                "most 82.9 %), and what was seen is below the floor of 85 %."
            ),
        ),
        (rate(0, 0), "No run that it could be judged by has matured yet."),
    ],
)
def test_reasons_are_sentences_with_figures(count, reason):
    assert judged(count).reason == reason


def test_what_could_not_be_counted_keeps_its_limits_for_the_reader():
    result = judged(Uncounted("timed out"))
    assert str(result.verdict) == "error"
    assert result.reason == "Could not be counted: timed out."
    assert (result.floor, result.target) == (percent(85), percent(95))
    assert result.kind is CriterionKind.RATE
    missing = judge_criteria(ONE, counts_of({}, 100, phase="10%"))[-1]
    assert missing.reason == "Could not be counted: there is no measure called `completed`."


def test_more_runs_than_the_cap_allows_are_an_error():
    policy = replace(ONE, runs_per_merchant=10)
    assert judged(rate(100, 100, merchants=10), policy).verdict is CriterionVerdict.PASS
    result = judged(rate(100, 100, merchants=9), policy)
    assert result.reason == (
        "Could not be counted: 100 runs of 9 merchants were counted with at most 10 each."
    )


def test_a_measure_over_some_runs_may_have_none_among_the_capped():
    assert judged(rate(3, 3, capped=(0, 0))).verdict is CriterionVerdict.INSUFFICIENT_DATA
    assert judged(rate(0, 3, capped=(0, 0))).verdict is CriterionVerdict.FAIL


def test_the_target_must_be_reached_by_all_runs_and_by_the_first_of_each_merchant():
    assert judged(rate(960, 1000, capped=(95, 100))).verdict is CriterionVerdict.PASS
    assert judged(rate(960, 1000, capped=(94, 100))).verdict is CriterionVerdict.WARN
    assert judged(rate(949, 1000, capped=(95, 100))).verdict is CriterionVerdict.WARN


def test_a_floor_of_nothing_and_a_target_of_everything():
    lax = replace(ramp_of(completed=(0, 0)), runs_per_merchant=1_000)
    assert judged(rate(0, 50), lax).verdict is CriterionVerdict.INCONCLUSIVE
    assert judged(rate(1, 50), lax).verdict is CriterionVerdict.PASS
    strict = replace(ramp_of(completed=(100, 100)), runs_per_merchant=100_000)
    assert judged(rate(50_000, 50_000), strict).verdict is CriterionVerdict.INCONCLUSIVE
    assert judged(rate(49_999, 50_000), strict).verdict is CriterionVerdict.FAIL
    assert judged(rate(50_000, 50_000), strict).good_runs_needed is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 120), st.integers(0, 25))
def test_the_distances_are_exact(good, bad):
    count = rate(good, good + bad)
    result = judged(count)
    if result.good_runs_needed is not None:
        enough, short = result.good_runs_needed, result.good_runs_needed - 1
        assert judged(rate(good + enough, good + bad + enough)).verdict is CriterionVerdict.PASS
        assert judged(rate(good + short, good + bad + short)).verdict is not CriterionVerdict.PASS
    else:
        assert result.verdict in {CriterionVerdict.PASS, CriterionVerdict.FAIL}
    if result.verdict in {CriterionVerdict.PASS, CriterionVerdict.FAIL}:
        assert result.good_runs_needed is None
    if result.failures_to_rollback is not None:
        enough, short = result.failures_to_rollback, result.failures_to_rollback - 1
        assert judged(rate(good, good + bad + enough)).verdict is CriterionVerdict.FAIL
        assert judged(rate(good, good + bad + short)).verdict is not CriterionVerdict.FAIL
    else:
        assert result.verdict is CriterionVerdict.FAIL


def test_the_reference_distance():
    assert judged(rate(11, 11)).good_runs_needed == 17
    assert judged(rate(0, 0)).good_runs_needed == 28


def test_the_shown_interval_is_the_decision():
    result = judged(rate(500, 520, capped=(96, 100)))
    assert result.capped.lower >= 0.85
    assert result.all_runs.upper > 0.95
    assert result.capped.tally == Tally(96, 100)
    assert result.merchants == 10
    assert result.query == "select 1"


def test_an_informing_criterion_is_marked():
    policy = replace(ONE, criteria=(Criterion("completed", percent(95), percent(85)),))
    assert judged(rate(100, 100), policy).decides
    informing = replace(policy.criteria[0], mode=CriterionMode.INFORM)
    policy = replace(policy, criteria=(informing,))
    assert not judged(rate(100, 100), policy).decides
    assert not judged(Uncounted("timed out"), policy).decides


RULE = WorstMerchant("completed", min_runs=3, fix_minor_below=percent(70))


@pytest.mark.parametrize(
    ("worst", "verdict", "reason"),
    [
        (
            WorstMerchantCount(4, MerchantTally("m-7", Tally(7, 10))),
            "pass",
            "m-7 has the lowest `completed`: 7 of 10 runs good (70 %), at least 70 %.",
        ),
        (
            WorstMerchantCount(4, MerchantTally("m-7", Tally(2, 3))),
            "warn",
            "m-7 has the lowest `completed`: 2 of 3 runs good (66.6 %), below 70 %.",
        ),
        (
            WorstMerchantCount(0, None),
            "pass",
            "No merchant has 3 matured runs yet, so none can be singled out.",
        ),
        (
            WorstMerchantCount(1, MerchantTally("m-7", Tally(2, 2))),
            "error",
            "Could not be counted: m-7 has fewer than 3 matured runs.",
        ),
    ],
)
def test_the_worst_merchant(worst, verdict, reason):
    count = replace(rate(97, 100), worst=worst)
    result = judged_worst({"completed": count})
    assert (str(result.verdict), result.reason) == (verdict, reason)
    assert result.kind is CriterionKind.WORST_MERCHANT  # of another kind it could not be waived


def judged_worst(rates):
    policy = replace(ONE, worst_merchant=RULE)
    return judge_criteria(policy, counts_of(rates, 100, phase="10%"))[-1]


def test_the_worst_merchant_of_what_was_not_counted():
    assert str(judged_worst({"completed": Uncounted("timed out")}).verdict) == "error"
    missing = judged_worst({})
    assert missing.reason == "Could not be counted: `completed` is not measured."
    assert missing.name == "worst_merchant"
