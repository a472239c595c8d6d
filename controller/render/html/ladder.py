"""The ladder of a rollout as a picture: its phases, and the one it is in."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from controller.domain.rollout import OFF
from controller.domain.standing import Condition, Standing
from controller.inquiry.dashboard import Board
from controller.render import standing_words
from controller.render.html.markup import Markup, tag

SHOWN: Final = 6
"""So many steps are drawn; of a longer ladder those around the present one."""
LETTERS: Final = 9
"""So many letters of a phase's name fit under its step."""
_GAP: Final = 58
_EDGE: Final = 10
_HEIGHT: Final = 42
_Y: Final = 12


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a ladder looks like; many rollouts share one.

    Attributes:
        names: The steps that are drawn, from the lowest.
        here: Which of them is the present one.
        halted: Whether it is halted.
    """

    names: tuple[str, ...]
    here: int
    halted: bool

    @property
    def id(self) -> str:
        """The name that it is referred to by."""
        whole = json.dumps([self.names, self.here, self.halted])
        return f"ladder-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def ladder(board: Board) -> Markup | None:
    """The picture, with its text alternative; None for a flag without a ladder.

    Its drawing is in `drawings`: a page of five hundred rollouts has a handful of them.
    """
    drawing, names = _drawing(board), _names(board)
    if drawing is None or names is None:
        return None
    wide = _places(drawing.names)[-1] + _GAP // 2
    return tag(
        "svg",
        tag("title", title(board, names, _here(board, names))),
        tag("use", href=f"#{drawing.id}"),
        viewBox=f"0 0 {wide} {_HEIGHT}",
        width=wide,
        height=_HEIGHT,
        role="img",
    )


def drawings(boards: Iterable[Board]) -> Markup:
    """All drawings that these boards refer to, each once, in a picture that shows nothing."""
    found = {drawing.id: drawing for drawing in map(_drawing, boards) if drawing is not None}
    groups = (tag("g", _steps(drawing), id=name) for name, drawing in found.items())
    return tag("svg", tag("defs", groups), class_="drawings", aria_hidden="true")


def _drawing(board: Board) -> Drawing | None:
    names = _names(board)
    if names is None:
        return None
    here = _here(board, names)
    first = min(max(0, here - SHOWN // 2), max(0, len(names) - SHOWN))
    shown = tuple(names[first : first + SHOWN])
    return Drawing(shown, here - first, halted=board.standing.condition is Condition.HALTED)


def _here(board: Board, names: list[str]) -> int:
    phase = _phase(board.standing)
    return names.index(phase) if phase in names else 0


def title(board: Board, names: list[str], here: int) -> str:
    """What the picture shows, in a sentence."""
    where = standing_words.phases(board.standing)
    return f"step {here} of {len(names) - 1}: {where}; the ladder is {', '.join(names)}"


def _names(board: Board) -> list[str] | None:
    """From the lowest: the files' ladder, or the one applied last where the files have none."""
    applied = board.standing.applied
    rollout = board.desired.rollout if board.desired else None
    if rollout is None and applied is not None:
        rollout = applied.desired.rollout
    return [OFF, *(phase.name for phase in rollout.phases)] if rollout else None


def _phase(standing: Standing) -> str:
    return standing.applied.desired.phase if standing.applied else OFF


def _steps(drawing: Drawing) -> Iterator[Markup]:
    """Passed steps are filled, the present one is big, those to come are empty."""
    names, here = drawing.names, drawing.here
    places = _places(names)
    colour = "s-bad" if drawing.halted else "s-info"
    present, coming = places[here], places[here + 1 :]
    yield tag("path", d=f"M{present} {_Y}H{places[-1]}", class_="s-rule")
    if here:
        yield tag("path", d=f"M{places[0]} {_Y}H{present}", class_=f"way {colour}")
        yield tag("path", d=_dots(places[:here]), class_=f"dot {colour}")
    if coming:
        yield tag("path", d=_dots(coming), class_="dot s-line")
        yield tag("path", d=_dots(coming), class_="hole s-panel")
    yield tag("path", d=_dots([present]), class_=f"now {colour}")
    yield tag("path", d=_dots([present]), class_="core s-panel")
    for number, (x, name) in enumerate(zip(places, names, strict=True)):
        short = name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
        yield tag("text", short, x=x, y=36, class_="here" if number == here else None)


def _places(names: Sequence[str]) -> list[int]:
    """Where the steps are: the first one at the edge, unless its name needs the room."""
    margin = _EDGE if len(names[0]) <= len(OFF) else _GAP // 2
    return [margin + _GAP * number for number in range(len(names))]


def _dots(places: list[int]) -> str:
    """Points that a round line cap makes dots of: many of them are one short element."""
    return "".join(f"M{x} {_Y}h0" for x in places)
