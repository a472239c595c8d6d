"""One rollout in full: where it stands, its gate, and how it came there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.ledger import RunRecord
from controller.domain.standing import Condition, Overview, Standing
from controller.domain.wording import counted
from controller.gate.waiving import in_force
from controller.inquiry.dashboard import RUNS, Board, Dashboard
from controller.render import explanation_words, run_words, standing_words, words
from controller.render.html.gate import gate_part
from controller.render.html.ladder import ladder
from controller.render.html.markup import Markup, prose, tag

_COLOURS: Final = {
    Condition.HALTED: "bad",
    Condition.HARM: "bad",
    Condition.WITHHELD: "bad",
    Condition.DRIFT: "bad",
    Condition.UNREADABLE: "bad",
    Condition.PENDING: "warn",
    Condition.PENDING_REDEPLOY: "warn",
    Condition.READY: "info",
    Condition.SOAKING: "info",
    Condition.IN_SYNC: "good",
}


def section(board: Board, found: Dashboard) -> Markup:
    """Everything about one rollout."""
    standing, overview = board.standing, found.status.overview
    anchor = f"flag-{standing.flag}"
    step = standing_words.next_step(standing, overview.now, overview.environment, board.newest)
    return tag(
        "section",
        tag("h2", standing.flag, " ", condition(standing), id=anchor),
        facts(_facts(board, overview)),
        ladder(board),
        tag("p", tag("strong", "Next: "), prose(step), class_="next"),
        *_notes(standing),
        *_waivers(board, overview.now),
        *gate_part(board),
        *_history(board),
        tag("p", tag("a", "Back to all rollouts", href="#glance"), class_="small back"),
        class_=f"card flag e-{_COLOURS[standing.condition]}",
        aria_labelledby=anchor,
    )


def condition(standing: Standing) -> Markup:
    """The condition as a coloured word; the word says it all."""
    colour = _COLOURS[standing.condition]
    return tag("span", standing_words.label(standing.condition), class_=f"mark {colour}")


def cohort(standing: Standing, overview: Overview) -> str:
    """How many merchants have it."""
    on = standing.plan.on_before
    return f"{on:,} on ({words.share(on, overview.merchants)})"


def facts(pairs: Mapping[str, str]) -> Markup:
    """Short facts, each with its name."""
    rows = (tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs.items())
    return tag("dl", rows, class_="facts")


def note(colour: str, *lines: str) -> Markup:
    """Something that a reader must not miss."""
    return tag("div", (tag("p", prose(line)) for line in lines if line), class_=f"note {colour}")


def _facts(board: Board, overview: Overview) -> Mapping[str, str]:
    standing = board.standing
    found = {"phase": standing_words.phases(standing)}
    if standing.plan.column:
        found["cohort"] = cohort(standing, overview)
    if standing.applied:
        found["since"] = format_instant(standing.applied.phase_since)
        found["generation"] = str(standing.applied.generation)
        found["commit"] = words.revision(standing.applied.revision)
    if board.desired:
        found["owner"] = board.desired.flag.owner
    return found


def _notes(standing: Standing) -> Iterator[Markup]:
    if standing.halt:
        yield note("bad", f"halted {words.halted(standing.halt)}")
    for refusal in standing.refusals:
        yield note("bad", f"{refusal.guardrail}: {refusal.message}")
    if standing.drifted:
        yield note("bad", f"drift: {counted(standing.drifted, 'value')} changed by somebody else")
    elif standing.plan.changed:
        verb = "without that it would change" if standing.refusals else "the next reconcile changes"
        yield note("warn", f"{verb} {counted(standing.plan.changed)}")
    for value in standing.globals:
        if value.action is not None or value.is_on:
            yield note("warn", explanation_words.global_value(value))
    for expiry in standing.expiries:
        yield note("warn", standing_words.expiry(expiry))


def _waivers(board: Board, now: datetime) -> Iterator[Markup]:
    """Those in force that no judgement has met yet; what it has met, it tells itself."""
    applied, newest = board.standing.applied, board.newest
    if applied is None or applied.policy is None:
        return
    met = newest.evidence.report.waivers if newest and newest.evidence else ()
    known = {use.waiver for use in met}
    phase = applied.desired.phase
    for waiver in in_force(applied.policy.waivers, flag=board.standing.flag, phase=phase, now=now):
        if waiver not in known:
            yield note(
                "warn",
                f"waiver of {waiver.criterion} at {phase}, by {waiver.approved_by} until "
                f"{waiver.expires}: {waiver.reason}",
            )


def _history(board: Board) -> Iterator[Markup]:
    yield tag("h3", "History")
    if not board.runs:
        yield tag("p", "Nothing recorded yet.")
        return
    yield tag("ol", (_run(run) for run in board.runs), class_="history")
    if len(board.runs) >= RUNS:
        more = f"The newest {RUNS}; all: rolloutctl history --flag {board.standing.flag}"
        yield tag("p", more, class_="small faint")


def _run(run: RunRecord) -> Markup:
    who = f" · {run.kind} by {run.actor} · generation {run.generation} · "
    commit = tag("code", words.revision(run.revision)) if run.revision else "no commit"
    story = (tag("li", sentence) for sentence in run_words.story(run))
    when = tag("strong", format_instant(run.at))
    return tag("li", when, tag("span", who, commit, class_="faint"), tag("ul", story))
