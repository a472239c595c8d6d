"""Data quality: orders, line items, the shop, duplicates, corruption, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from controller.domain.gate_policy import DeterministicGate, GatePolicy
from controller.domain.measures import Rate, Total
from controller.domain.wording import counted
from controller.gate.counts import Population, Produced, RateCount, TotalCount, Uncounted
from controller.gate.evidence import Evidence
from controller.inquiry.report import Results
from controller.render.results import missing, sources
from controller.render.results.document import Fact, Facts, Section, Text

DATA: tuple[Rate, ...] = (
    Rate.PURCHASE_ORDER_CREATED,
    Rate.LINE_ITEMS_EXTRACTED,
    Rate.DATA_COMPLETE,
    Rate.SHOPIFY_SYNCED,
)
"""What the document calls the data."""
NEVER: tuple[Total, ...] = (Total.DUPLICATE_ORDERS, Total.CORRUPTED)


class State(StrEnum):
    """Whether something is right, as the table of metrics says it."""

    GOOD = "ok"
    BAD = "issues"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the document: whether it is right, and the words with the counts."""

    state: State
    text: str


def section(found: Results) -> Section:
    """Whether what the runs left behind is right."""
    evidence = found.evidence
    if evidence is None:
        return Section("data-quality", "Data quality", (Text(missing.see_above(found)),))
    facts = tuple(_facts(evidence))
    return Section("data-quality", "Data quality", (Facts("What the runs left behind", facts),))


def _facts(evidence: Evidence) -> Iterator[Fact]:
    labels = ("PO created", "Line items extracted", "Data complete", "Shopify sync")
    rates = [
        Fact(a, rate(b, evidence).text, sources.EVIDENCE) for a, b in zip(labels, DATA, strict=True)
    ]
    yield rates[0]
    yield Fact("Line items", produced(evidence), sources.EVIDENCE)
    yield from rates[1:]
    yield Fact("Duplicate orders", total(Total.DUPLICATE_ORDERS, evidence), sources.EVIDENCE)
    yield Fact("Corrupted data", total(Total.CORRUPTED, evidence), sources.EVIDENCE)
    yield Fact("Left out", _left_out(evidence), sources.EVIDENCE)
    yield Fact("Data accuracy", accuracy(evidence).text, sources.EVIDENCE)


def rate(name: Rate, evidence: Evidence) -> Answer:
    """Whether something holds for every run."""
    count = evidence.counts.rates.get(name)
    if count is None:
        return Answer(State.UNKNOWN, _not_asked(name, evidence))
    if isinstance(count, Uncounted):
        return Answer(State.UNKNOWN, f"could not be counted: {count.reason}")
    tally = count.all_runs
    if not tally.matured:
        return Answer(State.UNKNOWN, "no run yet that it could be judged by")
    told = f"{tally.good:,} of {counted(tally.matured, 'run')} that did not fail"
    if tally.bad:
        return Answer(State.BAD, f"NO for {tally.bad:,}: {told}")
    return Answer(State.GOOD, f"YES: {told}")


def _not_asked(name: str, evidence: Evidence) -> str:
    return f"not judged: gate {evidence.policy.name} does not ask for `{name}`"


def produced(evidence: Evidence) -> str:
    """The orders and line items of the judged runs."""
    found = evidence.counts.produced
    if isinstance(found, Produced):
        return f"{found.line_items:,} in {counted(found.orders, 'order')}"
    if isinstance(found, Uncounted):
        return f"could not be counted: {found.reason}"
    if isinstance(evidence.policy, DeterministicGate):
        return "not in evidence of the first format; the next answer of the gate has it"
    return "their number is not counted by a sequential gate, which judges many runs by rates"


def total(name: Total, evidence: Evidence) -> str:
    """How often something happened that never should."""
    count = evidence.counts.totals.get(name)
    if count is None:
        return _not_asked(name, evidence)
    if isinstance(count, Uncounted):
        return f"could not be counted: {count.reason}"
    runs = f": {', '.join(f'`{run}`' for run in count.examples)}" if count.examples else ""
    return f"{count.count:,}{runs}"


def _left_out(evidence: Evidence) -> str:
    population = evidence.counts.population
    if not isinstance(population, Population):
        return f"could not be counted: {population.reason}"
    told = [f"{n:,} {why}" for why, n in sorted(population.excluded.items())]
    return "; ".join(told) if told else "0 runs"


def accuracy(evidence: Evidence) -> Answer:
    """The whole in the document's words: VERIFIED, ISSUES, or not judged."""
    asked = {name: _state(name, evidence) for name in asked_of_data(evidence.policy)}
    if not asked:
        told = f"NOT JUDGED: gate {evidence.policy.name} asks nothing of the data"
        return Answer(State.UNKNOWN, told)
    said = {
        State.BAD: "ISSUES with",
        State.UNKNOWN: "NOT JUDGED: nothing is known of",
        State.GOOD: "VERIFIED for every run:",
    }
    state = next(state for state in said if state in asked.values())
    names = ", ".join(
        f"no `{name}`" if state is State.GOOD and name in NEVER else f"`{name}`"
        for name, found in asked.items()
        if found is state
    )
    return Answer(state, f"{said[state]} {names}")


def asked_of_data(policy: GatePolicy) -> tuple[str, ...]:
    """The rates and totals about data that a gate asks for."""
    if isinstance(policy, DeterministicGate):
        rates = policy.require
    else:
        rates = tuple(criterion.name for criterion in policy.criteria)
    return (*(name for name in DATA if name in rates), *(n for n in NEVER if n in policy.never))


def _state(name: str, evidence: Evidence) -> State:
    count = evidence.counts.rates.get(name) or evidence.counts.totals.get(name)
    if isinstance(count, RateCount):
        if count.all_runs.bad:
            return State.BAD
        return State.GOOD if count.all_runs.matured else State.UNKNOWN
    if isinstance(count, TotalCount):
        if count.count:
            return State.BAD
        population = evidence.counts.population
        judged = isinstance(population, Population) and population.matured
        return State.GOOD if judged else State.UNKNOWN
    return State.UNKNOWN
