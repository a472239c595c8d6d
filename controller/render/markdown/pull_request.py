"""A pull request's comment, and the step summary of the run that wrote it.

The answer stands first, then what changes for whom, what it would take and what to do; what is more
than that folds away. GitHub takes 65,536 characters and no more. Where it would be too long, first
what folds away is left out, then lists are cut; the answer, the totals and what to do never are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from controller.domain.wording import counted
from controller.render import words
from controller.render.escape import markdown, markdown_prose
from controller.render.pull_request_view import (
    TITLES,
    Answer,
    Audience,
    Detail,
    FlagChange,
    PullRequestView,
    Step,
)

COMMENT_LIMIT: Final = 65_536 - 256
"""Bytes of a comment, its marker not counted. GitHub counts characters; bytes are never fewer."""

SUMMARY_LIMIT: Final = 1024 * 1024 - 1024
"""Bytes of a step summary."""

_ICONS: Final = {
    Answer.MAY_MERGE: "✅",
    Answer.NOT_CONCERNED: "✅",
    Answer.NOT_YET: "⏳",
    Answer.MUST_NOT: "⛔",
    Answer.NOT_JUDGED: "⚠️",
}
_LINKABLE: Final = re.compile(r"https?://[A-Za-z0-9._~:/%-]+")


@dataclass(frozen=True, slots=True)
class _Room:
    """How much of each list is shown.

    Attributes:
        rows: Of the table.
        names: Of merchants that gain or lose for one reason.
        texts: Of sentences and steps.
        length: Characters of one foreign text.
    """

    rows: int
    names: int
    texts: int
    length: int


_AMPLE: Final = _Room(rows=2_000, names=1_000, texts=500, length=1_000)
_ROOMS: Final = (
    _Room(rows=100, names=10, texts=50, length=400),
    _Room(rows=50, names=3, texts=25, length=200),
    _Room(rows=20, names=0, texts=10, length=100),
    _Room(rows=5, names=0, texts=5, length=60),
)
"""From what is good to read to what fits even if every character has to be escaped."""


def comment(view: PullRequestView) -> str:
    """The comment; at most `COMMENT_LIMIT` bytes."""
    return _fitting(view, _ROOMS, COMMENT_LIMIT)


def step_summary(view: PullRequestView) -> str:
    """The same for the run's page, where there is more room; at most `SUMMARY_LIMIT` bytes."""
    return _fitting(view, (_AMPLE, *_ROOMS), SUMMARY_LIMIT)


def _fitting(view: PullRequestView, rooms: Sequence[_Room], limit: int) -> str:
    text = ""
    for room in rooms:
        above, footer = list(_above(view, room)), _footer(view, room)
        folded = [list(_detail(detail, room)) for detail in view.details]
        for number in range(len(folded), -1, -1):
            shown = [line for lines in folded[:number] for line in lines]
            rest = _left_out(view.details[number:], view, room)
            text = "\n".join((*above, *shown, *rest, footer)) + "\n"
            if len(text.encode()) <= limit:
                return text
    return text  # never: what the smallest room allows fits


def _above(view: PullRequestView, room: _Room) -> Iterator[str]:
    """Everything that has to be seen."""
    yield f"### {_ICONS[view.answer]} {TITLES[view.answer]}"
    yield ""
    if view.because:
        yield f"**{_prose(view.because, room)}**"
        yield ""
    yield from _bullets("", view.meanings, room)
    yield from _changes(view.changes, room)
    yield from _bullets("What it would take", view.takes, room)
    yield from _steps(view.steps, room)


def _detail(detail: Detail, room: _Room) -> Iterator[str]:
    return _folded(_prose(detail.title, room), detail.markdown.splitlines())


