"""What it would take, in words."""

from dataclasses import replace
from datetime import timedelta

from controller.gate.counts import (
    Freshness,
    Identity,
    MerchantTally,
    Tally,
    TotalCount,
    Uncounted,
    WorstMerchantCount,
)
from controller.gate.judge import judge
from controller.gate.verdict import Verdict
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

RATES = ("completed", "on_time", "faster_than_baseline")
ONE = replace(ramp_of(completed=(95, 85)), runs_per_merchant=10)


def needs(policy, counts, waivers=(), now=NOW):
    return judge(policy, counts, waivers, now).needs


def one(good, matured, *, merchants=10, **changes):
    counts = counts_of({"completed": rate(good, matured)}, matured, phase="10%")
    changes.setdefault("identity", identity("10%", merchants))
    return replace(counts, **changes)


def test_how_many_runs_and_how_long():
    counts = one(11, 11, population=population(11, recent=11, recent_window=timedelta(hours=6)))
    assert needs(ONE, counts) == (
        "17 more good runs, about 10 hours at today's rate.",
        "Five more failures would turn this into rollback.",
    )


def test_without_recent_runs_no_time_is_given():
    counts = one(11, 11, population=population(11, recent=0))
    assert needs(ONE, counts)[0] == (
        "17 more good runs, but none has matured lately, so no time can be given."
    )
    at_once = one(11, 11, population=population(11, recent_window=timedelta(0)))
    assert "no time can be given" in needs(ONE, at_once)[0]


def test_an_absurd_wait_is_still_a_time():
    counts = one(11, 11, population=population(11, recent=1, recent_window=timedelta(days=9_999)))
    assert "about 3650 days" in needs(ONE, counts)[0].replace(",", "")


def test_the_criterion_that_needs_the_most_is_named():
    rates = {
        "completed": rate(30, 30),
        "on_time": rate(29, 30),
        "faster_than_baseline": rate(0, 30),
    }
    counts = counts_of(rates, 30, phase="10%")
    assert needs(RAMP, counts)[0] == "13 more good runs, about 13 hours at today's rate."
    both = {**rates, "completed": rate(27, 30)}
    found = needs(RAMP, counts_of(both, 30, phase="10%"))[0]
    assert (
        found == "38 more good runs (`completed` needs the most), about 38 hours at today's rate."
    )


def test_the_minimum_of_runs_is_part_of_it():
    policy = replace(ONE, min_runs=50)
    assert needs(policy, one(30, 30))[0] == "20 more good runs, about 20 hours at today's rate."
    assert needs(policy, one(49, 49))[0] == "1 more good run, about 60 minutes at today's rate."


def test_a_phase_too_small_for_its_gate_says_so():
    counts = one(18, 20, merchants=2, population=population(20, merchants=2))
    counts = replace(counts, rates={"completed": rate(18, 20, merchants=2)})
    assert needs(ONE, counts)[0] == (
        "36 more good runs, but no more can count: of each merchant the first 10 do. This phase "
        "cannot pass: it takes a larger phase, or a higher `runs_per_merchant`."
    )
    some = one(11, 11, merchants=2, population=population(11, merchants=2))
    some = replace(some, rates={"completed": rate(11, 11, merchants=2)})
    assert "17 more good runs, but nine more can count" in needs(ONE, some)[0]


def test_a_phase_that_is_just_large_enough_is_given_its_time():
    counts = one(11, 11, merchants=2, population=population(11, merchants=2))
    counts = replace(counts, rates={"completed": rate(11, 11, merchants=2)})
    just = replace(ONE, runs_per_merchant=14)
    assert needs(just, counts)[0].startswith("17 more good runs, about ")
    short = replace(ONE, runs_per_merchant=13)
    assert needs(short, counts)[0].startswith("17 more good runs, but 15 more can count")


def test_what_can_no_longer_pass_says_so():
    policy = replace(ramp_of(completed=(100, 50)), runs_per_merchant=100)
    counts = one(600, 601)
    assert needs(policy, counts)[0] == (
        "No number of good runs would still make `completed` pass in this phase."
    )


def test_soak_and_merchants_come_first():
    counts = one(11, 11, freshness=Freshness(SINCE + timedelta(hours=4), None))
    policy = replace(ONE, min_merchants=12)
    found = needs(policy, counts, now=SINCE + timedelta(hours=4))
    assert found[:2] == (
        "The soak is over at 2026-11-21 08:00 UTC, in about 20 hours.",
        "2 more merchants with a matured run.",
    )


def test_after_a_warning_the_way_back_is_said():
    found = needs(ONE, one(94, 100))
    assert found[0].startswith("20 more good runs, but no more can count")
    assert found[1].startswith("The evidence counts from the beginning of the phase")
    assert found[2] == "11 more failures would turn this into rollback."


def test_what_is_waived_needs_nothing():
    assert needs(ONE, one(94, 100), (waiver("completed"),)) == ()


def test_a_proceeding_rollout_knows_how_far_rollback_is():
    assert needs(ONE, one(100, 100)) == ("18 more failures would turn this into rollback.",)
    assert needs(PILOT, pilot_counts()) == ("One more failure would turn this into rollback.",)


def test_after_rollback_there_is_nothing_to_wait_for():
    report = judge(RAMP, ramp_counts(totals={**ramp_counts().totals, "corrupted": TotalCount(1)}),
                   (), NOW)  # fmt: skip
    assert report.verdict is Verdict.ROLLBACK
    assert report.needs == ()


def test_the_pilot_needs_runs():
    policy = replace(PILOT, min_runs=3)
    assert needs(policy, pilot_counts(1)) == (
        "2 more matured runs.",
        "One more failure would turn this into rollback.",
    )


def test_what_is_unknown_is_not_estimated():
    assert needs(ONE, one(11, 11, population=Uncounted("timed out"))) == (
        "Five more failures would turn this into rollback.",
    )
    assert isinstance(ramp_counts().identity, Identity)


def test_what_the_worst_merchant_lacks_is_said_of_that_merchant():
    worst = MerchantTally("m-7", Tally(1, 4))
    rates = {name: rate(97, 100, worst=worst) for name in RATES}
    found = needs(RAMP, replace(ramp_counts(97, 100), rates=rates))
    assert found[0] == "6 more good runs of m-7, the worst merchant."
    assert not any("No number of good runs" in text for text in found)
    repaired = WorstMerchantCount(1, MerchantTally("m-7", Tally(7, 10)))
    enough = replace(rates["completed"], worst=repaired)
    counts = replace(ramp_counts(97, 100), rates={**rates, "completed": enough})
    assert judge(RAMP, counts, (), NOW).verdict is Verdict.PROCEED


def test_a_worst_merchant_that_must_be_perfect_and_is_not_never_will_be():
    rule = replace(RAMP.worst_merchant, fix_minor_below=percent(100))
    rates = {name: rate(97, 100, worst=MerchantTally("m-7", Tally(3, 4))) for name in RATES}
    found = needs(replace(RAMP, worst_merchant=rule), replace(ramp_counts(97, 100), rates=rates))
    assert not any("worst merchant" in text for text in found)
