"""What it would take: the way from a verdict that is not `proceed` to one that is, or to rollback.

Estimates of time are the pace of the last day carried on, no more.
"""

from collections.abc import Iterator
from datetime import timedelta

from controller.domain.gate_policy import GatePolicy, SequentialGate
from controller.domain.units import EVERYONE
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.checks import evidence_runs
from controller.gate.counts import GateCounts, Identity, Population
from controller.gate.report import Check, CheckName, CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict, Verdict

_ANEW = (
    "The evidence counts from the beginning of the phase: after a fix retreat and advance again to "
    "begin anew, or have the criterion waived in a reviewed file."
)
_NEEDS_RUNS = frozenset({CriterionVerdict.INCONCLUSIVE, CriterionVerdict.WARN})


def outlook(
    policy: GatePolicy,
    counts: GateCounts,
    checks: tuple[Check, ...],
    criteria: tuple[CriterionResult, ...],
    verdict: Verdict,
    *,
    ask_a_person: bool,
) -> tuple[str, ...]:
    """What is missing, when it may be there, and how close rollback is."""
    if verdict is Verdict.ROLLBACK:
        return ()
    deciding = tuple(r for r in criteria if r.decides and r.waiver is None)
    return (
        *((_decide(policy),) if ask_a_person else ()),
        *_missing(checks, policy),
        *_runs(policy, counts, deciding),
        *_worst(policy, deciding),
        *_repair(deciding),
        *_failures(deciding),
    )


def _decide(policy: GatePolicy) -> str:
    wait = words.duration(policy.timing.max_wait)
    return f"Undecided for more than {wait}: a person must decide; nothing happens by itself."


def _missing(checks: tuple[Check, ...], policy: GatePolicy) -> Iterator[str]:
    for check in checks:
        in_runs = check.name is CheckName.RUNS and isinstance(policy, SequentialGate)
        if check.needs and not in_runs:  # there `_runs` says it, together with the rates
            yield check.needs


def _runs(
    policy: GatePolicy, counts: GateCounts, deciding: tuple[CriterionResult, ...]
) -> Iterator[str]:
    if not isinstance(policy, SequentialGate) or not isinstance(counts.population, Population):
        return
    rates = [result for result in deciding if result.kind is CriterionKind.RATE]
    undecided = [result for result in rates if result.verdict in _NEEDS_RUNS]
    hopeless = tuple(r.name for r in undecided if r.good_runs_needed is None)
    if hopeless:
        yield f"No number of good runs would still make {words.names(hopeless)} pass in this phase."
        return
    needed, which = _most(undecided)
    needed = max(needed, policy.min_runs - evidence_runs(policy, counts.population))
    if needed > 0:
        enough = needed <= _left(policy, counts)
        then = f"{_time(needed, counts.population)}." if enough else _no_more(policy, counts)
        yield f"{counted(needed, 'more good run')}{which}, {then}"


def _most(undecided: list[CriterionResult]) -> tuple[int, str]:
    """How many good runs the criterion lacks that lacks the most, and which one of several."""
    if not undecided:
        return 0, ""
    most = max(undecided, key=lambda result: result.good_runs_needed or 0)
    which = f" (`{most.name}` needs the most)" if len(undecided) > 1 else ""
    return most.good_runs_needed or 0, which


def _worst(policy: GatePolicy, deciding: tuple[CriterionResult, ...]) -> Iterator[str]:
    """What the worst merchant alone lacks; another one may come to light behind it."""
    rule = policy.worst_merchant if isinstance(policy, SequentialGate) else None
    if rule is None or rule.fix_minor_below == EVERYONE:
        return
    least, whole = rule.fix_minor_below.basis_points, EVERYONE.basis_points
    for result in deciding:
        lacks = result.kind is CriterionKind.WORST_MERCHANT and result.verdict in _NEEDS_RUNS
        if lacks and result.worst is not None:
            tally = result.worst.tally
            needed = -((whole * tally.good - least * tally.matured) // (whole - least))
            runs = counted(needed, "more good run")
            yield f"{runs} of {result.worst.merchant}, the worst merchant."


def _time(runs: int, population: Population) -> str:
    window = population.recent_window
    if not population.recent or not window:
        return "but none has matured lately, so no time can be given"
    time = min(runs / population.recent * window, timedelta(days=3650))
    return f"{words.about(time)} at today's rate"


def _left(policy: SequentialGate, counts: GateCounts) -> int:
    """How many more runs can count, with every merchant of the cohort at its cap."""
    if not isinstance(counts.identity, Identity) or not isinstance(counts.population, Population):
        return 0
    return counts.identity.cohort_counted * policy.runs_per_merchant - counts.population.capped


def _no_more(policy: SequentialGate, counts: GateCounts) -> str:
    left = words.spelled(_left(policy, counts), "more", "more")
    return (
        f"but {left} can count: of each merchant the first {policy.runs_per_merchant} do. This "
        "phase cannot pass: it takes a larger phase, or a higher `runs_per_merchant`."
    )


def _repair(deciding: tuple[CriterionResult, ...]) -> Iterator[str]:
    if any(r.verdict is CriterionVerdict.WARN for r in deciding):
        yield _ANEW


def _failures(deciding: tuple[CriterionResult, ...]) -> Iterator[str]:
    nearest = min((r.failures_to_rollback for r in deciding if r.failures_to_rollback), default=0)
    if nearest:
        failures = words.spelled(nearest, "more failure")
        would = f"{failures[0].upper()}{failures[1:]} would turn this into rollback."
        yield would
