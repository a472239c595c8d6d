"""The dashboard as one page: what is urgent first, then every rollout with its evidence."""

from collections.abc import Container, Iterator, Mapping
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.standing import Condition, Overview, Standing
from controller.domain.wording import counted
from controller.errors import RolloutError
from controller.inquiry.dashboard import Board, Dashboard
from controller.render import staleness_words, standing_words, words
from controller.render.html import gate, rollout
from controller.render.html.ladder import drawings, ladder
from controller.render.html.markup import Markup, prose, tag, whole
from controller.render.html.style import policy, sheet
from controller.render.html.table import cell, name, row, table

ROWS: Final = 500
"""So many rollouts are listed; the others are counted."""
SPACE: Final = 550_000
"""So many bytes are for the rollouts in full; those that do not fit are listed only."""
STALE: Final = 50
"""So many flags that should go away are listed; the others are counted."""


def page(found: Dashboard, *, outdated: RolloutError | None = None) -> str:
    """The whole page.

    Args:
        found: What was seen.
        outdated: Why nothing newer can be seen; None where this is how things are.
    """
    style, overview, sections = sheet(), found.status.overview, _sections(found)
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(style)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{'Outdated: ' if outdated else ''}Rollouts of {overview.environment}"),
    )
    main = tag(
        "main",
        _outdated(found, outdated) if outdated else None,
        *_alerts(found),
        _glance(found, sections),
        *_stale(found),
        *sections.values(),
        id="main",
    )
    skip = tag("a", "Skip to the rollouts", href="#main", class_="skip")
    parts = (skip, drawings(found.boards), _header(found), main, _footer(found, len(sections)))
    return whole(style, head, parts)


def _sections(found: Dashboard) -> Mapping[str, Markup]:
    """The rollouts in full, by flag: the most urgent ones, as many as there is space for."""
    sections: dict[str, Markup] = {}
    space = SPACE
    for board in found.boards:
        if not board.is_detailed:
            continue
        section = rollout.section(board, found)
        space -= len(section.encode())
        if space < 0:
            break
        sections[board.standing.flag] = section
    return sections


def _header(found: Dashboard) -> Markup:
    overview = found.status.overview
    facts = {
        "as of": format_instant(overview.now),
        "generation": str(overview.generation),
        "applied": _revision(overview),
        "rollouts": f"{len(overview.standings):,}",
        "merchants": f"{overview.merchants:,}",
    }
    newest = max((w for board in found.boards if (w := gate.watermark(board))), default=None)
    if newest is not None:
        facts["data until"] = newest
    return tag("header", tag("h1", f"Rollouts of {overview.environment}"), rollout.facts(facts))


def _revision(overview: Overview) -> str:
    if overview.revision is None and not any(s.applied for s in overview.standings):
        return "nothing yet"
    return words.revision(overview.revision)


def _outdated(found: Dashboard, problem: RolloutError) -> Markup:
    since = format_instant(found.status.overview.now)
    return rollout.note(
        "bad",
        f"Stale since {since}: this is how it was then, and it cannot be read any more.",
        f"Because: {problem.message}",
        f"Next: {problem.hint}" if problem.hint else "",
    )


def _alerts(found: Dashboard) -> Iterator[Markup]:
    """What concerns the whole environment."""
    overview, older = found.status.overview, standing_words.files(found.status.files)
    if older:
        yield rollout.note("warn", older)
    problem = found.status.deploy_problem
    if problem is not None:
        yield rollout.note("bad", f"deploy environment: {problem.message}", f"next: {problem.hint}")
    for refusal in overview.refusals:
        said = f"refused: {refusal.guardrail}: {refusal.message}"
        yield rollout.note("bad", said, f"next: {refusal.remedy}")
    if overview.schema_changes:
        missing = counted(overview.schema_changes, "table or column", "tables or columns")
        yield rollout.note("warn", f"missing in the database: {missing}; look: rolloutctl plan")
    for freeze in overview.freezes:
        until = format_instant(freeze.ends)
        yield rollout.note("warn", f"freeze: nothing advances until {until}: {freeze.reason}")


