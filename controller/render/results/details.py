"""Test details: what was tried, where, with whom, when, by whom, and what was looked at."""

from collections.abc import Iterator

from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate.counts import Durations, Freshness, Identity, Population, Uncounted
from controller.gate.evidence import Evidence, policy_digest
from controller.gate.words import percent
from controller.inquiry.report import NAMED, Results
from controller.render import words
from controller.render.gate_remarks import SHORT_ID
from controller.render.results import missing, sources
from controller.render.results.document import Fact, Facts, Section


def section(found: Results) -> Section:
    """What the document's reader must know before any result."""
    facts = (*_place(found), *_merchants(found), *_runs(found), *_judgement(found))
    return Section(
        "test-details", "Test details", (Facts("What was tried, where, when and with whom", facts),)
    )


def _place(found: Results) -> Iterator[Fact]:
    applied = sources.applied(found)
    yield Fact("Flag", f"`{found.flag}`", applied)
    yield Fact("Environment", f"`{found.environment}`", applied)
    yield Fact("Phase", _phase(found), applied)
    judged = sources.EVIDENCE if found.deciding else ()
    yield Fact("Dates", _dates(found), (*sources.ledger(found.entered), *judged))
    yield Fact("Entered by", _entered(found), sources.ledger(found.entered))


def _phase(found: Results) -> str:
    now = "" if found.is_present else f"; it is in `{found.applied.desired.phase}` now"
    step = found.step
    if step is None:
        return f"`{found.phase}`, which the ladder does not have any more{now}"
    if step.percent is None:
        return f"`{found.phase}`: {counted(len(step.merchants))} by name{now}"
    return f"`{found.phase}`: {percent(step.percent)} of the eligible merchants{now}"


def _dates(found: Results) -> str:
    if found.since is None:
        return "not known: no evidence that can be read says when the phase was entered"
    since = format_instant(found.since)
    if found.deciding is None:
        return f"since {since}; not judged yet"
    return f"{since} (entered) to {format_instant(found.deciding.judged_at)} (judged)"


def _entered(found: Results) -> str:
    run = found.entered
    if run is None:
        return (
            "not known: the ledger has no run of that moment; look: "
            f"`rolloutctl history --flag {found.flag}`"
        )
    return f"{run.actor}, {words.at_revision(run.revision)}, generation {run.generation}"


def _merchants(found: Results) -> Iterator[Fact]:
    if found.named:
        more = len(found.step.merchants) - NAMED if found.step else 0
        names = [_merchant(key, domain) for key, domain in found.named.items()]
        rest = f" and {more:,} more" if more > 0 else ""
        yield Fact("Test merchants", f"{', '.join(names)}{rest}", sources.applied(found))
    identity = found.evidence.counts.identity if found.evidence else None
    if isinstance(identity, Identity):
        told = f"{counted(identity.cohort_counted)} by the ledger"
        told += f", {identity.cohort_found:,} found turned on"
        yield Fact("Merchants with it", told, sources.EVIDENCE)
    elif identity is not None:
        yield Fact("Merchants with it", f"not counted: {identity.reason}", sources.EVIDENCE)
    else:
        yield Fact("Merchants with it", missing.see_above(found))


def _merchant(key: str, domain: str | None) -> str:
    return f"`{key}` ({domain or 'the app does not know it any more'})"


def _runs(found: Results) -> Iterator[Fact]:
    if found.evidence is None:
        yield Fact("Workflow runs", missing.see_above(found))
        return
    counts, marks = found.evidence.counts, sources.EVIDENCE
    population = counts.population
    if isinstance(population, Uncounted):
        yield Fact("Workflow runs", f"not counted: {population.reason}", marks)
    else:
        yield Fact("Workflow runs", _population(population), marks)
    yield Fact("Workflow ID", _workflow(counts.durations), marks)


def _population(population: Population) -> str:
    return (
        f"{counted(population.matured, 'run')} of {counted(population.merchants)} judged; "
        f"{population.pending:,} pending, {population.excluded_runs:,} left out as bad data"
    )


def _workflow(durations: Durations | Uncounted) -> str:
    if isinstance(durations, Uncounted):
        return f"no single run is named: {durations.reason}"
    if durations.worst_run is None:
        return "none: no run has completed yet"
    run = durations.worst_run
    which = f"the slowest of {durations.runs:,}" if durations.runs > 1 else "the only one"
    return f"`{run}`, {which}: `rolloutctl analyze {run}`"


def _judgement(found: Results) -> Iterator[Fact]:
    judged = found.deciding
    if judged is None or found.evidence is None:
        yield Fact("Judged", missing.see_above(found))
        return
    asked = f"{format_instant(judged.judged_at)}, asked by {judged.actor}"
    yield Fact("Judged", f"{asked} at {words.at_revision(judged.revision)}", sources.EVIDENCE)
    yield Fact("Gate", _gate(found.evidence), sources.EVIDENCE)
    yield Fact("Data until", _watermark(found.evidence), sources.EVIDENCE)


def _gate(evidence: Evidence) -> str:
    digest = policy_digest(evidence.policy)[:SHORT_ID]
    return f"`{evidence.policy.name}` ({evidence.report.method}), policy `{digest}`"


def _watermark(evidence: Evidence) -> str:
    freshness = evidence.counts.freshness
    if not isinstance(freshness, Freshness):
        return f"not known: {freshness.reason}"
    if freshness.watermark is None:
        return "there was no run at all"
    return f"{format_instant(freshness.watermark)}, when the newest run of any merchant began"
