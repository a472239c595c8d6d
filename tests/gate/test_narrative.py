"""What a verdict claims, and what it does not."""

from dataclasses import replace
from datetime import timedelta

from controller.gate.baseline import frozen
from controller.gate.counts import BaselineSource, Durations, Tally, TotalCount, Uncounted
from controller.gate.judge import judge
from tests.gate.builders import (
    BASELINE,
    NOW,
    PILOT,
    RAMP,
    counts_of,
    pilot_counts,
    population,
    ramp_counts,
    ramp_of,
    rate,
    waiver,
)


def claim(policy, counts, waivers=()):
    return judge(policy, counts, waivers, NOW).claim


def notes(policy, counts):
    return judge(policy, counts, (), NOW).notes


CERTAIN = (
    "For merchants like these, `completed` and `on_time` are above the floor: a release at its "
    "floor would be called so with a chance of at most 0.05, however often the gate is asked."
)


def test_proceed_claims_what_is_proven_and_no_more():
    assert claim(RAMP, ramp_counts()) == CERTAIN
    single = counts_of({"completed": rate(100, 100)}, 100, phase="10%")
    assert "`completed` is above the floor" in claim(
        replace(ramp_of(completed=(95, 85)), runs_per_merchant=10), single
    )


def test_fix_minor_claims_the_same_with_a_reserve():
    rates = {**ramp_counts().rates, "on_time": rate(94, 100)}
    assert claim(RAMP, ramp_counts(rates=rates)) == (
        f"Acceptable, but not as good as wanted. {CERTAIN}"
    )


def test_what_is_waived_is_not_claimed():
    both = (waiver("completed"), waiver("on_time"))
    assert claim(RAMP, ramp_counts(80, 100), both) == (
        "Nothing is proven; what stands in the way is waived."
    )
    rates = {**ramp_counts().rates, "on_time": rate(80, 100)}
    text = claim(RAMP, ramp_counts(rates=rates), both)
    assert "`completed` is above the floor" in text
    assert "on_time" not in text


def test_what_is_only_shown_is_not_claimed():
    assert "faster_than_baseline" not in claim(RAMP, ramp_counts())


def test_undecided_and_error():
    assert claim(RAMP, ramp_counts(18, 18)) == (
        "Nothing is decided yet: there is no proof that it is good and none that it is bad."
    )
    assert claim(RAMP, ramp_counts(rates={})) == (
        "It could not be judged. That is no evidence for the feature and none against it."
    )
    assert claim(PILOT, pilot_counts(rates={})) == claim(RAMP, ramp_counts(rates={}))


def test_rollback_names_its_proof_and_its_chance_of_error():
    totals = {**ramp_counts().totals, "corrupted": TotalCount(1)}
    assert claim(RAMP, ramp_counts(totals=totals)) == (
        "What must never happen has happened: `corrupted`."
    )
    assert claim(RAMP, ramp_counts(50, 100)) == (
        "`completed` and `on_time` are proven to be below target: a release on target would be "
        "called so with a chance of at most 0.05."
    )
    one = {**ramp_counts().rates, "on_time": rate(50, 100)}
    assert claim(RAMP, ramp_counts(rates=one, totals=totals)) == (
        "What must never happen has happened: `corrupted`. `on_time` is proven to be below target: "
        "a release on target would be called so with a chance of at most 0.025."
    )
    assert "completed" not in claim(RAMP, ramp_counts(50, 100), (waiver("completed"),))


def test_the_pilots_rollback_says_why():
    assert claim(PILOT, pilot_counts(failed=1)).startswith(
        "Rollback because of `failed`. 4 of 5 within 10 min."
    )


def test_notes_of_a_ramp():
    assert notes(RAMP, ramp_counts(population=population(100, pending=2))) == (
        "2 runs not counted yet: neither finished nor past the deadline.",
        "Only shown, not deciding: `faster_than_baseline`.",
        (
            "Baseline: 200 runs of the first merchants before the rollout, 2026-09-21 08:00 UTC to "
            f"2026-11-20 08:00 UTC, frozen 2026-11-20 08:00 UTC as {BASELINE.hash[:12]}."
        ),
        "Merchants are chosen, not randomised: others may fare differently.",
    )


def test_notes_of_a_pilot_compare_with_the_baseline():
    found = notes(PILOT, pilot_counts())
    assert found[-1] == (
        "The slowest run took 4 min 10 s; half of the 196 baseline runs took at least 38 min, "
        "9.1 times as long."
    )
    assert not any("randomised" in note for note in found)
    nothing = Durations(0, 0, None, None)
    assert len(notes(PILOT, pilot_counts(0, durations=nothing))) == 1
    instant = Durations(1, 1, timedelta(0), "run-1")
    assert len(notes(PILOT, pilot_counts(1, durations=instant))) == 1
    few = frozen(replace(BASELINE, median_bound=None))
    assert len(notes(PILOT, pilot_counts(baseline=few))) == 1


def test_a_baseline_of_others_says_so():
    others = frozen(replace(BASELINE, source=BaselineSource.UNTREATED))
    assert any(
        "merchants without the feature" in n for n in notes(RAMP, ramp_counts(baseline=others))
    )


def test_a_missing_or_changed_baseline_says_so():
    found = notes(RAMP, ramp_counts(baseline=Uncounted("the ledger has none.")))
    assert "There is no baseline to compare with: the ledger has none." in found
    moved = replace(BASELINE, merchants=3)
    assert any("its hash differs" in note for note in notes(RAMP, ramp_counts(baseline=moved)))


def test_drift_of_the_untreated_is_a_warning_on_the_report():
    for untreated in (Tally(60, 100), Tally(0, 100)):
        (drift,) = [n for n in notes(RAMP, ramp_counts(untreated=untreated)) if "comparable" in n]
        assert drift.startswith("Not comparable with the baseline: merchants without the feature")
        assert drift.endswith("98 % then.")
    worse = frozen(replace(BASELINE, completed=Tally(100, 200)))
    assert any("comparable" in note for note in notes(RAMP, ramp_counts(baseline=worse)))
    for untreated in (Tally(97, 100), Tally(1, 2), Tally(0, 0)):
        assert not any("comparable" in n for n in notes(RAMP, ramp_counts(untreated=untreated)))


def test_untreated_that_could_not_be_counted():
    found = notes(RAMP, ramp_counts(untreated=Uncounted("timed out")))
    assert "Untreated merchants could not be counted: timed out." in found
    both = ramp_counts(untreated=Tally(0, 9), baseline=Uncounted("none"))
    assert not any("comparable" in note for note in notes(RAMP, both))
