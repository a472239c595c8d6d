"""Where the figures of the results document come from: evidence, baseline, runs of the ledger."""

from collections.abc import Iterator
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.ledger import RunRecord
from controller.gate.counts import Baseline, Uncounted
from controller.gate.evidence import policy_digest
from controller.inquiry.judged import Judged
from controller.inquiry.report import JUDGEMENTS, Results
from controller.render import gate_words
from controller.render.gate_remarks import SHORT_ID
from controller.render.results.document import Block, Bullets, Marks, Row, Section, Table, Text

SHOWN: Final = 10
"""So many judgements are listed, the newest ones; the others are counted."""
EVIDENCE: Final = ("E1",)
"""The evidence of the judgement that decides."""
BASELINE: Final = ("B",)


def ledger(run: RunRecord | None) -> Marks:
    """The ledger's row of one run."""
    return (f"L{run.generation}",) if run else ()


def applied(found: Results) -> Marks:
    """The ledger's row of the flag as applied last."""
    return (f"L{found.applied.generation}",)


def shown(found: Results) -> tuple[Judged, ...]:
    """The judgements that are listed, the newest first."""
    return found.judged[:SHOWN]


def section(found: Results) -> Section:
    """Every source by its mark, how to check it, and what else to know."""
    rows = (*_judgements(found), *_baseline(found), *_runs(found))
    heads = ("Mark", "What", "Id", "As of", "Policy", "Check it with")
    blocks: list[Block] = [Text(_said(found)), Table("Sources", heads, rows, has_sources=False)]
    if found.evidence is not None:
        report = found.evidence.report
        notes = (*report.notes, gate_words.error_rates(report))
        blocks.append(Bullets("To know", notes))
    return Section("evidence", "Evidence", tuple(blocks))


def _said(found: Results) -> str:
    text = (
        "Every figure above is from what the ledger keeps; nothing was counted for this document. "
        f"It was written at {format_instant(found.now)}, by the database's clock."
    )
    again = found.recomputed
    if again is None or found.deciding is None:
        return text
    if again.same_decision:
        return f"{text} Judged once more for it, the evidence leads to the same verdicts."
    short = found.deciding.id[:SHORT_ID]
    return (
        f"{text} CAREFUL: this version of the program makes another verdict of the same evidence: "
        f"`rolloutctl gate --recompute {short}`"
    )


def _judgements(found: Results) -> Iterator[Row]:
    for number, judged in enumerate(shown(found), start=1):
        policy = "its evidence cannot be read"
        if judged.evidence is not None:
            digest = policy_digest(judged.evidence.policy)
            policy = f"`{judged.evidence.policy.name}`, `{digest[:SHORT_ID]}`"
        yield Row(
            (
                f"E{number}",
                "the judgement that decides" if number == 1 else "an earlier judgement",
                f"`{judged.id}`",
                format_instant(judged.judged_at),
                policy,
                f"`rolloutctl gate --recompute {judged.id[:SHORT_ID]}`",
            )
        )


def _baseline(found: Results) -> Iterator[Row]:
    baseline = found.evidence.counts.baseline if found.evidence else None
    if isinstance(baseline, Baseline):
        yield Row(
            (
                BASELINE[0],
                "how it was before, frozen; E1 holds it",
                f"`{baseline.hash}`",
                format_instant(baseline.measured_at),
                "none: it is measured, not judged",
                "its hash, whenever E1 is read",
            )
        )


def _runs(found: Results) -> Iterator[Row]:
    """The ledger's runs that are named above, and the one that applied the flag last."""
    named = {run.generation: run for run in (found.entered, *found.events) if run}
    for generation in sorted({*named, found.applied.generation}):
        run = named.get(generation)
        yield Row(
            (
                f"L{generation}",
                f"the ledger, generation {generation}: {run.kind if run else 'reconcile'}",
                f"`{run.id}`" if run else f"generation {generation}",
                format_instant(run.at if run else found.applied.since),
                "none: it is a record",
                f"`rolloutctl history --flag {found.flag}`",
            )
        )


def history(found: Results) -> Section:
    """How the verdict came about over time."""
    blocks: list[Block] = []
    if found.judged:
        heads = ("Judged", "Verdict", "Runs that count", "Asked by", "Commit")
        rows = tuple(_verdict(n, one) for n, one in enumerate(shown(found), start=1))
        blocks.append(Table("Judgements, the newest first", heads, rows))
    else:
        blocks.append(Text("Nothing was judged in this stay in the phase."))
    more = len(found.judged) - SHOWN
    if more > 0:
        at_least = "at least " if len(found.judged) + found.earlier >= JUDGEMENTS else ""
        blocks.append(Text(f"...and {at_least}{more:,} older ones, which are not listed."))
    if found.earlier:
        blocks.append(
            Text(
                f"The ledger has {found.earlier:,} more of earlier stays in this phase; they began "
                "to count at another time and are not evidence for this one."
            )
        )
    return Section("history", "Verdicts over time", tuple(blocks))


def _verdict(number: int, judged: Judged) -> Row:
    cells = (
        format_instant(judged.judged_at),
        judged.verdict.replace("_", " "),
        _runs_that_count(judged),
        judged.actor,
        f"`{judged.revision[:SHORT_ID]}`" if judged.revision else "not known",
    )
    return Row(cells, (f"E{number}",), applies=number == 1)


def _runs_that_count(judged: Judged) -> str:
    if judged.evidence is None:
        return f"cannot be read: {judged.problem}"
    population = judged.evidence.counts.population
    if isinstance(population, Uncounted):
        return f"could not be counted: {population.reason}"
    return f"{population.matured:,}"
