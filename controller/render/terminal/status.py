"""Where every rollout stands, on one screen, the most urgent first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.standing import Condition, Overview, Standing
from controller.domain.wording import counted
from controller.inquiry.status import Status
from controller.render import explanation_words, standing_words, words
from controller.render.escape import terminal
from controller.render.terminal.style import bad, faint, good, strong, warn

_STYLES: Final[Mapping[Condition, Callable[[str], str]]] = {
    Condition.HALTED: bad,
    Condition.WITHHELD: bad,
    Condition.DRIFT: bad,
    Condition.UNREADABLE: warn,
    Condition.PENDING: warn,
    Condition.PENDING_REDEPLOY: warn,
    Condition.SOAKING: strong,
    Condition.IN_SYNC: good,
}
_WIDTH: Final = 18
_INDENT: Final = " " * _WIDTH


def status_text(status: Status) -> str:
    """The whole screen."""
    return "\n".join(_lines(status)) + "\n"


def _lines(status: Status) -> Iterator[str]:
    overview = status.overview
    yield (
        f"{strong(terminal(overview.environment))} · generation {overview.generation} · "
        f"{_revisions(overview)} · {counted(overview.merchants)} · "
        f"{format_instant(overview.now)}"
    )
    yield from _notes(status)
    for standing in overview.standings:
        yield ""
        yield from _flag(standing, overview)
    if not overview.standings:
        yield ""
        yield "no flags: add one, see docs/getting-started.md"


def _revisions(overview: Overview) -> str:
    applied, files = overview.revision, overview.desired_revision
    if applied is None and not any(standing.applied for standing in overview.standings):
        return "nothing applied yet"
    if applied == files:
        return words.at_revision(applied)
    return f"{words.at_revision(applied)} applied, files of {words.revision(files)}"


def _notes(status: Status) -> Iterator[str]:
    overview, older = status.overview, standing_words.files(status.files)
    if older:
        yield warn(older)
    if status.deploy_problem is not None:
        yield bad(f"deploy environment: {terminal(status.deploy_problem.message)}")
        yield f"  next: {terminal(status.deploy_problem.hint)}"
    for refusal in overview.refusals:
        yield bad(f"refused: {refusal.guardrail}: {terminal(refusal.message)}")
        yield f"  next: {terminal(refusal.remedy)}"
    if overview.schema_changes:
        missing = counted(overview.schema_changes, "table or column", "tables or columns")
        yield warn(f"missing in the database: {missing}; look: rolloutctl plan")
    for freeze in overview.freezes:
        until = format_instant(freeze.ends)
        yield warn(f"freeze: nothing advances until {until}: {terminal(freeze.reason)}")


def _flag(standing: Standing, overview: Overview) -> Iterator[str]:
    title = standing_words.label(standing.condition).upper()
    style = _STYLES[standing.condition]
    facts = " · ".join([strong(standing.flag), *_facts(standing, overview)])
    yield f"{style(title)}{' ' * (_WIDTH - len(title))}{facts}"
    for line in _details(standing):
        yield _INDENT + line
    step = standing_words.next_step(standing, overview.now, overview.environment)
    yield f"{_INDENT}next: {terminal(step)}"
    for expiry in standing.expiries:
        yield _INDENT + warn(terminal(standing_words.expiry(expiry)))


def _facts(standing: Standing, overview: Overview) -> Iterator[str]:
    yield standing_words.phases(standing)
    if standing.plan.column:
        on = standing.plan.on_before
        yield f"{on:,} on ({words.share(on, overview.merchants)})"
    if standing.applied:
        yield f"since {format_instant(standing.applied.phase_since)}"
        yield faint(f"generation {standing.applied.generation}")


def _details(standing: Standing) -> Iterator[str]:
    if standing.halt:
        yield bad(terminal(f"halted {words.halted(standing.halt)}"))
    for refusal in standing.refusals:
        yield bad(f"{refusal.guardrail}: {terminal(refusal.message)}")
    if standing.drifted:
        yield bad(f"{counted(standing.drifted, 'value')} changed by somebody else")
    elif standing.plan.changed:
        verb = "without that it would change" if standing.refusals else "the next reconcile changes"
        yield warn(f"{verb} {counted(standing.plan.changed)}")
    for value in standing.globals:
        if value.action is not None or value.is_on:
            yield terminal(explanation_words.global_value(value))
