"""What a verdict supports and what it does not, in words: the claim, and what else to know.

Decides nothing. A reader who trusts only these sentences must not come to trust too much.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from controller.domain.gate_policy import GatePolicy, SequentialGate
from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate import deterministic, statistics, words
from controller.gate.counts import Baseline, BaselineSource, Durations, GateCounts, Tally, Uncounted
from controller.gate.report import CriterionKind, CriterionResult
from controller.gate.sequential import error_rates
from controller.gate.verdict import CriterionVerdict, Verdict

_DRIFT_ALPHA: Final = 0.05


def claim(
    policy: GatePolicy, counts: GateCounts, criteria: tuple[CriterionResult, ...], verdict: Verdict
) -> str:
    """One paragraph: what the verdict says about the feature, and how surely."""
    if verdict is Verdict.ERROR:
        return "It could not be judged. That is no evidence for the feature and none against it."
    if not isinstance(policy, SequentialGate):
        seen = _seen_in_the_pilot(criteria) if verdict is Verdict.ROLLBACK else ""
        return f"{seen}{deterministic.smoke_test(policy, counts)}"
    if verdict is Verdict.ROLLBACK:
        return _harm(policy, criteria)
    if verdict is Verdict.INSUFFICIENT_DATA:
        return "Nothing is decided yet: there is no proof that it is good and none that it is bad."
    proven = _above_their_floors(criteria)
    if not proven:
        return "Nothing is proven; what stands in the way is waived."
    text = (
        f"For merchants like these, {words.names(proven)} {'is' if len(proven) == 1 else 'are'} "
        f"above the floor: a release at its floor would be called so with a chance of at most "
        f"{words.probability(policy.alpha_pass)}, however often the gate is asked."
    )
    return text if verdict is Verdict.PROCEED else f"Acceptable, but not as good as wanted. {text}"


def _seen_in_the_pilot(criteria: tuple[CriterionResult, ...]) -> str:
    failed = tuple(r.name for r in criteria if r.counts_as is CriterionVerdict.FAIL)
    return f"Rollback because of {words.names(failed)}. "


def _above_their_floors(criteria: tuple[CriterionResult, ...]) -> tuple[str, ...]:
    return tuple(
        r.name
        for r in criteria
        if r.kind is CriterionKind.RATE
        and r.decides
        and r.floor is not None
        and r.capped is not None
        and r.capped.lower >= r.floor.fraction
    )


def _harm(policy: SequentialGate, criteria: tuple[CriterionResult, ...]) -> str:
    failed = [r for r in criteria if r.decides and r.counts_as is CriterionVerdict.FAIL]
    found = tuple(r.name for r in failed if r.kind is CriterionKind.NEVER)
    rates = tuple(r.name for r in failed if r.kind is CriterionKind.RATE)
    parts = []
    if found:
        parts.append(f"What must never happen has happened: {words.names(found)}.")
    if rates:
        chance = words.probability(error_rates(policy).failing * len(rates))
        parts.append(
            f"{words.names(rates)} {'is' if len(rates) == 1 else 'are'} proven to be below target: "
            f"a release on target would be called so with a chance of at most {chance}."
        )
    return " ".join(parts)


def notes(
    policy: GatePolicy, counts: GateCounts, criteria: tuple[CriterionResult, ...]
) -> tuple[str, ...]:
    """What else a reader should know before believing the figures."""
    return (
        *_pending(counts),
        *_shown_only(criteria),
        *_baseline(counts),
        *_drift(counts),
        *(
            ("Merchants are chosen, not randomised: others may fare differently.",)
            if isinstance(policy, SequentialGate)
            else ()
        ),
    )


def _pending(counts: GateCounts) -> Iterator[str]:
    population = counts.population
    if not isinstance(population, Uncounted) and population.pending:
        runs = counted(population.pending, "run")
        yield f"{runs} not counted yet: neither finished nor past the deadline."


def _shown_only(criteria: tuple[CriterionResult, ...]) -> Iterator[str]:
    informing = tuple(r.name for r in criteria if not r.decides)
    if informing:
        yield f"Only shown, not deciding: {words.names(informing)}."


def _baseline(counts: GateCounts) -> Iterator[str]:
    baseline = counts.baseline
    if isinstance(baseline, Uncounted):
        yield f"There is no baseline to compare with: {baseline.reason.rstrip('.')}."
        return
    whose = "the first merchants before the rollout"
    if baseline.source is BaselineSource.UNTREATED:
        whose = "merchants without the feature"
    yield (
        f"Baseline: {counted(baseline.completed.matured, 'run')} of {whose}, "
        f"{format_instant(baseline.starts)} to {format_instant(baseline.ends)}, frozen "
        f"{format_instant(baseline.measured_at)} as {baseline.hash[:12]}."
    )
    if baseline.median_bound and isinstance(counts.durations, Durations):
        yield from _speed(baseline, baseline.median_bound, counts.durations)


def _speed(baseline: Baseline, median: timedelta, durations: Durations) -> Iterator[str]:
    if not durations.worst:
        return
    yield (
        f"The slowest run took {words.duration(durations.worst)}; half of the "
        f"{counted(baseline.durations, 'baseline run')} took at least "
        f"{words.duration(median)}, {median / durations.worst:.1f} times as long."
    )


def _drift(counts: GateCounts) -> Iterator[str]:
    """Whether the untreated merchants fare differently now than the baseline did.

    They do where the two anytime-valid intervals have no rate in common.
    """
    if isinstance(counts.untreated, Uncounted):
        yield f"Untreated merchants could not be counted: {counts.untreated.reason.rstrip('.')}."
        return
    if isinstance(counts.baseline, Uncounted):
        return
    now, then = _limits(counts.untreated), _limits(counts.baseline.completed)
    if now[0] > then[1] or now[1] < then[0]:
        yield (
            "Not comparable with the baseline: merchants without the feature complete "
            f"{_rate(counts.untreated)} of their runs now, {_rate(counts.baseline.completed)} then."
        )


def _limits(tally: Tally) -> tuple[float, float]:
    return (
        statistics.lower_limit(tally.good, tally.matured, _DRIFT_ALPHA),
        statistics.upper_limit(tally.good, tally.matured, _DRIFT_ALPHA),
    )


def _rate(tally: Tally) -> str:
    return words.rounded_down(tally.rate) if tally.rate is not None else "none"
