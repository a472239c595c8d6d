"""The table of success metrics of a phase: target, actual, status."""

from collections.abc import Iterator

from controller.domain.measures import Rate, Total
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.counts import Identity, Population, TotalCount
from controller.gate.evidence import Evidence
from controller.gate.report import CheckName, CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict, Verdict
from controller.inquiry.report import Results
from controller.render import gate_words
from controller.render.results import missing, performance, quality, sources
from controller.render.results.document import Row, Section, Table, Text

_HEADS = ("Metric", "Target", "Actual", "Status")
_NOT_HERE = (
    "Whether the deploy environment took it is no part of a gate's evidence: `rolloutctl status` "
    "says how it is now."
)


def section(found: Results) -> Section:
    """The metrics, one row each."""
    evidence = found.evidence
    if evidence is None:
        return Section("metrics", "Success metrics", (Text(missing.see_above(found)),))
    rows = (_deployed(found), *_rows(evidence), _ready(found, evidence))
    return Section(
        "metrics", "Success metrics", (Table("Success metrics", _HEADS, rows), Text(_NOT_HERE))
    )


def _deployed(found: Results) -> Row:
    run = found.entered
    if run is None:
        return Row(("Deployment", "no errors", "no run of that moment is recorded", "not known"))
    changed = counted(run.changed.get(found.flag, 0))
    told = f"generation {run.generation} committed, the value of {changed} changed"
    return Row(("Deployment", "no errors", told, "ok"), sources.ledger(run))


def _rows(evidence: Evidence) -> Iterator[Row]:
    yield Row(_toggle(evidence), sources.EVIDENCE)
    yield Row(_duration(evidence), sources.EVIDENCE)
    accurate = quality.accuracy(evidence)
    yield Row(("Data quality", "100 % correct", accurate.text, accurate.state), sources.EVIDENCE)
    synced = quality.rate(Rate.SHOPIFY_SYNCED, evidence)
    yield Row(("Shopify sync", "success", synced.text, synced.state), sources.EVIDENCE)
    yield Row(("Error rate", "0 %", *_errors(evidence)), sources.EVIDENCE)


def _toggle(evidence: Evidence) -> tuple[str, str, str, str]:
    metric, target = "Feature flag working", "on for whom the ledger says, and nobody else"
    identity = evidence.counts.identity
    if not isinstance(identity, Identity):
        return metric, target, f"not known: {identity.reason}", "not known"
    told = (
        f"{identity.cohort_found:,} found on of {identity.cohort_recorded:,} recorded; "
        f"{identity.missing:,} missing, {identity.extra:,} extra"
    )
    verdict = next(c.verdict for c in evidence.report.checks if c.name is CheckName.IDENTITY)
    return metric, target, told, _status(verdict)


def _duration(evidence: Evidence) -> tuple[str, str, str, str]:
    kinds = {CriterionKind.DURATION}
    judged = [r for r in evidence.report.criteria if r.kind in kinds or r.name == Rate.ON_TIME]
    status = _of_result(judged[0]) if judged else "not judged"
    target = performance.expected(evidence.policy)
    return "Workflow duration", target, performance.actual(evidence), status


def _of_result(result: CriterionResult) -> str:
    return _status(result.counts_as) if result.decides else f"only shown: {_status(result.verdict)}"


def _status(verdict: CriterionVerdict) -> str:
    return "ok" if verdict is CriterionVerdict.PASS else gate_words.short(verdict)


def _errors(evidence: Evidence) -> tuple[str, str]:
    population = evidence.counts.population
    totals = [evidence.counts.totals.get(name) for name in (Total.FAILED, Total.STUCK)]
    counts = [total.count for total in totals if isinstance(total, TotalCount)]
    if not isinstance(population, Population) or len(counts) < len(totals):
        return "could not be counted", "not known"
    if not population.matured:
        return "no run has matured yet", "not known"
    failed, stuck = counts
    rate = words.rounded_up((failed + stuck) / population.matured)
    told = f"{rate}: {failed:,} failed and {stuck:,} stuck of {counted(population.matured, 'run')}"
    return told, "ok" if not failed + stuck else "issues"


def _ready(found: Results, evidence: Evidence) -> Row:
    verdict = evidence.report.verdict
    metric = f"Ready for {found.following}" if found.following else "Ready for the next step"
    held = " (but halted)" if found.halt is not None else ""
    actual = "YES" if verdict is Verdict.PROCEED and not held else "NO"
    cells = (metric, "YES", f"{actual}{held}", gate_words.title(verdict))
    return Row(cells, sources.EVIDENCE)
