"""The whole judgement: the decision matrix, the rules of the ramp, precedence, waivers, waiting."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from controller.domain.gate_policy import Criterion, CriterionMode
from controller.gate.counts import (
    Freshness,
    MerchantTally,
    Tally,
    TotalCount,
    Uncounted,
)
from controller.gate.judge import judge
from controller.gate.report import ErrorRates
from controller.gate.verdict import CriterionVerdict, Verdict
from tests.gate.builders import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    counts_of,
    identity,
    percent,
    pilot_counts,
    population,
    ramp_counts,
    ramp_of,
    rate,
    waiver,
)

MINUTE = timedelta(minutes=1)


def verdict_of(policy, counts, waivers=(), now=NOW, **kwargs):
    return judge(policy, counts, waivers, now, **kwargs).verdict


# --- the decision matrix of the pilot -----------------------------------------------------------

MATRIX = {
    # proceed
    "one run in 4 min": (pilot_counts(1), Verdict.PROCEED),
    "five runs in 4 min": (pilot_counts(5), Verdict.PROCEED),
    "slowest run 5 min": (pilot_counts(worst=5 * MINUTE), Verdict.PROCEED),
    "slowest run 10 min": (pilot_counts(worst=10 * MINUTE), Verdict.PROCEED),
    # fix minor issues
    "a second over 10 min": (
        pilot_counts(worst=10 * MINUTE + timedelta(seconds=1)),
        Verdict.FIX_MINOR,
    ),
    "slowest run 12 min": (pilot_counts(worst=12 * MINUTE), Verdict.FIX_MINOR),
    "slowest run 20 min, which the source leaves open": (
        pilot_counts(worst=20 * MINUTE),
        Verdict.FIX_MINOR,
    ),
    "slowest run 30 min": (pilot_counts(worst=30 * MINUTE), Verdict.FIX_MINOR),
    "an order without a number": (
        pilot_counts(incomplete={"data_complete": 1}),
        Verdict.FIX_MINOR,
    ),
    "an order without line items": (
        pilot_counts(incomplete={"line_items_extracted": 1}),
        Verdict.FIX_MINOR,
    ),
    "a run without an order": (
        pilot_counts(incomplete={"purchase_order_created": 1}),
        Verdict.FIX_MINOR,
    ),
    "an order that is not in the shop": (
        pilot_counts(incomplete={"shopify_synced": 1}),
        Verdict.FIX_MINOR,
    ),
    "a run with impossible time stamps": (
        pilot_counts(population=population(5, merchants=1, excluded={"ends before it begins": 1})),
        Verdict.FIX_MINOR,
    ),
    # rollback
    "a second over 30 min": (
        pilot_counts(worst=30 * MINUTE + timedelta(seconds=1)),
        Verdict.ROLLBACK,
    ),
    "a failed run": (pilot_counts(failed=1), Verdict.ROLLBACK),
    "the only run failed": (pilot_counts(1, failed=1), Verdict.ROLLBACK),
    "a stuck run": (pilot_counts(stuck=1), Verdict.ROLLBACK),
    "corrupted data": (
        pilot_counts(totals={**pilot_counts().totals, "corrupted": TotalCount(1)}),
        Verdict.ROLLBACK,
    ),
    "two orders from one run": (
        pilot_counts(totals={**pilot_counts().totals, "duplicate_orders": TotalCount(1)}),
        Verdict.ROLLBACK,
    ),
    "slow, incomplete and failed": (
        pilot_counts(worst=12 * MINUTE, incomplete={"data_complete": 1}, failed=1),
        Verdict.ROLLBACK,
    ),
    # too early
    "no run yet": (pilot_counts(0), Verdict.INSUFFICIENT_DATA),
}


@pytest.mark.parametrize("row", MATRIX)
def test_every_row_of_the_decision_matrix(row):
    counts, expected = MATRIX[row]
    assert verdict_of(PILOT, counts) is expected


def test_the_pilot_says_how_little_it_proves():
    report = judge(PILOT, pilot_counts(5), (), NOW)
    assert report.claim == (
        "5 of 5 within 10 min. This is a smoke test: it is compatible with a true success rate as "
        "low as 55 %."
    )


def test_the_pilot_waits_for_its_minimum():
    policy = replace(PILOT, min_runs=3)
    assert verdict_of(policy, pilot_counts(2)) is Verdict.INSUFFICIENT_DATA
    assert verdict_of(policy, pilot_counts(3)) is Verdict.PROCEED
    assert verdict_of(policy, pilot_counts(2, failed=1)) is Verdict.ROLLBACK


# --- the rules of the ramp ----------------------------------------------------------------------

RATES = {
    "28 of 28": ((28, 28), CriterionVerdict.PASS),
    "27 of 27 prove nothing yet": ((27, 27), CriterionVerdict.INCONCLUSIVE),
    "95 of 100": ((95, 100), CriterionVerdict.PASS),
    "94 of 100, short of the target": ((94, 100), CriterionVerdict.WARN),
    "900 of 1000, above the floor and proven below the target": (
        (900, 1000),
        CriterionVerdict.WARN,
    ),
    "860 of 1000, not above the floor and proven below the target": (
        (860, 1000),
        CriterionVerdict.WARN,
    ),
    "91 of 100 prove nothing": ((91, 100), CriterionVerdict.INCONCLUSIVE),
    "85 of 100 are proven below the target, at the floor": ((85, 100), CriterionVerdict.WARN),
    "84 of 100": ((84, 100), CriterionVerdict.FAIL),
    "none of 3": ((0, 3), CriterionVerdict.FAIL),
    "no run": ((0, 0), CriterionVerdict.INSUFFICIENT_DATA),
}


@pytest.mark.parametrize("row", RATES)
def test_every_rule_of_a_rate(row):
    (good, matured), expected = RATES[row]
    policy = ramp_of(completed=(95, 85))
    rates = {"completed": rate(good, matured, merchants=200)}
    report = judge(policy, counts_of(rates, matured, phase="10%", merchants=200), (), NOW)
    (result,) = [r for r in report.criteria if r.name == "completed"]
    assert result.verdict is expected
    if matured:
        assert report.verdict is expected.for_the_gate


def test_a_report_says_what_was_judged_when_and_how():
    pilot, ramp = judge(PILOT, pilot_counts(), (), NOW), judge(RAMP, ramp_counts(), (), NOW)
    assert (pilot.gate, pilot.method, pilot.phase) == ("pilot", "deterministic", "pilot")
    assert (ramp.gate, ramp.method, ramp.phase) == ("ramp", "sequential", "10%")
    assert (ramp.environment, ramp.flag) == ("production", "sequential_workflow")
    assert (ramp.judged_at, ramp.since) == (NOW, SINCE)
    assert pilot.error_rates is None
    assert ramp.error_rates == ErrorRates(passing=0.05, failing=0.025)


def test_a_healthy_ramp_proceeds():
    report = judge(RAMP, ramp_counts(), (), NOW)
    assert report.verdict is Verdict.PROCEED
    assert {check.verdict for check in report.checks} == {CriterionVerdict.PASS}
    assert not report.ask_a_person


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"now": SINCE + timedelta(hours=23, minutes=59)}, Verdict.INSUFFICIENT_DATA),
        ({"now": SINCE + timedelta(hours=24)}, Verdict.PROCEED),
        (
            {"now": SINCE + timedelta(hours=47), "phase_soak": timedelta(days=2)},
            Verdict.INSUFFICIENT_DATA,
        ),
        ({"now": SINCE + timedelta(hours=48), "phase_soak": timedelta(days=2)}, Verdict.PROCEED),
        (
            {"now": SINCE + timedelta(hours=23), "phase_soak": timedelta(hours=1)},
            Verdict.INSUFFICIENT_DATA,
        ),
    ],
)
def test_the_longer_soak_counts(change, expected):
    counts = ramp_counts(freshness=Freshness(change["now"], None))
    assert verdict_of(RAMP, counts, **change) is expected


def test_without_a_soak_there_is_none_to_wait_for():
    now = SINCE + MINUTE
    assert verdict_of(PILOT, pilot_counts(freshness=Freshness(now, None)), now=now) is (
        Verdict.PROCEED
    )


def test_enough_good_runs_of_too_few_merchants_are_not_enough():
    few = {"population": population(40, merchants=3), "identity": identity("10%", 3)}
    rates = {name: rate(40, 40, merchants=3) for name in ramp_counts().rates}
    policy = replace(RAMP, runs_per_merchant=20)
    assert verdict_of(policy, ramp_counts(rates=rates, **few)) is Verdict.INSUFFICIENT_DATA
    assert verdict_of(replace(policy, min_merchants=3), ramp_counts(rates=rates, **few)) is (
        Verdict.PROCEED
    )


def test_a_busy_merchant_does_not_vouch_for_the_others():
    busy = {name: rate(400, 400, capped=(22, 22), merchants=4) for name in ramp_counts().rates}
    counts = counts_of(
        busy, 400, phase="10%", population=population(400, capped=22, merchants=4, recent=10)
    )
    assert verdict_of(RAMP, counts) is Verdict.INSUFFICIENT_DATA


def test_a_feature_that_went_bad_after_the_first_runs_does_not_pass():
    later = {name: rate(140, 150, capped=(100, 100)) for name in ramp_counts().rates}
    counts = ramp_counts(
        100, 150, rates=later, population=population(150, capped=100, recent=0, merchants=10)
    )
    report = judge(RAMP, counts, (), NOW)
    assert report.verdict is Verdict.FIX_MINOR


def test_harm_to_one_merchant_beyond_the_cap_is_harm():
    harmed = {name: rate(105, 150, capped=(100, 100)) for name in ramp_counts().rates}
    counts = ramp_counts(100, 150, rates=harmed, population=population(150, capped=100, recent=0))
    assert verdict_of(RAMP, counts) is Verdict.ROLLBACK


def test_one_broken_merchant_is_not_hidden_by_the_average():
    broken = rate(97, 100, worst=MerchantTally("m-7", Tally(2, 3)))
    counts = ramp_counts(97, 100, rates={**ramp_counts(97, 100).rates, "completed": broken})
    report = judge(RAMP, counts, (), NOW)
    assert report.verdict is Verdict.FIX_MINOR
    assert report.criteria[-1].worst == MerchantTally("m-7", Tally(2, 3))


def test_an_informing_criterion_never_decides():
    for name, value in (("hopeless", rate(0, 100)), ("unknown", Uncounted("no such table"))):
        policy = replace(
            ramp_of(completed=(95, 85)),
            criteria=(
                Criterion("completed", percent(95), percent(85)),
                Criterion(name, percent(95), percent(85), mode=CriterionMode.INFORM),
            ),
        )
        counts = counts_of({"completed": rate(100, 100), name: value}, 100, phase="10%")
        assert verdict_of(policy, counts) is Verdict.PROCEED


# --- precedence ---------------------------------------------------------------------------------


def test_proven_harm_is_not_hidden_by_a_broken_second_query():
    rates = {**ramp_counts().rates, "completed": rate(50, 100), "on_time": Uncounted("timed out")}
    assert verdict_of(RAMP, ramp_counts(rates=rates)) is Verdict.ROLLBACK


def test_proven_harm_is_not_hidden_by_stale_data_or_a_merchant_too_many():
    stale = ramp_counts(50, 100, freshness=Freshness(NOW - timedelta(days=2), None))
    assert verdict_of(RAMP, stale) is Verdict.ROLLBACK
    other = identity("10%", 10, cohort_found=11, extra=1)
    assert verdict_of(RAMP, ramp_counts(50, 100, identity=other)) is Verdict.ROLLBACK
    assert verdict_of(RAMP, ramp_counts(identity=other)) is Verdict.ERROR


def test_rollback_needs_no_minimum_of_runs_merchants_or_soak():
    totals = {**ramp_counts().totals, "corrupted": TotalCount(1)}
    counts = ramp_counts(1, 1, totals=totals, freshness=Freshness(SINCE, None))
    assert verdict_of(RAMP, counts, now=SINCE + MINUTE) is Verdict.ROLLBACK


def test_harm_that_is_not_the_rollouts_is_no_reason_to_roll_back():
    for wrong in (
        {"phase_applied": None},
        {"phase_applied": "pilot"},
        {"since": None},
        {"since": NOW + MINUTE},
        {"halted": "Ada: wrong totals"},
        {"cohort_found": 0, "missing": 10},
    ):
        counts = ramp_counts(0, 100, identity=identity("10%", 10, **wrong))
        report = judge(RAMP, counts, (), NOW)
        assert report.verdict is Verdict.ERROR
        assert report.criteria == ()


def test_an_error_beats_what_is_undecided_and_what_is_minor():
    rates = {**ramp_counts(92, 100).rates, "on_time": Uncounted("timed out")}
    assert verdict_of(RAMP, ramp_counts(92, 100)) is Verdict.INSUFFICIENT_DATA
    assert verdict_of(RAMP, ramp_counts(92, 100, rates=rates)) is Verdict.ERROR


def test_undecided_beats_minor():
    rates = {**ramp_counts().rates, "completed": rate(94, 100), "on_time": rate(91, 100)}
    assert verdict_of(RAMP, ramp_counts(rates=rates)) is Verdict.INSUFFICIENT_DATA


# --- waivers ------------------------------------------------------------------------------------


def test_a_waiver_lets_one_named_criterion_pass_and_shows():
    rates = {**ramp_counts().rates, "on_time": rate(94, 100)}
    report = judge(RAMP, ramp_counts(rates=rates), (waiver("on_time"),), NOW)
    assert report.verdict is Verdict.PROCEED
    assert [use.effect for use in report.waivers] == ["applied"]
    assert verdict_of(RAMP, ramp_counts(rates=rates), (waiver("completed"),)) is Verdict.FIX_MINOR


def test_what_must_never_happen_cannot_be_waived():
    totals = {**ramp_counts().totals, "corrupted": TotalCount(1)}
    report = judge(RAMP, ramp_counts(totals=totals), (waiver("corrupted"),), NOW)
    assert report.verdict is Verdict.ROLLBACK
    assert [use.effect for use in report.waivers] == ["refused"]


# --- waiting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "days", "asked"),
    [
        (ramp_counts(18, 18), 14, False),
        (ramp_counts(18, 18), 15, True),
        (ramp_counts(rates={}), 15, True),
        (ramp_counts(100, 100), 15, False),
        (ramp_counts(20, 100), 15, False),
    ],
)
def test_after_the_longest_wait_a_person_is_asked_and_nothing_happens_by_itself(
    counts, days, asked
):
    now = SINCE + timedelta(days=days)
    before = judge(RAMP, counts, (), NOW).verdict
    report = judge(RAMP, replace(counts, freshness=Freshness(now, None)), (), now)
    assert report.ask_a_person is asked
    assert report.verdict is before
    assert any("a person must decide" in needed for needed in report.needs) is asked


def test_the_clock_needs_a_zone():
    with pytest.raises(ValueError, match="zone"):
        judge(RAMP, ramp_counts(), (), datetime(2026, 11, 23))  # noqa: DTZ001 -- that is the point
