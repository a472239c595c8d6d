"""How long runs take with the feature, against how it was before, as far as evidence says it."""

from collections.abc import Iterator
from datetime import timedelta

from controller.gate import words as said
from controller.gate.counts import Baseline, Durations
from controller.gate.evidence import Evidence
from controller.render import gate_words, words
from controller.render.html import charts
from controller.render.html.markup import Markup, prose, tag
from controller.render.results.performance import limit_of


def durations(evidence: Evidence, source: Markup) -> Iterator[Markup]:
    """The section; `source` is the id of the evidence."""
    counts = evidence.counts
    rows = list(_lengths(evidence))
    yield tag("h3", "How long runs take")
    yield tag("p", prose(f"{words.baseline(counts.flag, counts.baseline).rstrip('.')}."))
    for told in _treated(evidence):
        yield tag("p", told)
    if rows:
        title = "; ".join(f"{label}: {told}" for label, _, told, _ in rows)
        caption = tag("figcaption", "Evidence ", source)
        yield tag("figure", caption, charts.bars(title, rows))


def _lengths(evidence: Evidence) -> Iterator[tuple[str, float, str, str]]:
    counts = evidence.counts
    if isinstance(counts.baseline, Baseline) and counts.baseline.median_bound is not None:
        yield _length("before, half took at least", counts.baseline.median_bound, "line")
    if isinstance(counts.durations, Durations) and counts.durations.median is not None:
        yield _length("with it, half took at most", counts.durations.median, "info")
    if isinstance(counts.durations, Durations) and counts.durations.worst is not None:
        yield _length("with it, the slowest took", counts.durations.worst, "info")
    limit = limit_of(evidence.policy)
    if limit is not None:
        yield _length("a good run takes at most", limit, "good")


def _length(label: str, time: timedelta, colour: str) -> tuple[str, float, str, str]:
    return label, time.total_seconds(), said.duration(time), colour


def _treated(evidence: Evidence) -> Iterator[str]:
    """How the runs with the feature did, as far as it is stored."""
    counted, limit = evidence.counts.durations, limit_of(evidence.policy)
    if limit is None:
        return
    told = f"completed runs with it took at most {said.duration(limit)}."
    if isinstance(counted, Durations):
        if counted.runs:
            yield f"{counted.within:,} of {counted.runs:,} {told}"
        return
    for result in evidence.report.criteria:
        if result.name == "on_time" and result.all_runs:
            good = gate_words.good_of(result.all_runs)
            yield f"{good} runs with it were completed within {said.duration(limit)}."
