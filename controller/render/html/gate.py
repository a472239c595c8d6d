"""What the gate of one rollout said, the evidence as it came together, and who asked."""

from collections.abc import Iterator
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate import words as said
from controller.gate.counts import Freshness, Population, Uncounted
from controller.gate.evidence import Evidence
from controller.gate.report import CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict, Verdict
from controller.inquiry.dashboard import JUDGEMENTS, Board, is_of
from controller.inquiry.judged import Judged, known_verdict
from controller.render import gate_words, words
from controller.render.gate_remarks import SHORT_ID
from controller.render.html import charts
from controller.render.html.charts import Point
from controller.render.html.durations import durations
from controller.render.html.markup import Markup, prose, tag
from controller.render.html.table import cell, name, row, table

CHARTS: Final = 6
"""So many criteria are drawn over time; the table has them all."""
ROWS: Final = 10
"""So many judgements are listed; the others are counted."""
_COLOURS: Final = {
    Verdict.PROCEED: "good",
    Verdict.FIX_MINOR: "warn",
    Verdict.INSUFFICIENT_DATA: "info",
    Verdict.ERROR: "bad",
    Verdict.ROLLBACK: "bad",
}


def mark(judged: Judged) -> Markup:
    """A verdict as a coloured word; the word says it all."""
    verdict = known_verdict(judged)
    title = gate_words.title(verdict) if verdict else judged.verdict
    return tag("span", title, class_=f"mark {_COLOURS[verdict] if verdict else 'bad'}")


def evidence_id(judged: Judged) -> Markup:
    """The id that finds the evidence again."""
    return tag("code", judged.id[:SHORT_ID])


def age(judged: Judged, board: Board) -> str:
    """When it was judged, and whether that is about the phase as it is now."""
    applied = board.standing.applied
    at = format_instant(judged.judged_at)
    if applied is None or is_of(judged, applied.desired.phase, board):
        return at
    return f"{at}, about an earlier stay in {judged.phase}"


def gate_part(board: Board) -> Iterator[Markup]:
    """Everything about the gate."""
    yield tag("h3", "Gate")
    if board.refusal is not None:
        refused = f"It could not be asked now: {board.refusal.message}"
        yield tag("div", tag("p", refused), tag("p", board.refusal.hint), class_="note bad")
    judged = board.newest
    if judged is None:
        yield tag("p", "Nobody has asked a gate about it yet.")
        return
    yield tag(
        "p", mark(judged), " ", f"judged {age(judged, board)}; evidence ", evidence_id(judged)
    )
    if judged.evidence is None:
        yield tag("p", f"It cannot be shown: {judged.problem}", class_="bad")
    else:
        if judged.problem:
            yield tag("p", f"It is not in the ledger: {judged.problem}", class_="warn")
        yield from _answer(judged.evidence)
        yield _criteria(judged.evidence, judged, board)
        yield from _checks(judged.evidence)
        yield from _over_time(board)
        yield from durations(judged.evidence, evidence_id(judged))
        yield from _notes(judged.evidence)
    yield _judgements(board)


def _answer(evidence: Evidence) -> Iterator[Markup]:
    report = evidence.report
    yield tag("p", tag("strong", prose(gate_words.answer(report))), " ", prose(report.claim))
    if report.needs:
        title = gate_words.needs_title(report)
        yield tag("p", f"{title[:1].upper()}{title[1:]}:")
        yield tag("ul", (tag("li", prose(need)) for need in report.needs))
    for use in report.waivers:
        yield tag("div", tag("p", "Waiver: ", prose(use.explanation)), class_="note warn")


def _criteria(evidence: Evidence, judged: Judged, board: Board) -> Markup:
    results = evidence.report.criteria
    if not results:
        return tag("p", "No criterion was judged: what was counted cannot be attributed to it.")
    low = charts.lowest(results)
    caption = tag(
        "caption",
        f"Criteria. Pictures go from {said.rounded_down(low)} to 100 %: the bar is where the true "
        "rate lies, the dot what was found, the dashed red line the floor, the green one the "
        "target. Evidence ",
        evidence_id(judged),
    )
    heads = (
        "Criterion",
        "Good",
        "Rate",
        "True rate",
        "Floor",
        "Target",
        "Picture, and why",
    )
    body = (_criterion(result, low) for result in results)
    return table(f"Criteria of {board.standing.flag}", caption, heads, body, "crit")


def _criterion(result: CriterionResult, low: float) -> Markup:
    share = result.all_runs
    verdict = tag("span", gate_words.verdict_of(result), class_=f"mark {_colour(result)}")
    why = ". ".join(
        filter(None, (gate_words.reason_of(result).rstrip("."), gate_words.merchants(result)))
    )
    return row(
        name(tag("span", result.name, class_="key"), " ", verdict),
        cell("Good", gate_words.good_of(share) if share else "", class_="n"),
        cell("Rate", gate_words.rate(share) if share else "", class_="n"),
        cell("True rate", gate_words.interval(result), class_="n"),
        cell("Floor", gate_words.percent(result.floor), class_="n"),
        cell("Target", gate_words.percent(result.target), class_="n"),
        cell(
            "",
            tag(
                "div",
                charts.interval(result, low),
                tag("div", prose(why), class_="why"),
                class_="both",
            ),
        ),
    )