def _changes(changes: Sequence[FlagChange], room: _Room) -> Iterator[str]:
    if not changes:
        return
    yield "| environment | flag | phase | has it | on | off |"
    yield "|---|---|---|---:|---:|---:|"
    yield from (_row(change, room) for change in changes[: room.rows])
    if more := changes[room.rows :]:
        yield f"| and {len(more):,} more rows | | | | {_sum(more, value=True)} | {_sum(more)} |"
    if len(changes) > 1:
        on, off = _sum(changes, value=True), _sum(changes)
        yield f"| **in all** | | | | **{on}** | **{off}** |"
    yield ""
    for change in changes[: room.rows]:
        for audience in change.audiences if room.names else ():
            yield from _audience(change, audience, room)


def _row(change: FlagChange, room: _Room) -> str:
    share = words.share(change.on_after, change.merchants)
    cells = (
        _code(change.environment, room),
        _code(change.flag, room) + (" **halted**" if change.is_halted else ""),
        _code(change.movement, room),
        f"{change.on_before:,} → {change.on_after:,} ({share})",
        f"{change.count(value=True):,}",
        f"{change.count(value=False):,}",
    )
    return f"| {' | '.join(cells)} |"


def _audience(change: FlagChange, audience: Audience, room: _Room) -> Iterator[str]:
    state = "on" if audience.value else "off"
    title = (
        f"{_code(change.flag, room)}: {counted(audience.total)} {state} "
        f"({_code(audience.cause, room)})"
    )
    shown = audience.shown[: room.names]
    if not shown:
        yield f"- {title}"
        yield ""
        return
    names = [f"- {_code(name, room)}" for name in shown]
    if more := audience.total - len(shown):
        names.append(f"- and {more:,} more")
    yield from _folded(title, names)


def _bullets(title: str, texts: Sequence[str], room: _Room) -> Iterator[str]:
    if not texts:
        return
    if title:
        yield f"**{title}**"
        yield ""
    yield from (f"- {_prose(text, room)}" for text in texts[: room.texts])
    if len(texts) > room.texts:
        yield f"- and {len(texts) - room.texts:,} more"
    yield ""


def _steps(steps: Sequence[Step], room: _Room) -> Iterator[str]:
    if not steps:
        return
    yield "**What to do**"
    yield ""
    for number, step in enumerate(steps[: room.texts], start=1):
        told = (_prose(text, room) for text in (step.about, step.text) if text)
        yield f"{number}. {'<br>'.join(told)}"
    if len(steps) > room.texts:
        yield f"{room.texts + 1}. and {len(steps) - room.texts:,} more"
    yield ""


def _folded(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
    yield ""


def _left_out(details: Sequence[Detail], view: PullRequestView, room: _Room) -> Iterator[str]:
    if details:
        titles = [_code(detail.title, room) for detail in details[: room.texts]]
        more = f" and {len(details) - room.texts:,} more" if len(details) > room.texts else ""
        where = _link("the run's page", view.run_url) or "the run's page"
        yield f"Too long for a comment, so on {where} only: {', '.join(titles)}{more}."
        yield ""


def _footer(view: PullRequestView, room: _Room) -> str:
    parts = []
    if view.head:
        parts.append(f"judged {_code(view.head[:12], room)}")
    if view.base:
        parts.append(f"by the policy of {_code(view.base[:12], room)}")
    if view.judged_at:
        parts.append(f"at {_prose(view.judged_at, room)}")
    parts.append(_link("run", view.run_url))
    said = ", ".join(filter(None, parts))
    return f"<sub>rolloutctl{': ' if said else ''}{said}</sub>"


def _link(title: str, address: str) -> str:
    """A link to a run; nothing where the address could be more than one."""
    return f"[{title}]({address})" if _LINKABLE.fullmatch(address) else ""


def _sum(changes: Sequence[FlagChange], *, value: bool = False) -> str:
    return f"{sum(change.count(value=value) for change in changes):,}"


def _code(text: str, room: _Room) -> str:
    return markdown(_cut(text, room))


def _prose(text: str, room: _Room) -> str:
    return markdown_prose(_cut(text, room))


def _cut(text: str, room: _Room) -> str:
    return text if len(text) <= room.length else text[: room.length - 1] + "…"
