"""Nothing that is missing, impossible or unknown ever leads to `proceed`."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.domain.gate_policy import Criterion
from controller.gate.counts import (
    Durations,
    MerchantTally,
    RateCount,
    Tally,
    TotalCount,
    Uncounted,
    WorstMerchantCount,
)
from controller.gate.judge import judge
from controller.gate.report import CheckName
from controller.gate.verdict import Verdict
from tests.gate.builders import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    percent,
    pilot_counts,
    ramp_counts,
    rate,
    waiver,
)

MINUTE = timedelta(minutes=1)


def verdict_of(policy, counts, waivers=()):
    return judge(policy, counts, waivers, NOW).verdict


GONE = Uncounted("the query failed")


def without(mapping, name):
    return {key: value for key, value in mapping.items() if key != name}


def replaced(part, name, value):
    def sabotage(counts):
        return replace(counts, **{part: {**getattr(counts, part), name: value}})

    return sabotage


def broken_rate(**changes):
    def sabotage(counts):
        count = replace(counts.rates["completed"], **changes)
        return replace(counts, rates={**counts.rates, "completed": count})

    return sabotage


def broken(part, **changes):
    def sabotage(counts):
        return replace(counts, **{part: replace(getattr(counts, part), **changes)})

    return sabotage


SABOTAGES = {
    "no identity": lambda c: replace(c, identity=GONE),
    "identity is None": lambda c: replace(c, identity=None),
    "never applied": broken("identity", phase_applied=None),
    "another phase": broken("identity", phase_applied="50%"),
    "no beginning": broken("identity", since=None),
    "begins tomorrow": broken("identity", since=NOW + timedelta(days=1)),
    "begins without a zone": broken("identity", since=SINCE.replace(tzinfo=None)),
    "halted": broken("identity", halted="reason"),
    "a merchant less": broken("identity", missing=1, cohort_found=9),
    "a merchant more": broken("identity", extra=1, cohort_found=11),
    "another merchant": broken("identity", extra=1, missing=1),
    "fewer merchants counted": broken("identity", cohort_counted=11),
    "cohort is NaN": broken("identity", cohort_recorded=float("nan")),
    "no freshness": lambda c: replace(c, freshness=GONE),
    "freshness is None": lambda c: replace(c, freshness=None),
    "no watermark": broken("freshness", watermark=None),
    "old watermark": broken("freshness", watermark=NOW - timedelta(hours=7)),
    "watermark before the phase": broken("freshness", watermark=SINCE - MINUTE),
    "watermark next year": broken("freshness", watermark=NOW + timedelta(days=365)),
    "watermark without a zone": broken("freshness", watermark=NOW.replace(tzinfo=None)),
    "replica behind": broken("freshness", replica_lag=timedelta(hours=7)),
    "replica ahead": broken("freshness", replica_lag=timedelta(hours=-1)),
    "no population": lambda c: replace(c, population=GONE),
    "population is None": lambda c: replace(c, population=None),
    "no runs": broken("population", matured=0, capped=0, merchants=0, recent=0),
    "no merchants": broken("population", merchants=0),
    "runs are None": broken("population", matured=None),
    "runs are decimal": broken("population", matured=Decimal(100)),
    "more capped than matured": broken("population", capped=101),
    "negative pending": broken("population", pending=-1),
    "many bad clocks": broken("population", excluded={"completed in 1948": 50}),
    "excluded is NaN": broken("population", excluded={"completed in 1948": float("nan")}),
    "no counts": lambda c: replace(c, totals={}),
    "one count missing": lambda c: replace(c, totals=without(c.totals, "corrupted")),
    "a count uncounted": replaced("totals", "corrupted", GONE),
    "a count is None": replaced("totals", "duplicate_orders", None),
    "a count is NaN": replaced("totals", "duplicate_orders", TotalCount(float("nan"))),
    "a count is negative": replaced("totals", "duplicate_orders", TotalCount(-1)),
}

RAMP_SABOTAGES = {
    **SABOTAGES,
    "no rates": lambda c: replace(c, rates={}),
    "one rate missing": lambda c: replace(c, rates=without(c.rates, "completed")),
    "another rate missing": lambda c: replace(c, rates=without(c.rates, "on_time")),
    "a rate uncounted": replaced("rates", "completed", GONE),
    "a rate is None": replaced("rates", "completed", None),
    "a rate is a number": replaced("rates", "completed", 0.99),
    "nothing matured": replaced("rates", "completed", rate(0, 0)),
    "all runs None": broken_rate(all_runs=None),
    "good is None": broken_rate(all_runs=Tally(None, 100), capped=Tally(100, 100)),
    "good is NaN": broken_rate(all_runs=Tally(float("nan"), 100)),
    "good is infinite": broken_rate(all_runs=Tally(float("inf"), 100)),
    "good is true": broken_rate(all_runs=Tally(True, True), capped=Tally(True, True)),
    "good is a float": broken_rate(all_runs=Tally(100.0, 100.0)),
    "good is text": broken_rate(all_runs=Tally("100", "100")),
    "good is negative": broken_rate(all_runs=Tally(-1, 100)),
    "more good than runs": broken_rate(all_runs=Tally(101, 100)),
    "capped NaN": broken_rate(capped=Tally(float("nan"), float("nan"))),
    "capped not among all": broken_rate(capped=Tally(101, 101)),
    "capped bad not among all": broken_rate(capped=Tally(99, 100)),
    "nothing capped": broken_rate(capped=Tally(0, 0)),
    "rows multiplied": broken_rate(all_runs=Tally(300, 300), capped=Tally(300, 300)),
    "more runs each than the cap": broken_rate(merchants=9),
    "rate without merchants": broken_rate(merchants=0),
    "more merchants than runs": broken_rate(merchants=101),
    "worst merchant None": broken_rate(worst=None),
    "worst merchant lost": broken_rate(worst=WorstMerchantCount(3, None)),
    "worst merchant from nowhere": broken_rate(
        worst=WorstMerchantCount(0, MerchantTally("m", Tally(3, 3)))
    ),
    "worst merchant NaN": broken_rate(
        worst=WorstMerchantCount(1, MerchantTally("m", Tally(float("nan"), 3)))
    ),
    "worst merchant with too few runs": broken_rate(
        worst=WorstMerchantCount(1, MerchantTally("m", Tally(2, 2)))
    ),
}

PILOT_SABOTAGES = {
    **SABOTAGES,
    "no rates": lambda c: replace(c, rates={}),
    "one rate missing": lambda c: replace(c, rates=without(c.rates, "shopify_synced")),
    "a rate uncounted": replaced("rates", "data_complete", GONE),
    "a rate is None": replaced("rates", "data_complete", None),
    "a rate without runs": replaced("rates", "data_complete", rate(0, 0)),
    "a rate is NaN": replaced(
        "rates",
        "data_complete",
        RateCount(Tally(float("nan"), 5), Tally(5, 5), 1, WorstMerchantCount(0, None)),
    ),
    "no durations": lambda c: replace(c, durations=GONE),
    "durations None": lambda c: replace(c, durations=None),
    "no run has a duration": lambda c: replace(c, durations=Durations(0, 0, None, None)),
    "one run lacks a duration": broken("durations", runs=4, within=4),
    "more durations than runs": broken("durations", runs=6),
    "durations NaN": broken("durations", runs=float("nan")),
    "more quick than completed": broken("durations", within=6),
    "worst unknown": broken("durations", worst=None),
    "worst negative": broken("durations", worst=timedelta(minutes=-4)),
    "worst is a number": broken("durations", worst=240.0),
    "failed missing": lambda c: replace(c, totals=without(c.totals, "failed")),
    "stuck missing": lambda c: replace(c, totals=without(c.totals, "stuck")),
    "failed is NaN": replaced("totals", "failed", TotalCount(float("nan"))),
    "stuck uncounted": replaced("totals", "stuck", GONE),
}


@pytest.mark.parametrize("missing", RAMP_SABOTAGES)
def test_a_ramp_with_something_missing_never_proceeds(missing):
    assert verdict_of(RAMP, ramp_counts()) is Verdict.PROCEED
    verdict = verdict_of(RAMP, RAMP_SABOTAGES[missing](ramp_counts()))
    assert verdict in {Verdict.ERROR, Verdict.INSUFFICIENT_DATA, Verdict.FIX_MINOR}


@pytest.mark.parametrize("missing", PILOT_SABOTAGES)
def test_a_pilot_with_something_missing_never_proceeds(missing):
    assert verdict_of(PILOT, pilot_counts()) is Verdict.PROCEED
    verdict = verdict_of(PILOT, PILOT_SABOTAGES[missing](pilot_counts()))
    assert verdict in {Verdict.ERROR, Verdict.INSUFFICIENT_DATA, Verdict.FIX_MINOR}


EVERY_WAIVER = tuple(
    waiver(name, phase=phase)
    for phase in ("pilot", "10%")
    for name in (
        *(criterion.name for criterion in RAMP.criteria),
        *PILOT.require,
        *RAMP.never,
        *("worst_merchant", "duration", "failed", "stuck", "soak", "runs", "identity"),
    )
)


@pytest.mark.parametrize("missing", RAMP_SABOTAGES)
def test_no_waiver_covers_what_is_missing_in_a_ramp(missing):
    assert verdict_of(RAMP, ramp_counts(), EVERY_WAIVER) is Verdict.PROCEED
    counts = RAMP_SABOTAGES[missing](ramp_counts())
    assert verdict_of(RAMP, counts, EVERY_WAIVER) is not Verdict.PROCEED


@pytest.mark.parametrize("missing", PILOT_SABOTAGES)
def test_no_waiver_covers_what_is_missing_in_a_pilot(missing):
    assert verdict_of(PILOT, pilot_counts(), EVERY_WAIVER) is Verdict.PROCEED
    counts = PILOT_SABOTAGES[missing](pilot_counts())
    assert verdict_of(PILOT, counts, EVERY_WAIVER) is not Verdict.PROCEED


names = sorted({"completed", "on_time", "faster_than_baseline", "corrupted", "soak", "nonsense"})
waiver_sets = st.sets(st.sampled_from(names)).map(lambda some: tuple(waiver(n) for n in some))


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(sorted(RAMP_SABOTAGES)), min_size=1), waiver_sets)
def test_nothing_missing_ever_proceeds_whatever_else_is_missing_or_waived(missing, waivers):
    counts = ramp_counts()
    for name in sorted(missing):
        try:
            counts = RAMP_SABOTAGES[name](counts)
        except (TypeError, AttributeError, KeyError):
            continue  # the part to break is gone already
    assert verdict_of(RAMP, counts, waivers) is not Verdict.PROCEED


def test_what_is_only_shown_may_be_missing():
    counts = ramp_counts(baseline=GONE, untreated=GONE, durations=GONE)
    counts = replace(counts, rates=without(counts.rates, "faster_than_baseline"))
    report = judge(RAMP, counts, (), NOW)
    assert report.verdict is Verdict.PROCEED
    assert any("no baseline" in note for note in report.notes)
    assert any("Untreated" in note for note in report.notes)


def test_an_unknown_criterion_is_an_error():
    policy = replace(RAMP, criteria=(*RAMP.criteria, Criterion("typo", percent(1), percent(0))))
    assert verdict_of(policy, ramp_counts()) is Verdict.ERROR
    assert verdict_of(replace(RAMP, never=("typo",)), ramp_counts()) is Verdict.ERROR
    assert verdict_of(replace(PILOT, require=("typo",)), pilot_counts()) is Verdict.ERROR
    assert verdict_of(replace(PILOT, never=("typo",)), pilot_counts()) is Verdict.ERROR


@pytest.mark.parametrize("alpha", [float("nan"), 0.0, 1.0, 2.0, -1.0])
def test_a_policy_with_an_impossible_error_rate_judges_nothing(alpha):
    for policy in (replace(RAMP, alpha_pass=alpha), replace(RAMP, alpha_fail=alpha)):
        report = judge(policy, ramp_counts(), (), NOW)
        assert report.verdict is Verdict.ERROR
        assert report.criteria == ()


def test_a_policy_that_judges_nothing_is_an_error():
    empty = replace(RAMP, criteria=(), worst_merchant=None, never=())
    report = judge(empty, ramp_counts(), (), NOW)
    assert report.verdict is Verdict.ERROR
    assert report.criteria == ()
    (check,) = [check for check in report.checks if check.name is CheckName.POLICY]
    assert "no criterion decides" in check.reason
