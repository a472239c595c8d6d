"""The screen of `monitor`: the answer, the counts, then what needs a look before everything else.

A screen is a list of lines of at most its width, and at most its height: whatever draws it need not
know what is in them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from controller.gate import words
from controller.gate.verdict import CriterionVerdict, Verdict
from controller.gate.watched import Look, Standing, WatchedRun
from controller.inquiry.monitor import Sighting
from controller.inquiry.watching import Progress
from controller.render import monitor_words
from controller.render.escape import terminal
from controller.render.monitor_words import TROUBLES
from controller.render.terminal.cells import cells, cut, fitted
from controller.render.terminal.layout import NARROW, Style, wrapped
from controller.render.terminal.style import bad, faint, good, strong, warn

_VERDICTS: Final[Mapping[Verdict, Style]] = {
    Verdict.PROCEED: good,
    Verdict.FIX_MINOR: warn,
    Verdict.INSUFFICIENT_DATA: warn,
    Verdict.ERROR: bad,
    Verdict.ROLLBACK: bad,
}
_STANDINGS: Final[Mapping[Standing, Style]] = {
    Standing.FAILED: bad,
    Standing.STUCK: bad,
    Standing.NEAR: warn,
    Standing.LATE: warn,
    Standing.UNJUDGED: warn,
    Standing.UNDER_WAY: str,
    Standing.COMPLETED: good,
}
_ORDER: Final = (*TROUBLES, Standing.UNDER_WAY, Standing.COMPLETED)
_WIDEST: Final = max(len(standing) for standing in Standing)
_CLOCK: Final = 8
_TOOK: Final = 12
_STAGE: Final = 18
_GAP: Final = "  "
_KEYS: Final = "q quit · p pause · r look now · t only trouble · ? help"
_FEW_KEYS: Final = "q quit · p pause · ? help"
HELP: Final = (
    "q        end; the exit code is the gate's",
    "p        pause: nothing is asked and nothing moves; p again goes on",
    "r        look now, without waiting",
    "t        only runs that need a look; t again shows all",
    "?        this page; any key goes back",
    "Ctrl-Z   to the shell; fg comes back",
    "",
    "failed, stuck   as the gate counts them",
    "near            it counts as stuck soon",
    "late            not on time any more",
    "unjudged        its times or its status are impossible",
)


@dataclass(frozen=True, slots=True)
class View:
    """What is on the screen.

    Attributes:
        now: The database's clock, as far as that can be told between two looks.
        watched: How long it has been watched.
        next_look: How long until the next one.
    """

    progress: Progress
    now: datetime
    watched: timedelta
    next_look: timedelta
    paused: bool = False
    only_trouble: bool = False
    help: bool = False


def screen(view: View, width: int, height: int) -> list[str]:
    """The lines of the screen, styled, the last one at its foot."""
    found = view.progress.latest
    head = [*_head(view, width), *_banner(view, width)]
    body = [cut(f"  {line}", width) for line in HELP] if view.help else []
    room = max(height - len(head) - 1, 0)
    if not view.help:
        body = list(_runs(view, found, width, room))
    lines = [*head, *body[:room]]
    lines += [""] * (height - 1 - len(lines))
    return [*lines[: height - 1], _foot(view, width)]


def _head(view: View, width: int) -> Iterator[str]:
    found, begun = view.progress.latest, view.progress.begun
    watched = f"watched {words.duration(view.watched)}"
    yield from _ends(tuple(map(terminal, monitor_words.title(found.subject))), watched, width)
    title = monitor_words.verdict(found).upper()
    style = _VERDICTS[found.report.verdict] if found.report else faint
    first, *more = wrapped(
        terminal(monitor_words.sentence(found)), width, first=f"{title}{_GAP}", rest=_GAP
    )
    yield strong(style(title)) + cut(first, width)[len(title) :]
    yield from (cut(line, width) for line in more[:3])
    yield from _figures(found, begun, width)
    yield ""


def _ends(parts: tuple[str, ...], right: str, width: int) -> Iterator[str]:
    """The title, with something at the right end where there is room for it."""
    text = " · ".join(parts)
    if cells(text) + len(_GAP) + len(right) <= width:
        yield strong(text) + faint(right.rjust(width - cells(text)))
    elif cells(text) <= width:
        yield strong(text)
    else:
        yield strong(cut(parts[0], width))
        yield cut(" · ".join(parts[1:]), width)


def _figures(found: Sighting, begun: Sighting, width: int) -> Iterator[str]:
    before, styles = monitor_words.figures(begun), _styles(found)
    line, length = "", 0
    for figure in monitor_words.figures(found):
        text, change = cut(terminal(figure.text), width), monitor_words.moved(figure, before)
        needed = cells(text) + (len(change) + 1 if change else 0)
        if length and length + len(_GAP) + needed > width:
            yield line
            line, length = "", 0
        gap = _GAP if length else ""
        line += gap + styles.get(figure.name, str)(text) + (f" {strong(change)}" if change else "")
        length += len(gap) + needed
    if line:
        yield line


def _styles(found: Sighting) -> dict[str, Style]:
    """The counts that object, by name."""
    criteria = found.report.criteria if found.report else ()
    colours = {CriterionVerdict.FAIL: bad, CriterionVerdict.WARN: warn}
    return {one.name: colours[one.verdict] for one in criteria if one.verdict in colours}


def _banner(view: View, width: int) -> Iterator[str]:
    away = view.progress.away
    if away is not None:
        again = f"trying again in {words.duration(view.next_look)}"
        since = f"no answer since {monitor_words.clock(away.since)} UTC; {again}"
        yield strong(bad(cut(since, width)))
        yield cut(terminal(away.problem.message), width)
        yield ""
    elif view.paused:
        shown = monitor_words.clock(view.progress.latest.look.now)
        yield strong(warn(cut(f"paused; shown is {shown} UTC; p goes on", width)))
        yield ""


def _runs(view: View, found: Sighting, width: int, room: int) -> Iterator[str]:
    now = view.progress.latest.look.now if view.paused or view.progress.away else view.now
    look = Look(now, found.look.runs, found.look.limits)
    yield faint(cut(terminal(monitor_words.listed(look, cut=found.cut)), width))
    shown = [run for run in look.runs if not view.only_trouble or look.standing(run).troubles]
    if not shown:
        yield "nothing needs a look" if look.runs else "no runs yet"
        return
    urgent_first = sorted(shown, key=lambda run: _urgency(run, look))
    trouble = [list(_run(run, look, width)) for run in urgent_first if look.standing(run).troubles]
    calm = [list(_run(run, look, width)) for run in urgent_first[len(trouble) :]]
    room = max(room - 1, 0)
    # However much goes wrong, what is going on beside it stays in sight.
    reserved = min(len(calm), room // 3)
    lines = list(_as_many_as_fit(trouble, room - reserved))
    yield from lines
    yield from _as_many_as_fit(calm, room - len(lines))


def _as_many_as_fit(blocks: list[list[str]], room: int) -> Iterator[str]:
    for number, block in enumerate(blocks):
        is_last = number == len(blocks) - 1
        if len(block) + (0 if is_last else 1) > room:
            yield faint(f"...and {len(blocks) - number:,} more")
            return
        yield from block
        room -= len(block)


def _urgency(run: WatchedRun, look: Look) -> tuple[int, float, str]:
    """What needs a look first; of what is under way the oldest, of the others the newest."""
    stands, age = look.standing(run), run.created.timestamp()
    return _ORDER.index(stands), age if stands is Standing.UNDER_WAY else -age, run.id


def _run(run: WatchedRun, look: Look, width: int) -> Iterator[str]:
    stands = look.standing(run)
    took = words.duration(run.elapsed(look.now))
    name, stage = terminal(monitor_words.who(run)), terminal(monitor_words.where(run))
    mark = _STANDINGS[stands](stands.value.ljust(_WIDEST))
    if width < NARROW:
        room = max(width - _WIDEST - _TOOK - 2 * len(_GAP), 1)
        yield f"{mark}{_GAP}{fitted(name, room)}{_GAP}{took:>{_TOOK}}"
    else:
        room = width - _WIDEST - _CLOCK - _STAGE - _TOOK - 4 * len(_GAP)
        parts = (monitor_words.clock(run.created), fitted(name, room), fitted(stage, _STAGE))
        yield _GAP.join((mark, *parts, f"{took:>{_TOOK}}"))
    if stands.troubles:
        remark = terminal(monitor_words.remark(run, stands, look.now, look.limits))
        about = remark if width >= NARROW else f"{remark}, {stage}"
        yield from _details(about, terminal(run.id), width)


def _details(remark: str, run: str, width: int) -> Iterator[str]:
    """Why, and which run it is; the id is whole wherever it can be, so that it can be copied."""
    if width < NARROW:
        yield _GAP + faint(cut(remark, width - len(_GAP)))
        yield _GAP + faint(cut(run, width - len(_GAP)))
        return
    indent = " " * (_WIDEST + len(_GAP))
    room = width - len(indent) - len(_GAP) - cells(run)
    yield cut(f"{indent}{fitted(remark, max(room, 1)).rstrip()}{_GAP}{run}", width)


def _foot(view: View, width: int) -> str:
    left = _KEYS if len(_KEYS) <= width else _FEW_KEYS
    seconds = max(int(view.next_look.total_seconds()), 0)
    right = "paused" if view.paused else f"next look in {seconds} s"
    if len(left) + len(_GAP) + len(right) > width:
        return faint(cut(left, width))
    return faint(left + right.rjust(width - len(left)))
