"""Where every rollout stands, on one screen, the most urgent first.

What does not fit is told shorter, the least urgent first, and at last only counted.
"""

from collections.abc import Iterator, Sequence

from controller.domain.instants import format_instant
from controller.domain.standing import Overview
from controller.domain.wording import counted
from controller.inquiry.status import Status
from controller.render import standing_words, words
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, Style, styled, wrapped
from controller.render.terminal.standing import Length, Screen
from controller.render.terminal.style import bad, strong, warn


def status_text(status: Status, *, width: int = WIDTH, height: int | None = None) -> str:
    """The whole screen.

    Args:
        status: What to show.
        width: Of the terminal, in characters.
        height: So many lines at most, as far as that is possible; None shows everything in full.
    """
    return "".join(f"{line}\n" for line in _lines(status, width, height))


def _lines(status: Status, width: int, height: int | None) -> Iterator[str]:
    head = [*_head(status, width), *_notes(status, width)]
    yield from head
    standings = status.overview.standings
    if not standings:
        yield ""
        yield "no flags: add one, see docs/getting-started.md"
        return
    yield ""
    labels = max(len(standing_words.label(standing.condition)) for standing in standings)
    screen = Screen(status, width, labels)
    if height is None:
        blocks = [screen.block(standing, Length.FULL) for standing in standings]
    else:
        blocks = _fitting(screen, max(height - len(head) - 1, 1))
    yield from (line for block in blocks for line in block)
    if left := standings[len(blocks) :]:
        more = f"...and {len(left):,} more ({standing_words.tally(left)}): rolloutctl status --all"
        yield from wrapped(more, width)


def _fitting(screen: Screen, room: int) -> list[list[str]]:
    """The blocks that fit: in full, then shortened from the end, then the first of them."""
    standings = screen.overview.standings[:room]
    blocks = [screen.block(standing, Length.FULL) for standing in standings]
    # The last line is for the rest, where there is one.
    room -= len(screen.overview.standings) > len(standings)
    for length in (Length.BRIEF, Length.LINE):
        for place in reversed(range(len(standings))):
            if _lines_of(blocks) <= room:
                return blocks
            blocks[place] = min(blocks[place], screen.block(standings[place], length), key=len)
    return _first(blocks, room)


def _first(blocks: Sequence[list[str]], room: int) -> list[list[str]]:
    if _lines_of(blocks) <= room:
        return list(blocks)
    kept: list[list[str]] = []
    for block in blocks:
        if kept and _lines_of(kept) + len(block) > room - 1:
            break
        kept.append(block)
    return kept


def _lines_of(blocks: Sequence[list[str]]) -> int:
    return sum(map(len, blocks))


def _head(status: Status, width: int) -> Iterator[str]:
    overview = status.overview
    facts = (
        f"generation {overview.generation}",
        _revisions(overview),
        counted(overview.merchants),
        format_instant(overview.now),
    )
    line = terminal(" · ".join((overview.environment, *facts)))
    yield from styled(strong, wrapped(line, width))
    if overview.standings:
        flags = counted(len(overview.standings), "flag")
        overdue = sum(standing.is_overdue for standing in overview.standings)
        late = f"; {overdue:,} with something past its date: rolloutctl stale" if overdue else ""
        yield from wrapped(f"{flags}: {standing_words.tally(overview.standings)}{late}", width)


def _revisions(overview: Overview) -> str:
    applied, files = overview.revision, overview.desired_revision
    if applied is None and not any(standing.applied for standing in overview.standings):
        return "nothing applied yet"
    if applied == files:
        return words.at_revision(applied)
    return f"{words.at_revision(applied)} applied, files of {words.revision(files)}"


def _notes(status: Status, width: int) -> Iterator[str]:
    for style, text, step in _concerning_all(status):
        yield from styled(style, wrapped(terminal(text), width, rest="  "))
        if step:
            yield from wrapped(terminal(f"next: {step}"), width, first="  ", rest="    ")


def _concerning_all(status: Status) -> Iterator[tuple[Style, str, str]]:
    """What concerns the whole environment: how it looks, what it is, what to do."""
    overview, older = status.overview, standing_words.files(status.files)
    if older:
        yield warn, older, ""
    problem = status.deploy_problem
    if problem is not None:
        yield bad, f"deploy environment: {problem.message}", problem.hint
    for refusal in overview.refusals:
        yield bad, f"refused: {refusal.guardrail}: {refusal.message}", refusal.remedy
    if overview.schema_changes:
        missing = counted(overview.schema_changes, "table or column", "tables or columns")
        yield warn, f"missing in the database: {missing}; look: rolloutctl plan", ""
    for freeze in overview.freezes:
        until = format_instant(freeze.ends)
        yield warn, f"freeze: nothing advances until {until}: {freeze.reason}", ""
