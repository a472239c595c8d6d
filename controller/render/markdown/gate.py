"""The gate's report in Markdown, for a pull request comment or a step summary.

The answer and what it would take stand first; details fold away, and waivers never do.
"""

from collections.abc import Iterable, Iterator

from controller.gate.report import CriterionResult, GateReport
from controller.gate.verdict import CriterionVerdict
from controller.render import gate_words
from controller.render.escape import markdown, markdown_prose


def gate_markdown(
    report: GateReport,
    *,
    following: str | None = None,
    remarks: Iterable[str] = (),
    with_queries: bool = False,
    with_next: bool = True,
) -> str:
    """The whole report.

    Args:
        report: What the gate found.
        following: The phase that would be entered.
        remarks: What else is to be said: where the evidence is, for example.
        with_queries: Whether the resolved queries are wanted too.
        with_next: Whether to say what to do next; the pull request that does it need not.
    """
    lines = [
        *_answer(report, following, with_next=with_next),
        *_list(gate_words.needs_title(report), report.needs),
        *_list("waivers in force", (use.explanation for use in report.waivers)),
        *_criteria(report),
        *_checks(report),
        *_list("to know", (*report.notes, gate_words.error_rates(report))),
        *(_queries(report) if with_queries else ()),
        _footer((gate_words.origin(report), *remarks)),
    ]
    return "\n".join(lines) + "\n"


def _answer(report: GateReport, following: str | None, *, with_next: bool) -> Iterator[str]:
    title = gate_words.title(report.verdict).upper()
    yield f"### Gate of {markdown(report.flag)}: {title}"
    yield ""
    yield f"**{markdown_prose(gate_words.answer(report, following))}**"
    yield ""
    yield markdown_prose(report.claim)
    yield ""
    for reason in gate_words.why(report):
        yield f"> {markdown_prose(reason)}<br>"
    if with_next:
        yield f"> next: {markdown_prose(gate_words.next_step(report, following))}"
    yield ""


def _list(title: str, texts: Iterable[str]) -> Iterator[str]:
    items = [f"- {markdown_prose(text)}" for text in texts]
    if items:
        yield f"**{title}**"
        yield ""
        yield from items
        yield ""


def _criteria(report: GateReport) -> Iterator[str]:
    if not report.criteria:
        return
    yield "| verdict | criterion | good | rate | true rate | floor | target |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    yield from map(_row, report.criteria)
    yield ""
    objecting = [result for result in report.criteria if gate_words.objects(result)]
    if objecting:
        yield from map(_found, objecting)
        yield ""
    rest = [result for result in report.criteria if not gate_words.objects(result)]
    yield from _folded("other criteria" if objecting else "criteria", map(_found, rest))


def _row(result: CriterionResult) -> str:
    share = result.all_runs
    verdict = gate_words.verdict_of(result)
    cells = (
        f"**{verdict}**" if gate_words.objects(result) else verdict,
        markdown(result.name),
        gate_words.good_of(share) if share else "",
        gate_words.rate(share) if share else "",
        gate_words.interval(result),
        gate_words.percent(result.floor),
        gate_words.percent(result.target),
    )
    return f"| {' | '.join(cells)} |"


def _found(result: CriterionResult) -> str:
    texts = filter(None, (gate_words.reason_of(result), gate_words.merchants(result)))
    return f"- {markdown(result.name)}: {'<br>'.join(map(markdown_prose, texts))}"


def _checks(report: GateReport) -> Iterator[str]:
    objecting = [c for c in report.checks if c.verdict is not CriterionVerdict.PASS]
    for check in objecting:
        verdict = gate_words.short(check.verdict)
        yield f"- **{verdict}** {check.name}: {markdown_prose(check.reason)}"
    if objecting:
        yield ""
    rest = (check for check in report.checks if check.verdict is CriterionVerdict.PASS)
    yield from _folded("checks passed", (f"- {c.name}: {markdown_prose(c.reason)}" for c in rest))


def _queries(report: GateReport) -> Iterator[str]:
    for names, query in gate_words.queries(report):
        lines = "<br>".join(markdown(line) for line in query.splitlines())
        yield from _folded("query", [f"{markdown(names)}<br>{lines}"])


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if not lines:
        return
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def _footer(texts: Iterable[str]) -> str:
    return f"<sub>{'<br>'.join(markdown_prose(text) for text in texts)}</sub>"
