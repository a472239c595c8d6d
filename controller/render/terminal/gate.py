"""The gate's report for the terminal: the answer, then what it would take, then the figures."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from controller.gate.report import Check, CriterionResult, GateReport
from controller.gate.verdict import CriterionVerdict, Verdict
from controller.render import gate_words
from controller.render.escape import terminal
from controller.render.terminal.layout import NARROW, WIDTH, Style, columns, steps, styled, wrapped
from controller.render.terminal.style import bad, faint, good, strong, warn

_STYLES: Final[Mapping[Verdict | CriterionVerdict, Style]] = {
    Verdict.PROCEED: good,
    Verdict.FIX_MINOR: warn,
    Verdict.INSUFFICIENT_DATA: warn,
    Verdict.ERROR: bad,
    Verdict.ROLLBACK: bad,
    CriterionVerdict.PASS: good,
    CriterionVerdict.WARN: warn,
    CriterionVerdict.INCONCLUSIVE: warn,
    CriterionVerdict.INSUFFICIENT_DATA: warn,
    CriterionVerdict.ERROR: bad,
    CriterionVerdict.FAIL: bad,
}
_TITLES: Final = (
    "verdict",
    "criterion",
    "good",
    "rate",
    "true rate",
    "floor",
    "target",
)
_LEFT: Final = frozenset({0, 1})
_INDENT: Final = "  "


def gate_text(
    report: GateReport,
    *,
    following: str | None = None,
    remarks: Iterable[str] = (),
    width: int = WIDTH,
    with_queries: bool = False,
) -> str:
    """The whole report.

    Args:
        report: What the gate found.
        following: The phase that would be entered.
        remarks: What else is to be said beside the notes: where the evidence is, for example.
        width: Of the terminal, in characters.
        with_queries: Whether the resolved queries are wanted too.
    """
    lines = [
        *_answer(report, following, width),
        *_section(gate_words.needs_title(report), _items(report.needs, width)),
        *_section("criteria", _criteria(report.criteria, width)),
        *_section("checks", _checks(report.checks, width)),
        *_section("waivers in force", _items((u.explanation for u in report.waivers), width)),
        *_section("to know", _items((*report.notes, gate_words.error_rates(report)), width)),
        *_section("queries", _queries(report) if with_queries else iter(())),
        "",
        *styled(faint, wrapped(terminal(gate_words.origin(report)), width)),
        *(line for remark in remarks for line in styled(faint, wrapped(terminal(remark), width))),
    ]
    return "\n".join(lines) + "\n"


def _answer(report: GateReport, following: str | None, width: int) -> Iterator[str]:
    title = gate_words.title(report.verdict).upper()
    answer = terminal(gate_words.answer(report, following))
    first, *rest = wrapped(f"{title}  {answer}", width)
    yield _STYLES[report.verdict](strong(title)) + strong(first[len(title) :])
    yield from map(strong, rest)
    yield from wrapped(terminal(report.claim), width)
    for reason in gate_words.why(report):
        yield from wrapped(terminal(reason), width, first=_INDENT, rest=_INDENT * 2)
    yield from steps(terminal(gate_words.next_step(report, following)), width)


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield ""
            yield strong(title)
        yield line


def _items(texts: Iterable[str], width: int) -> Iterator[str]:
    for text in texts:
        yield from wrapped(terminal(text), width, first=f"{_INDENT}- ", rest=_INDENT * 2)


def _criteria(criteria: tuple[CriterionResult, ...], width: int) -> Iterator[str]:
    if not criteria:
        return
    titles, *rows = columns([_TITLES, *map(_cells, criteria)], _LEFT)
    if width < NARROW or len(_INDENT) + max(map(len, (titles, *rows))) > width:
        for result in criteria:
            line = f"{gate_words.verdict_of(result)}  {terminal(result.name)}"
            yield _INDENT + _verdict(result, line)
            yield from _words(result, width)
        return
    yield _INDENT + faint(titles)
    _, *names = columns([_TITLES[:2], *(_cells(result)[:2] for result in criteria)], _LEFT)
    longest = max(map(len, names))
    for result, row, name in zip(criteria, rows, names, strict=True):
        yield from _row(result, row if result.all_runs else name.ljust(longest), width)


def _cells(result: CriterionResult) -> tuple[str, ...]:
    share = result.all_runs
    return (
        gate_words.verdict_of(result),
        terminal(result.name),
        gate_words.good_of(share) if share else "",
        gate_words.rate(share) if share else "",
        gate_words.interval(result),
        gate_words.percent(result.floor),
        gate_words.percent(result.target),
    )


def _row(result: CriterionResult, row: str, width: int) -> Iterator[str]:
    """The figures, and the words beside them where they have room, otherwise below."""
    reason = terminal(gate_words.reason_of(result))
    if result.all_runs is None or len(_INDENT) + len(row) + 2 + len(reason) <= width:
        plain = f"{_INDENT}{row}  "
        first, *rest = wrapped(reason, width, first=plain, rest=" " * len(plain))
        yield _INDENT + _verdict(result, first[len(_INDENT) :])
        yield from rest
    else:
        yield _INDENT + _verdict(result, row)
        yield from _words(result, width)


def _verdict(result: CriterionResult, line: str) -> str:
    verdict = gate_words.verdict_of(result)
    style = warn if result.waiver else _STYLES[result.verdict]
    return style(verdict) + line[len(verdict) :]


def _words(result: CriterionResult, width: int) -> Iterator[str]:
    indent = _INDENT * 3
    for text in filter(None, (gate_words.reason_of(result), gate_words.merchants(result))):
        lines = wrapped(terminal(text), width, first=indent, rest=indent)
        yield from lines if gate_words.objects(result) else styled(faint, lines)


def _checks(checks: tuple[Check, ...], width: int) -> Iterator[str]:
    longest = max((len(check.name) for check in checks), default=0)
    for check in checks:
        title = gate_words.short(check.verdict)
        plain = f"{_INDENT}{title:<7}  {check.name:<{longest}}  "
        rest = _INDENT * 3 if width < NARROW else " " * len(plain)
        first, *more = wrapped(terminal(check.reason), width, first=plain, rest=rest)
        yield _INDENT + _STYLES[check.verdict](title) + first[len(_INDENT) + len(title) :]
        yield from more


def _queries(report: GateReport) -> Iterator[str]:
    for names, query in gate_words.queries(report):
        yield f"{_INDENT}{terminal(names)}"
        for line in query.splitlines():
            yield _INDENT * 2 + terminal(line.expandtabs(4))
