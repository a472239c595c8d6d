"""The ladder of a rollout as a picture: its phases, and the one it is in."""

from collections.abc import Iterator
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
_GAP: Final = 60
_Y: Final = 11


def ladder(board: Board) -> Markup | None:
    """The picture, with its text alternative; None for a flag without a ladder."""
    standing, names = board.standing, _names(board)
    if names is None:
        return None
    here = names.index(_phase(standing)) if _phase(standing) in names else 0
    first = min(max(0, here - SHOWN // 2), max(0, len(names) - SHOWN))
    shown = names[first : first + SHOWN]
    return tag(
        "svg",
        tag("title", title(board, names, here)),
        *_steps(shown, here - first, halted=standing.condition is Condition.HALTED),
        viewBox=f"0 0 {_GAP * len(shown)} 38",
        width=_GAP * len(shown),
        height=38,
        role="img",
    )


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


def _steps(names: list[str], here: int, *, halted: bool) -> Iterator[Markup]:
    """Passed steps are filled, the present one is big, those to come are empty."""
    places = [round(_GAP * (number + 0.5)) for number in range(len(names))]
    yield tag("path", d=f"M{places[0]} {_Y}H{places[-1]}", class_="s-rule")
    passed, coming = places[:here], places[here + 1 :]
    if passed:
        yield tag("path", d=_dots(passed), class_="dot s-line")
    if coming:
        yield tag("path", d=_dots(coming), class_="dot s-line")
        yield tag("path", d=_dots(coming), class_="hole s-page")
    yield tag(
        "path", d=_dots(places[here : here + 1]), class_=f"now s-{'bad' if halted else 'info'}"
    )
    for number, (x, name) in enumerate(zip(places, names, strict=True)):
        short = name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
        yield tag("text", short, x=x, y=33, class_="now" if number == here else None)


def _dots(places: list[int]) -> str:
    """Points that a round line cap makes dots of: many of them are one short element."""
    return "".join(f"M{x} {_Y}h0" for x in places)
