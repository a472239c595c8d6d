"""The pilot's gate: the decision matrix over one merchant and a handful of runs.

    proceed     every run completed in time, with all its data; nothing failed or got stuck
    fix minor   the slowest run took longer than it should, or data is incomplete
    rollback    a run failed, got stuck or took far too long, or data is corrupted

A handful of runs proves little, and the report says so: `smoke_test` puts a figure to it.
"""

from datetime import timedelta
from typing import Final

from controller.domain.gate_policy import DeterministicGate
from controller.domain.measures import DURATION, Total
from controller.domain.wording import counted
from controller.gate import statistics, words
from controller.gate.counts import Durations, GateCounts, Population, RateCount, Tally, Uncounted
from controller.gate.invariants import examples, judge_never, total_of, uncounted
from controller.gate.report import CriterionKind, CriterionResult, Share
from controller.gate.verdict import CriterionVerdict

_ALPHA = 0.05
EXCELLENT: Final = 0.5
"""Of the time allowed: 3 to 5 of 10 minutes are what the feature is built for."""


def judge_criteria(policy: DeterministicGate, counts: GateCounts) -> tuple[CriterionResult, ...]:
    """Judge the counts that must be zero, then failures, durations and what every run must have."""
    return (
        *judge_never(policy.never, counts),
        _limit(Total.FAILED, policy.failed_rollback, counts),
        _limit(Total.STUCK, policy.stuck_rollback, counts),
        _duration(policy, counts),
        *(_every_run(name, counts) for name in policy.require),
    )


def smoke_test(policy: DeterministicGate, counts: GateCounts) -> str:
    """How many runs were good in time, and how little that proves."""
    durations, population = counts.durations, counts.population
    if isinstance(durations, Uncounted) or isinstance(population, Uncounted):
        return "The runs could not be counted: nothing can be said."
    if population.matured == 0:
        return "No run has matured yet: nothing can be said."
    good, runs = durations.within, population.matured
    limit = statistics.fixed_sample_lower_limit(good, runs, _ALPHA)
    return (
        f"{good} of {runs} within {words.duration(policy.duration_proceed)}. This is a smoke test: "
        f"it is compatible with a true success rate as low as {words.whole_percent(limit)}."
    )


def _limit(name: str, rollback: int, counts: GateCounts) -> CriterionResult:
    kind = CriterionKind.LIMIT
    total = total_of(name, counts)
    if isinstance(total, Uncounted):
        return uncounted(name, kind, total)
    found = f"{counted(total.count, 'run')} {name}{examples(total)}"
    if total.count >= rollback:
        verdict, reason = CriterionVerdict.FAIL, f"{found}; {rollback} or more mean rollback."
    elif total.count:
        verdict, reason = CriterionVerdict.WARN, f"{found}; rollback is called for at {rollback}."
    else:
        verdict, reason = CriterionVerdict.PASS, f"No run {name}."
    left = max(0, rollback - total.count) or None
    return CriterionResult(
        name, kind, verdict, reason, query=total.query, failures_to_rollback=left
    )


def _duration(policy: DeterministicGate, counts: GateCounts) -> CriterionResult:
    name, kind = DURATION, CriterionKind.DURATION
    durations = counts.durations
    if isinstance(durations, Uncounted):
        return uncounted(name, kind, durations)
    if gap := _runs_without_outcome(durations, counts):
        return uncounted(name, kind, Uncounted(gap))
    if durations.worst is None:
        verdict, reason = CriterionVerdict.INSUFFICIENT_DATA, "No run has completed yet."
    else:
        verdict, reason = _judge_worst(durations.worst, durations, policy)
    tally = Tally(durations.within, durations.runs)
    return CriterionResult(
        name, kind, verdict, reason, all_runs=_share(tally), query=durations.query
    )


def _runs_without_outcome(durations: Durations, counts: GateCounts) -> str | None:
    """Whether matured runs are neither completed with a duration, nor failed, nor stuck."""
    failed, stuck = total_of(Total.FAILED, counts), total_of(Total.STUCK, counts)
    if isinstance(failed, Uncounted) or isinstance(stuck, Uncounted):
        return None  # reported by those criteria
    if not isinstance(counts.population, Population):
        return None  # reported by the check of the runs
    gap = counts.population.matured - durations.runs - failed.count - stuck.count
    if gap <= 0:
        return None
    return f"{counted(gap, 'matured run')} neither failed nor stuck, yet without a duration"


def _judge_worst(
    worst: timedelta, durations: Durations, policy: DeterministicGate
) -> tuple[CriterionVerdict, str]:
    took = f"The slowest of {counted(durations.runs, 'completed run')} took "
    took += words.duration(worst) + (f" ({durations.worst_run})" if durations.worst_run else "")
    proceed = words.duration(policy.duration_proceed)
    longest = words.duration(policy.duration_fix_minor)
    if worst <= policy.duration_proceed * EXCELLENT:
        return CriterionVerdict.PASS, f"{took}: excellent, half of the {proceed} allowed or less."
    if worst <= policy.duration_proceed:
        return CriterionVerdict.PASS, f"{took}, at most {proceed}."
    if worst <= policy.duration_fix_minor:
        return CriterionVerdict.WARN, f"{took}: more than {proceed}, at most {longest}."
    return CriterionVerdict.FAIL, f"{took}: more than {longest}."


def _every_run(name: str, counts: GateCounts) -> CriterionResult:
    kind = CriterionKind.EVERY_RUN
    count = counts.rates.get(name) or Uncounted(f"there is no measure called `{name}`")
    if isinstance(count, Uncounted):
        return uncounted(name, kind, count)
    verdict, reason = _judge_every(count)
    return CriterionResult(
        name,
        kind,
        verdict,
        reason,
        all_runs=_share(count.all_runs),
        merchants=count.merchants,
        query=count.query,
    )


def _judge_every(count: RateCount) -> tuple[CriterionVerdict, str]:
    good, matured = count.all_runs.good, count.all_runs.matured
    if matured == 0:
        return CriterionVerdict.INSUFFICIENT_DATA, "No run that it could be judged by has matured."
    if good == matured:
        return CriterionVerdict.PASS, f"Holds for {counted(matured, 'run')} of {matured}."
    bad = matured - good
    return CriterionVerdict.WARN, f"Does not hold for {counted(bad, 'run')} of {matured}."


def _share(tally: Tally) -> Share:
    lower = statistics.fixed_sample_lower_limit(tally.good, tally.matured, _ALPHA)
    upper = 1.0 - statistics.fixed_sample_lower_limit(tally.bad, tally.matured, _ALPHA)
    return Share(tally, lower, upper)
