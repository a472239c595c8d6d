"""Issues discovered: harm, what is below target, what was left out, halts, exceptions taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.ledger import RunRecord
from controller.domain.measures import DURATION
from controller.domain.wording import counted
from controller.gate.counts import Durations, Population, TotalCount
from controller.gate.evidence import Evidence
from controller.gate.report import CheckName, CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict
from controller.inquiry.report import Results
from controller.render import gate_words, run_words
from controller.render.results import missing, sources
from controller.render.results.document import Block, Bullets, Marks, Row, Section, Table, Text


class Severity(StrEnum):
    """How bad an issue is, in the document's words; from the worst to the least."""

    CRITICAL = "CRITICAL"  # what must never happen has happened
    HIGH = "HIGH"  # it calls for rollback, was halted, or could not be judged
    MEDIUM = "MEDIUM"  # below target
    LOW = "LOW"  # to know


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue.

    Attributes:
        fix: What was done about it, or what to do next.
    """

    text: str
    severity: Severity
    fix: str
    marks: Marks


_OF_VERDICT: Final = {
    CriterionVerdict.FAIL: Severity.HIGH,
    CriterionVerdict.ERROR: Severity.HIGH,
    CriterionVerdict.WARN: Severity.MEDIUM,
}
_SEVERITY: Final = (
    "Severity follows the verdict: CRITICAL is what must never happen, HIGH calls for rollback, "
    "was halted or could not be judged, MEDIUM is below target, LOW is to know."
)
_NO_FIX: Final = (
    "The ledger does not know how an issue was fixed in the app; who sends this document adds it."
)


def section(found: Results) -> Section:
    """Every issue with its severity and what was or is to be done."""
    blocks: list[Block] = []
    issues = issues_of(found)
    if found.evidence is None:
        blocks.append(Text(missing.see_above(found)))
    if issues:
        rows = tuple(
            Row((str(number), issue.text, issue.severity, issue.fix), issue.marks)
            for number, issue in enumerate(issues, start=1)
        )
        blocks.append(Table("Issues", ("No.", "Issue", "Severity", "Fix"), rows))
        blocks.append(Text(f"{_SEVERITY} {_NO_FIX}"))
    elif found.evidence is not None:
        blocks.append(Text("None: nothing is amiss in the evidence (E1), and nothing was halted."))
    blocks += _undecided(found)
    return Section("issues", "Issues discovered", tuple(blocks))


def issues_of(found: Results) -> tuple[Issue, ...]:
    """The worst first."""
    issues = [*_harm(found), *_halts(found), *_lifted(found)]
    order = list(Severity)
    return tuple(sorted(issues, key=lambda issue: order.index(issue.severity)))


def _undecided(found: Results) -> Iterator[Block]:
    if found.evidence is None:
        return
    report = found.evidence.report
    waits = {CriterionVerdict.INCONCLUSIVE, CriterionVerdict.INSUFFICIENT_DATA}
    names = tuple(r.name for r in report.criteria if r.decides and r.verdict in waits)
    if names:
        yield Text(f"Not decided yet, so neither an issue nor none: {', '.join(names)}.")
    if report.waivers:
        yield Bullets("Waivers in force (E1)", tuple(use.explanation for use in report.waivers))


def _harm(found: Results) -> Iterator[Issue]:
    evidence = found.evidence
    if evidence is None:
        return
    for check in evidence.report.checks:
        if check.verdict in _OF_VERDICT:
            fix = check.needs or f"find out why; then `rolloutctl gate {found.flag}`"
            text = f"`{check.name}`: {check.reason}"
            yield Issue(text, _OF_VERDICT[check.verdict], fix, sources.EVIDENCE)
    for result in evidence.report.criteria:
        yield from _of_criterion(result, evidence)
    yield from _left_out(evidence)


def _left_out(evidence: Evidence) -> Iterator[Issue]:
    """Runs that were left out, where the check of the clocks does not say it already."""
    population = evidence.counts.population
    clocks = (c.verdict for c in evidence.report.checks if c.name is CheckName.CLOCKS)
    if isinstance(population, Population) and not _OF_VERDICT.keys() & {*clocks}:
        for why, runs in sorted(population.excluded.items()):
            text = f"{counted(runs, 'run')} left out as bad data: {why}"
            fix = "none needed here: what cannot be true is not averaged in"
            yield Issue(text, Severity.LOW, fix, sources.EVIDENCE)


def _of_criterion(result: CriterionResult, evidence: Evidence) -> Iterator[Issue]:
    severity = _OF_VERDICT.get(result.verdict)
    imperfect = result.all_runs is not None and result.all_runs.tally.bad > 0
    if severity is None and not (imperfect and result.verdict is CriterionVerdict.PASS):
        return
    if severity is None or not result.decides:
        severity = Severity.LOW
    elif result.kind is CriterionKind.NEVER and result.verdict is CriterionVerdict.FAIL:
        severity = Severity.CRITICAL
    said = filter(None, (result.reason.rstrip("."), gate_words.merchants(result)))
    passes = " (it passes all the same)" if result.verdict is CriterionVerdict.PASS else ""
    text = f"`{result.name}`{passes}: {'. '.join(said)}"
    yield Issue(text, severity, _fix(result, evidence), sources.EVIDENCE)


def _fix(result: CriterionResult, evidence: Evidence) -> str:
    waiver = result.waiver
    if waiver is not None:
        return f"waived by {waiver.approved_by} until {waiver.expires}: {waiver.reason}"
    if result.verdict is CriterionVerdict.PASS or not result.decides:
        return "none is asked for: it does not hold the rollout back"
    if result.verdict is CriterionVerdict.ERROR:
        return f"mend what could not be judged; then `rolloutctl gate {evidence.report.flag}`"
    runs = _examples(result, evidence)
    if runs:
        return f"open; look at {', '.join(f'`rolloutctl analyze {run}`' for run in runs)}"
    return f"open; then `rolloutctl gate {evidence.report.flag}`"


def _examples(result: CriterionResult, evidence: Evidence) -> tuple[str, ...]:
    total = evidence.counts.totals.get(result.name)
    if isinstance(total, TotalCount):
        return total.examples
    durations = evidence.counts.durations
    if result.name == DURATION and isinstance(durations, Durations) and durations.worst_run:
        return (durations.worst_run,)
    return ()


def _halts(found: Results) -> Iterator[Issue]:
    """Each halt of the stay, with how it ended."""
    for place, run in enumerate(found.events):
        if run.kind == "halt":
            later = found.events[place + 1 :]
            end = next((other for other in later if other.kind == "resume"), None)
            text = f"Halted {format_instant(run.at)} by {run.actor}: {_reason(run)}"
            marks = (*sources.ledger(run), *sources.ledger(end))
            yield Issue(text, Severity.HIGH, _end(found, end), marks)


def _end(found: Results, end: RunRecord | None) -> str:
    if end is not None:
        return f"resumed {format_instant(end.at)} by {end.actor}: {_reason(end)}"
    if found.halt is not None:
        resume = f'rolloutctl resume {found.flag} --reason "..."'
        return f"still halted; when the reason is gone: `{resume}`"
    return "ended without a resume: the files turned it off for everyone"


def _reason(run: RunRecord) -> str:
    return str(run.summary.get("reason", "no reason is recorded"))


def _lifted(found: Results) -> Iterator[Issue]:
    """Guardrails that did not hold when the phase was entered."""
    for told in run_words.lifted(found.entered) if found.entered else ():
        fix = "a person decided so; the reason is theirs"
        yield Issue(
            f"When the phase was entered: {told}", Severity.LOW, fix, sources.ledger(found.entered)
        )
