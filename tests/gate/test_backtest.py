"""A proposed gate over the evidence of the past."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.domain.gate_policy import Criterion, WorstMerchant
from controller.gate import evidence
from controller.gate.backtest import backtest
from controller.gate.counts import Freshness
from controller.gate.verdict import Verdict
from tests.gate.builders import NOW, PILOT, RAMP, percent, pilot_counts, ramp_counts

HOUR = timedelta(hours=1)
PAST = tuple(
    evidence.gather(RAMP, ramp_counts(runs, runs, freshness=Freshness(at, None)), (), at)
    for runs, at in ((20, NOW - 10 * HOUR), (25, NOW - 5 * HOUR), (30, NOW))
)


def with_criteria(target, floor, **changes):
    criteria = tuple(
        replace(criterion, target=percent(target), floor=percent(floor), **changes)
        for criterion in RAMP.criteria[:2]
    )
    return replace(RAMP, criteria=criteria)


def test_the_same_gate_says_the_same():
    replays = backtest(RAMP, PAST)
    assert [r.report.verdict for r in replays] == [r.was for r in replays]
    assert [r.was for r in replays] == [
        Verdict.INSUFFICIENT_DATA,
        Verdict.INSUFFICIENT_DATA,
        Verdict.PROCEED,
    ]
    assert not any(r.changed for r in replays)
    assert [r.at for r in replays] == [past.now for past in PAST]
    assert {(r.flag, r.phase) for r in replays} == {("sequential_workflow", "10%")}


def test_a_laxer_gate_would_have_passed_earlier():
    laxer = with_criteria(90, 80)
    criteria = tuple(
        replace(new, within=old.within)
        for new, old in zip(laxer.criteria, RAMP.criteria, strict=False)
    )
    replays = backtest(replace(laxer, criteria=criteria), PAST)
    assert [str(r.report.verdict) for r in replays] == ["proceed", "proceed", "proceed"]
    assert [r.changed for r in replays] == [True, True, False]


def test_a_stricter_gate_would_have_waited():
    stricter = replace(RAMP, min_merchants=11)
    assert [r.changed for r in backtest(stricter, PAST)] == [False, False, True]


@pytest.mark.parametrize(
    ("policy", "missing"),
    [
        (
            replace(RAMP, timing=replace(RAMP.timing, outcome_deadline=HOUR)),
            "runs judged at this `outcome_deadline`",
        ),
        (
            replace(RAMP, runs_per_merchant=9),
            "the first runs of each merchant by this `runs_per_merchant`",
        ),
        (with_criteria(95, 85, within=HOUR), "`completed` by this `within` or `ratio`"),
        (
            replace(RAMP, criteria=(Criterion("line_items", percent(95), percent(85)),)),
            "the measure `line_items`",
        ),
        (replace(RAMP, never=("orphans",)), "the count `orphans`"),
        (
            replace(RAMP, worst_merchant=WorstMerchant("completed", 4, percent(70))),
            "the worst merchant by this `min_runs`",
        ),
        (PILOT, "the durations of single runs"),
    ],
)
def test_what_the_evidence_does_not_hold_is_said_and_not_guessed(policy, missing):
    (replay,) = backtest(policy, PAST[:1])
    assert missing in replay.missing
    assert replay.report is None
    assert not replay.changed


def test_limits_and_minimums_can_be_replayed():
    for policy in (
        replace(RAMP, min_runs=1, min_merchants=1, alpha_pass=0.01, alpha_fail=0.01),
        replace(RAMP, worst_merchant=None),
        replace(RAMP, worst_merchant=WorstMerchant("on_time", 3, percent(90))),
        replace(RAMP, never=()),
    ):
        assert all(replay.report for replay in backtest(policy, PAST))


def test_a_rule_on_the_worst_merchant_can_be_new_where_every_merchant_was_considered():
    without = replace(RAMP, worst_merchant=None)
    past = (evidence.gather(without, ramp_counts(), (), NOW),)
    rule = WorstMerchant("completed", 1, percent(70))
    assert backtest(replace(RAMP, worst_merchant=rule), past)[0].report
    assert not backtest(RAMP, past)[0].report


def test_a_pilot():
    past = (evidence.gather(PILOT, pilot_counts(), (), NOW),)
    assert not backtest(PILOT, past)[0].changed
    assert backtest(replace(PILOT, min_runs=6), past)[0].changed
    longer = replace(PILOT, duration_proceed=timedelta(minutes=11))
    assert backtest(longer, past)[0].missing == (
        "how many runs took at most this `duration.proceed`",
    )
    assert "the first runs of each merchant" in backtest(RAMP, past)[0].missing[-1]
    unknown = replace(PILOT, require=("image_attached",))
    assert backtest(unknown, past)[0].missing == ("the measure `image_attached`",)
