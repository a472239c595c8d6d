"""Where every rollout stands, on one screen, the most urgent first.

What does not fit is told shorter, the least urgent first, and at last only counted.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.standing import Condition, Overview, Standing
from controller.domain.wording import counted
from controller.inquiry.status import Status
from controller.render import standing_words, words
from controller.render.escape import terminal
from controller.render.terminal.layout import WIDTH, Style, styled, wrapped
from controller.render.terminal.standing import Length, Screen
from controller.render.terminal.style import bad, strong, warn

_QUIET: Final = Condition.READY
"""From here on nobody has to do anything tonight."""
_SHORTER: Final = (
    (Length.BRIEF, False),
    (Length.SHORT, False),
    (Length.BRIEF, True),
    (Length.LINE, False),
    (Length.SHORT, True),
)
"""How far everything is shortened, and whether what is urgent is, too; one after the other."""


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
    """The blocks that fit; where some are left out, there is room for the line that counts them."""
    fitting = _Fitting(screen, room, screen.overview.standings)
    for length, of_all in _SHORTER:
        fitting.shorten(length, of_all=of_all)
    fitting.leave_out(of_all=False)
    fitting.shorten(Length.LINE, of_all=True)
    fitting.leave_out(of_all=True)
    return fitting.blocks


class _Fitting:
    """Blocks that are shortened and left out, the least urgent first, until they fit."""

    def __init__(self, screen: Screen, room: int, standings: Sequence[Standing]) -> None:
        self.screen, self.room, self.standings = screen, room, standings
        self.blocks = [screen.block(standing, Length.FULL) for standing in standings[:room]]

    def shorten(self, length: Length, *, of_all: bool) -> None:
        for place in reversed(range(len(self.blocks))):
            if self._fits():
                return
            standing = self.standings[place]
            if of_all or standing.condition >= _QUIET:
                shorter = self.screen.block(standing, length)
                self.blocks[place] = min(self.blocks[place], shorter, key=len)

    def leave_out(self, *, of_all: bool) -> None:
        while len(self.blocks) > 1 and not self._fits():
            if not of_all and self.standings[len(self.blocks) - 1].condition < _QUIET:
                return
            self.blocks.pop()

    def _fits(self) -> bool:
        is_cut = len(self.blocks) < len(self.standings)
        return sum(map(len, self.blocks)) + is_cut <= self.room


def _head(status: Status, width: int) -> Iterator[str]:
    overview = status.overview
    facts = (
        f"generation {overview.generation}",
        _revisions(overview),
        format_instant(overview.now),
    )
    line = terminal(" · ".join((overview.environment, *facts)))
    yield from styled(strong, wrapped(line, width))
    if overview.standings:
        flags = counted(len(overview.standings), "flag")
        overdue = sum(standing.is_overdue for standing in overview.standings)
        late = f"; {overdue:,} past its date" if overdue else ""
        flags = f"{flags}, {counted(overview.merchants)}"
        yield from wrapped(f"{flags}: {standing_words.tally(overview.standings)}{late}", width)


def _revisions(overview: Overview) -> str:
    applied, files = overview.revision, overview.desired_revision
    if applied is None and not any(standing.applied for standing in overview.standings):
        return "nothing applied yet"
    if applied == files:
        return words.revision(applied)
    return f"{words.revision(applied)} applied, files of {words.revision(files)}"


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
