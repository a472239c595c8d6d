"""Results: the status, and every criterion with its counts, interval, target, floor and verdict."""

from typing import Final

from controller.domain.gate_policy import DeterministicGate, SequentialGate
from controller.domain.measures import Total
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.counts import Durations, TotalCount
from controller.gate.evidence import Evidence
from controller.gate.report import CriterionKind, CriterionResult
from controller.gate.verdict import Verdict
from controller.inquiry.report import Results
from controller.render import gate_words
from controller.render.results import missing, sources
from controller.render.results.document import (
    Block,
    Bullets,
    Fact,
    Facts,
    Row,
    Section,
    Table,
    Text,
)
from controller.render.results.issues import issues_of
from controller.render.results.performance import actual

STATUS: Final = {
    Verdict.PROCEED: "PASS",
    Verdict.FIX_MINOR: "NOT PASSED: minor issues are to be fixed",
    Verdict.INSUFFICIENT_DATA: "UNDECIDED: it is too early to say",
    Verdict.ERROR: "UNDECIDED: it could not be judged",
    Verdict.ROLLBACK: "FAIL: it does harm",
}
"""The document's word for a verdict, which asks for PASS or FAIL."""
_HEADS: Final = (
    "Criterion",
    "Verdict",
    "Counted",
    "Rate",
    "True rate",
    "Target",
    "Floor",
    "What was found",
)
_COUNTS: Final = frozenset({CriterionKind.NEVER, CriterionKind.LIMIT})
_A_COUNT: Final = "a count"


def section(found: Results) -> Section:
    """What came out."""
    evidence = found.evidence
    if evidence is None:
        return Section("results", "Results", (Text(missing.see_above(found)),))
    report = evidence.report
    summary = Facts(
        "The outcome",
        (
            Fact(
                "Status", f"{STATUS[report.verdict]} ({gate_words.title(report.verdict)})", ("E1",)
            ),
            Fact("Duration", slowest(evidence), sources.EVIDENCE),
            Fact("Issues found", _issues(found), sources.EVIDENCE),
        ),
    )
    blocks: list[Block] = [summary]
    if report.criteria:
        rows = tuple(_row(result, evidence) for result in report.criteria)
        blocks.append(Table("Criteria", _HEADS, rows))
    else:
        blocks.append(
            Text("No criterion was judged: what was counted cannot be attributed to the rollout.")
        )
    checks = (f"{gate_words.short(c.verdict)}: {c.name}: {c.reason}" for c in report.checks)
    blocks.append(Bullets("What is asked of the whole (E1)", tuple(checks)))
    return Section("results", "Results", tuple(blocks))


def slowest(evidence: Evidence) -> str:
    """How long the slowest run took, or why that is not known."""
    durations = evidence.counts.durations
    if not isinstance(durations, Durations):
        return actual(evidence)
    if durations.worst is None:
        return "none: no run has completed yet"
    return f"{words.duration(durations.worst)} for the slowest run"


def _issues(found: Results) -> str:
    issues = issues_of(found)
    if not issues:
        return "none"
    return f"{counted(len(issues), 'issue')}, listed below; the worst is {issues[0].severity}"


def _row(result: CriterionResult, evidence: Evidence) -> Row:
    share = result.all_runs
    cells = (
        f"`{result.name}`",
        gate_words.verdict_of(result),
        gate_words.good_of(share) if share else _counted(result, evidence),
        (gate_words.rate(share) or "no run yet") if share else _no_rate(result),
        gate_words.interval(result) or _no_rate(result),
        gate_words.percent(result.target) or _target(result, evidence),
        gate_words.percent(result.floor) or _floor(result, evidence),
        _found(result),
    )
    return Row(cells, sources.EVIDENCE)


def _found(result: CriterionResult) -> str:
    """What the other columns do not say."""
    reason = gate_words.reason_of(result).rstrip(".")
    if result.kind is CriterionKind.RATE and result.waiver is None and result.all_runs:
        reason = ""
    said = (reason, gate_words.merchants(result))
    return ". ".join(filter(None, said)) or "no run yet that it could be judged by"


def _counted(result: CriterionResult, evidence: Evidence) -> str:
    total = evidence.counts.totals.get(result.name)
    if isinstance(total, TotalCount):
        return f"{total.count:,}"
    if result.kind is CriterionKind.WORST_MERCHANT:
        worst = result.worst
        return f"{worst.tally.good:,}/{worst.tally.matured:,}" if worst else "no single merchant"
    return "could not be counted"


def _no_rate(result: CriterionResult) -> str:
    if result.kind in _COUNTS:
        return _A_COUNT
    if result.kind is CriterionKind.WORST_MERCHANT:
        rate = result.worst.tally.rate if result.worst else None
        return words.rounded_down(rate) if rate is not None else "no single merchant"
    return "could not be counted"


def _target(result: CriterionResult, evidence: Evidence) -> str:
    policy = evidence.policy
    if result.kind in _COUNTS:
        return "0"
    if result.kind is CriterionKind.DURATION and isinstance(policy, DeterministicGate):
        return f"at most {words.duration(policy.duration_proceed)}"
    if isinstance(policy, SequentialGate) and policy.worst_merchant:
        return words.percent(policy.worst_merchant.fix_minor_below)
    return "every run"


def _floor(result: CriterionResult, evidence: Evidence) -> str:
    policy = evidence.policy
    if result.kind is CriterionKind.NEVER:
        return "0"
    if isinstance(policy, DeterministicGate):
        if result.kind is CriterionKind.LIMIT:
            limits = {Total.FAILED: policy.failed_rollback, Total.STUCK: policy.stuck_rollback}
            return f"rollback at {limits[Total(result.name)]}"
        if result.kind is CriterionKind.DURATION:
            return f"at most {words.duration(policy.duration_fix_minor)}"
    return "none: it never means rollback"