def _colour(result: CriterionResult) -> str:
    if not result.decides:
        return "faint"
    if result.verdict is CriterionVerdict.WARN or result.waiver is not None:
        return "warn"
    return _COLOURS[result.verdict.for_the_gate]


def _checks(evidence: Evidence) -> Iterator[Markup]:
    checks = evidence.report.checks
    if checks:
        items = (
            tag("li", f"{gate_words.short(c.verdict)}: {c.name}: ", prose(c.reason)) for c in checks
        )
        yield tag("details", tag("summary", "What is asked of the whole"), tag("ul", items))


def _over_time(board: Board) -> Iterator[Markup]:
    drawn = []
    for measure, kind in _drawable(board):
        points = [
            Point(judged.judged_at, result)
            for judged in board.current
            if judged.evidence
            for result in judged.evidence.report.criteria
            if (result.name, result.kind) == (measure, kind) and result.all_runs
        ]
        if len(points) > 1:
            drawn.append((measure, points))
    if not drawn:
        return
    yield tag("h3", "Evidence over time")
    yield tag(
        "p",
        "Since the phase was entered: the grey area is where the true rate lies, the line what was "
        "found. The table of judgements has the ids.",
        class_="small faint",
    )
    figures = (
        tag("figure", _caption(measure, points[-1]), charts.over_time(points))
        for measure, points in drawn[:CHARTS]
    )
    yield tag("div", figures, class_="charts")
    if len(drawn) > CHARTS:
        yield tag("p", f"...and {len(drawn) - CHARTS} more criteria, which the table above has.")


def _caption(measure: str, last: Point) -> Markup:
    """The name of the measure, and how much evidence it has come to."""
    share = last.result.all_runs
    total = f" · {gate_words.good_of(share)} good" if share else ""
    return tag("figcaption", tag("strong", measure), total)


def _drawable(board: Board) -> list[tuple[str, CriterionKind]]:
    newest = board.newest
    results = newest.evidence.report.criteria if newest and newest.evidence else ()
    return [(result.name, result.kind) for result in results if result.decides]


def _notes(evidence: Evidence) -> Iterator[Markup]:
    freshness, population = evidence.counts.freshness, evidence.counts.population
    notes = [*evidence.report.notes, gate_words.error_rates(evidence.report), _watermark(freshness)]
    if isinstance(population, Population):
        notes.append(
            f"{counted(population.pending, 'run')} pending, {population.excluded_runs:,} left out."
        )
    yield tag("details", tag("summary", "To know"), tag("ul", (tag("li", prose(n)) for n in notes)))


def _watermark(freshness: Freshness | Uncounted) -> str:
    if isinstance(freshness, Uncounted):
        return f"How new the data was could not be read: {freshness.reason}"
    if freshness.watermark is None:
        return "There was no run at all."
    return f"Data until {format_instant(freshness.watermark)}: the newest run of any merchant."


def watermark(board: Board) -> str | None:
    """Until when there was data when the gate was asked last; None where nobody knows."""
    newest = board.newest
    if newest is None or newest.evidence is None:
        return None
    freshness = newest.evidence.counts.freshness
    if isinstance(freshness, Freshness) and freshness.watermark is not None:
        return format_instant(freshness.watermark)
    return None


def _judgements(board: Board) -> Markup:
    total = len(board.judged)
    known = f"the newest {total}" if total >= JUDGEMENTS else f"{total}"
    shown = f"; {ROWS} are listed" if total > ROWS else ""
    caption = tag(
        "caption",
        prose(
            f"Judgements in the ledger: {known}{shown}. To judge one again: "
            "rolloutctl gate --recompute ID."
        ),
    )
    heads = ("Judged", "Verdict", "Phase", "Runs", "Asked by", "Commit", "Evidence")
    body = map(_judgement, board.judged[:ROWS])
    listed = table(f"Judgements of {board.standing.flag}", caption, heads, body, "log")
    return tag("details", tag("summary", f"Judgements ({known})"), listed)


def _judgement(judged: Judged) -> Markup:
    population = judged.evidence.counts.population if judged.evidence else None
    runs = f"{population.matured:,}" if isinstance(population, Population) else ""
    return row(
        name(format_instant(judged.judged_at)),
        cell("", mark(judged)),
        cell("Phase", judged.phase),
        cell("Runs", runs, class_="n"),
        cell("Asked by", judged.actor),
        cell("Commit", tag("code", words.revision(judged.revision)) if judged.revision else ""),
        cell("Evidence", evidence_id(judged)),
    )
