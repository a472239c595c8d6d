"""More failures never make a verdict better where that could do harm."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.gate.counts import Tally, WorstMerchantCount
from controller.gate.judge import judge
from controller.gate.verdict import CriterionVerdict, Verdict
from tests.gate.builders import NOW, PILOT, counts_of, pilot_counts, population, ramp_of, rate

MINUTE = timedelta(minutes=1)


def verdict_of(policy, counts, waivers=()):
    return judge(policy, counts, waivers, NOW).verdict


@st.composite
def sampled_counts(draw):
    """A ramp with any rates, of a sample that is complete: only the rates can stand in the way."""
    matured = draw(st.integers(20, 400))
    capped = draw(st.integers(20, matured))
    rates = {}
    for name in ("completed", "on_time"):
        good_capped = draw(st.integers(max(0, capped - 40), capped))
        rest = matured - capped
        good_rest = draw(st.integers(max(0, rest - 40), rest))
        rates[name] = rate(
            good_capped + good_rest, matured, capped=(good_capped, capped), merchants=20
        )
    whole = population(matured, capped=capped, recent=0, merchants=20)
    return counts_of(rates, matured, phase="10%", merchants=400, population=whole)


COMPLETE = replace(ramp_of(completed=(95, 85), on_time=(90, 80)), min_runs=20, runs_per_merchant=40)


def failing_more(counts, name, *, in_place):
    """One more bad run of one criterion: instead of a good one, or on top."""
    count, whole = counts.rates[name], counts.population
    good_lost, runs_gained = (1, 0) if in_place else (0, 1)
    rates = {
        key: replace(
            old,
            all_runs=Tally(
                old.all_runs.good + runs_gained - (key == name) * (good_lost + runs_gained),
                old.all_runs.matured + runs_gained,
            ),
            capped=Tally(
                old.capped.good + runs_gained - (key == name) * (good_lost + runs_gained),
                old.capped.matured + runs_gained,
            ),
            worst=WorstMerchantCount(0, None),
        )
        for key, old in counts.rates.items()
    }
    assert rates[name].all_runs.bad == count.all_runs.bad + 1
    grown = replace(whole, matured=whole.matured + runs_gained, capped=whole.capped + runs_gained)
    return replace(counts, rates=rates, population=grown)


@settings(max_examples=300, deadline=None)
@given(sampled_counts(), st.sampled_from(["completed", "on_time"]))
def test_a_good_run_turned_bad_never_gains_a_pass_and_never_loses_a_rollback(counts, name):
    """At the same number of runs. Between the two, knowing more may move the verdict either way."""
    count = counts.rates[name]
    if not count.capped.good:
        return
    before = verdict_of(COMPLETE, counts)
    after = verdict_of(COMPLETE, failing_more(counts, name, in_place=True))
    assert after is not Verdict.PROCEED or before is Verdict.PROCEED
    assert before is not Verdict.ROLLBACK or after is Verdict.ROLLBACK


@settings(max_examples=300, deadline=None)
@given(sampled_counts(), st.sampled_from(["completed", "on_time"]))
def test_one_more_bad_run_never_improves_its_own_criterion_to_pass_nor_ends_a_fail(counts, name):
    def result(counts):
        report = judge(COMPLETE, counts, (), NOW)
        return next(r.verdict for r in report.criteria if r.name == name)

    before, after = result(counts), result(failing_more(counts, name, in_place=False))
    assert after is not CriterionVerdict.PASS or before is CriterionVerdict.PASS
    assert before is not CriterionVerdict.FAIL or after is CriterionVerdict.FAIL


@given(st.integers(0, 8), st.integers(0, 4), st.integers(0, 4), st.integers(1, 60))
def test_one_more_failed_or_stuck_run_never_improves_a_pilot(completed, failed, stuck, minutes):
    def judged(failed, stuck):
        runs = completed + failed + stuck
        return verdict_of(
            PILOT, pilot_counts(runs, failed=failed, stuck=stuck, worst=minutes * MINUTE)
        )

    assert judged(failed + 1, stuck) >= judged(failed, stuck)
    assert judged(failed, stuck + 1) >= judged(failed, stuck)
