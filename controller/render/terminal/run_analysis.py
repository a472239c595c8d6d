"""One run, for the terminal: what became of it, what it left behind, how others fared."""

from collections.abc import Iterable, Iterator
from typing import Final

from controller.domain.instants import format_instant
from controller.gate.counts import Uncounted
from controller.gate.single_run import Fate, RunLimits
from controller.inquiry.run import RunAnalysis
from controller.render import run_analysis_words as words
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, Style, wrapped
from controller.render.terminal.style import bad, faint, good, strong, warn

_LABEL: Final = 12
_LONGEST_LABEL: Final = 30
_STYLES: Final[dict[Fate, Style]] = {
    Fate.COMPLETED: good,
    Fate.FAILED: bad,
    Fate.STUCK: bad,
    Fate.PENDING: warn,
    Fate.EXCLUDED: warn,
}


def analysis_text(analysis: RunAnalysis, *, width: int = WIDTH) -> str:
    """Everything about one run.

    Args:
        analysis: What was found.
        width: Of the terminal, in characters.
    """
    lines = [
        *_head(analysis),
        *_section("gates", words.judgements(analysis), width),
        *_section("stages", words.stages(analysis), width),
        *_orders(analysis, width),
        *_quality(analysis, width),
        *_section("compared", _compared(analysis), width),
    ]
    return "".join(f"{line}\n" for line in lines)


def _head(analysis: RunAnalysis) -> Iterator[str]:
    run, merchant = analysis.run, analysis.merchant
    yield f"{strong(terminal(run.id))}  {_style(analysis)(terminal(words.headline(analysis)))}"
    shop = terminal(merchant.shop_domain) if merchant else "a merchant that is gone"
    yield (
        f"{shop}  {terminal(run.merchant)} · {terminal(analysis.environment)} · "
        f"{format_instant(analysis.now)}"
    )
    yield f"file: {terminal(words.file(run.file))}"


def _style(analysis: RunAnalysis) -> Style:
    """By the gate that counts it; without one by the app's own word."""
    treated = words.treated_by(analysis)
    limits = treated[0].limits if treated else RunLimits()
    outcome = analysis.run.outcomes[limits]
    if not treated and outcome.fate is Fate.STUCK:
        return str  # the old way takes longer than a gate allows
    return _STYLES[outcome.fate]


def _section(title: str, facts: Iterable[words.Fact], width: int) -> Iterator[str]:
    rows = [(terminal(label), terminal(text)) for label, text in facts]
    longest = max((len(label) for label, _ in rows), default=0)
    label_width = min(max(longest, _LABEL), _LONGEST_LABEL)
    yield ""
    yield faint(title)
    for label, text in rows:
        first, rest = f"  {label.ljust(label_width)}  ", " " * (label_width + 4)
        yield from wrapped(text, width, first=first, rest=rest)


def _orders(analysis: RunAnalysis, width: int) -> Iterator[str]:
    orders = analysis.run.orders
    if isinstance(orders, Uncounted):
        yield from _section("order", [("cannot be read", orders.reason)], width)
    elif not orders:
        yield from _section("order", [("none", "this run made no purchase order")], width)
    else:
        for order in orders:
            yield from _section(f"order {terminal(order.id)}", words.order(order), width)


def _quality(analysis: RunAnalysis, width: int) -> Iterator[str]:
    measures, title = analysis.run.measures, "data quality, as gates count it"
    if isinstance(measures, Uncounted):
        yield from _section(title, [("cannot be read", measures.reason)], width)
        return
    yield from ("", faint(title))
    for text, holds in words.quality(analysis):
        mark, style = ("ok", good) if holds else ("NO", bad)
        first, *rest = wrapped(terminal(text), width, first=" " * 6, rest=" " * 6)
        yield f"  {style(mark)}  {first.lstrip()}"
        yield from rest


def _compared(analysis: RunAnalysis) -> Iterator[words.Fact]:
    yield "its own past", words.past(analysis)
    yield from (("baseline", f"{flag}: {text}") for flag, text in words.baselines(analysis))