def _glance(found: Dashboard, detailed: Container[str]) -> Markup:
    title = tag("h2", "At a glance", id="glance")
    if not found.boards:
        empty = tag("p", "No flags: add one, see docs/getting-started.md")
        return tag("section", title, empty, class_="card", aria_labelledby="glance")
    total, heads = len(found.boards), ("Rollout", "Ladder", "Last verdict", "Waits for")
    rows = (_row(board, found, detailed) for board in found.boards[:ROWS])
    listed = table("All rollouts", _tally(found), heads, rows, "glance")
    more = f"...and {counted(total - ROWS, 'rollout')} more: rolloutctl status"
    rest = tag("p", more) if total > ROWS else None
    return tag("section", title, listed, rest, class_="card", aria_labelledby="glance")


def _tally(found: Dashboard) -> str:
    """How many rollouts are in which condition, the most urgent first."""
    conditions = [board.standing.condition for board in found.boards]
    parts = [
        f"{conditions.count(condition):,} {standing_words.label(condition)}"
        for condition in Condition
        if condition in conditions
    ]
    return f"The most urgent first: {', '.join(parts)}."


def _row(board: Board, found: Dashboard, detailed: Container[str]) -> Markup:
    standing, overview = board.standing, found.status.overview
    key: Markup = tag("span", standing.flag, class_="key")
    if standing.flag in detailed:
        key = tag("a", standing.flag, href=f"#flag-{standing.flag}", class_="key")
    step = standing_words.next_step(standing, overview.now, overview.environment, board.newest)
    return row(
        name(key, " ", rollout.condition(standing)),
        cell(
            "",
            ladder(board),
            tag("div", _reach(standing, overview), class_="small"),
            class_="rungs",
        ),
        cell("", *_verdict(board), class_="judged"),
        cell("", prose(step), class_="step small"),
    )


def _reach(standing: Standing, overview: Overview) -> str:
    if standing.plan.column is None:
        return standing_words.phases(standing)
    return f"{standing_words.phases(standing)} · {rollout.cohort(standing, overview)}"


def _verdict(board: Board) -> Iterator[Markup]:
    judged = board.newest
    if judged is None:
        yield tag("span", "not asked yet", class_="faint")
        return
    yield gate.mark(judged)
    yield tag("div", gate.age(judged, board), " ", gate.evidence_id(judged), class_="small faint")


def _stale(found: Dashboard) -> Iterator[Markup]:
    report = found.stale
    if not report.stale:
        return
    items = []
    for stale in report.stale[:STALE]:
        reasons = "; ".join(staleness_words.finding(f, stale, report) for f in stale.findings)
        step = staleness_words.next_step(stale, report, found.others)
        items.append(tag("li", tag("strong", stale.key), ": ", prose(f"{reasons}. Next: {step}")))
    if len(report.stale) > STALE:
        items.append(tag("li", f"...and {len(report.stale) - STALE:,} more: rolloutctl stale"))
    title = f"Flags that should go away ({len(report.stale):,} of {report.flags:,})"
    heading = tag("h2", title, id="stale")
    yield tag("section", heading, tag("ul", items), class_="card", aria_labelledby="stale")


def _footer(found: Dashboard, detailed: int) -> Markup:
    left = len(found.boards) - detailed
    asked = (
        "The gates were asked for this page."
        if found.asked
        else "No gate was asked for this page: it shows the evidence that the ledger keeps."
    )
    parts = [f"As of {format_instant(found.status.overview.now)}, by the database's clock. {asked}"]
    if left:
        parts.append(
            f"{counted(left, 'less urgent rollout')} without details: rolloutctl gate FLAG and "
            "rolloutctl history --flag FLAG have them."
        )
    parts.append("Made by rolloutctl dashboard; nothing on it is loaded from anywhere.")
    return tag("footer", (tag("p", prose(part)) for part in parts))
