"""What `monitor` prints where there is no terminal: one line an event, appended, never redrawn."""

from collections.abc import Iterator
from typing import Final

from controller.gate import words
from controller.gate.watched import Happening, RunEvent, Standing
from controller.inquiry.monitor import Sighting
from controller.inquiry.watching import Began, CameBack, Counted, Event, Moved, Progress, WentAway
from controller.render import monitor_words
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, steps, wrapped

_INDENT: Final = "  "
_WIDEST: Final = max(len(word) for word in ("watching", *Standing))


def event_lines(event: Event, progress: Progress) -> Iterator[str]:
    """One event.

    Args:
        event: What happened.
        progress: What is known after it.
    """
    found = progress.latest
    match event:
        case Began(sighting):
            yield _line(sighting, "watching", " · ".join(monitor_words.title(sighting.subject)))
            yield _gate(sighting, sighting)
            for run in sorted(sighting.look.runs, key=lambda run: (run.created, run.id)):
                stands = sighting.look.standing(run)
                if stands is not Standing.COMPLETED:
                    yield _run(RunEvent(Happening.CHANGED, run, stands), sighting)
        case Moved(sighting):
            yield _line(sighting, "ledger", " · ".join(monitor_words.title(sighting.subject)))
        case Counted(sighting):
            yield _gate(sighting, progress.begun)
        case WentAway(away):
            again = f"trying again in {words.duration(away.again_in)}"
            yield _at(monitor_words.clock(away.since), "away", f"{away.problem.message}; {again}")
        case CameBack(at, after):
            text = f"the database answers again, after {words.duration(after)}"
            yield _at(monitor_words.clock(at), "back", text)
        case RunEvent():
            yield _run(event, found)


def summary(progress: Progress, width: int = WIDTH) -> Iterator[str]:
    """What remains to be said at the end: the answer, the counts, and how far they can be trusted.

    Args:
        progress: What is known.
        width: Of the terminal, in characters.
    """
    found = progress.latest
    answer = f"{monitor_words.verdict(found).upper()}  {monitor_words.sentence(found)}"
    yield from wrapped(terminal(answer), width, rest=_INDENT)
    figures = " · ".join(figure.text for figure in monitor_words.figures(found))
    if figures:
        yield from wrapped(terminal(figures), width, first=_INDENT, rest=_INDENT)
    if step := monitor_words.next_step(found):
        yield from steps(terminal(step), width)
    if progress.away is not None:
        at = monitor_words.clock(found.look.now)
        stale = f"the database does not answer; this is what it said at {at} UTC"
        yield from wrapped(stale, width, first=_INDENT, rest=_INDENT)


def _gate(found: Sighting, begun: Sighting) -> str:
    before = monitor_words.figures(begun)
    parts = []
    for figure in monitor_words.figures(found):
        change = monitor_words.moved(figure, before)
        parts.append(f"{figure.text} ({change})" if change else figure.text)
    counts = f" [{', '.join(parts)}]" if parts else ""
    answer = f"{monitor_words.verdict(found)}: {monitor_words.sentence(found)}"
    return _line(found, "gate", f"{answer}{counts}")


def _run(event: RunEvent, found: Sighting) -> str:
    run, look = event.run, found.look
    word = event.standing.value
    if event.happening is Happening.STARTED:
        word = "started"
    elif event.happening is Happening.MOVED:
        word = "stage"
    parts = [monitor_words.who(run), run.id, monitor_words.where(run)]
    if event.happening is not Happening.STARTED:
        parts.append(words.duration(run.elapsed(look.now)))
    remark = monitor_words.remark(run, event.standing, look.now, look.limits)
    return _line(found, word, "  ".join([*parts, *([remark] if remark else [])]))


def _line(found: Sighting, word: str, text: str) -> str:
    return _at(monitor_words.clock(found.look.now), word, text)


def _at(clock: str, word: str, text: str) -> str:
    return f"{clock}  {word:<{_WIDEST}}  {terminal(text)}"
