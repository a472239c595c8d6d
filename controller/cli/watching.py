"""The loop of `monitor`: look, tell or draw, until it is over; the same however it is shown."""

import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import click

from controller.cli.full_screen import ENDING, FullScreen
from controller.cli.looker import Looker, NoAnswer
from controller.inquiry.monitor import Sighting
from controller.inquiry.watching import Away, Began, Event, Progress, Until
from controller.render import json
from controller.render.json import monitor as as_json
from controller.render.terminal.monitor import View, screen
from controller.render.terminal.monitor_lines import event_lines

_TICK: Final = 1.0
_SIGNALLED: Final = 128


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended.

    Attributes:
        code: Of the process, where a signal ended it; None where it ended by itself or by `q`.
    """

    progress: Progress
    code: int | None = None


class Face(Protocol):
    """A way to show it."""

    @property
    def sources(self) -> tuple[int, ...]:
        """What may wake it, beside a look."""

    def tell(self, event: Event, progress: Progress) -> None:
        """Something happened."""

    def turn(self, course: "Course") -> int | None:
        """Once a turn: read what has woken it, show how it stands.

        Returns:
            A number where it is to end: 0, or that of a signal.
        """


class Course:
    """Where the loop stands."""

    def __init__(self, first: Sighting, looker: Looker) -> None:
        self.progress = Progress.of(first)
        self.looker = looker
        self._began = self._seen = time.monotonic()

    @property
    def watched(self) -> timedelta:
        """How long it has lasted."""
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def since_look(self) -> timedelta:
        """How long ago the database answered last."""
        return timedelta(seconds=time.monotonic() - self._seen)

    def news(self) -> Iterator[tuple[Event, Progress]]:
        """What the looks since have found."""
        for found in self.looker.found():
            after, events = self.progress.after(self._dated(found))
            self.progress = after
            for event in events:
                yield event, after

    def _dated(self, found: Sighting | NoAnswer) -> Sighting | Away:
        if isinstance(found, NoAnswer):
            since = self.progress.latest.look.now + self.since_look
            return Away(found.problem, since, found.again_in)
        self._seen = time.monotonic()
        return found


def attend(first: Sighting, looker: Looker, face: Face, until: Until) -> Ended:
    """Go on until it is over.

    Args:
        first: What the first look found.
        looker: Where the others come from; running.
        face: Shows it.
        until: When to stop by itself.

    Raises:
        RolloutError: What no further look would mend.
    """
    course = Course(first, looker)
    face.tell(Began(first), course.progress)
    try:
        while (code := face.turn(course)) is None:
            if until.is_over(course.progress, course.watched):
                return Ended(course.progress)
            select.select([looker.source, *face.sources], [], [], _TICK)
            for event, progress in course.news():
                face.tell(event, progress)
    except KeyboardInterrupt:  # where there is no screen, which hears it as a signal
        code = signal.SIGINT
    return Ended(course.progress, _SIGNALLED + code if code else None)


@dataclass
class Lines:
    """One line an event, appended.

    Attributes:
        for_machines: JSON instead of text.
    """

    for_machines: bool
    sources: tuple[int, ...] = ()

    def tell(self, event: Event, progress: Progress) -> None:
        """Print it."""
        if self.for_machines:
            click.echo(json.line(as_json.event(event, progress)))
            return
        for line in event_lines(event, progress):
            click.echo(line)

    def turn(self, course: Course) -> int | None:  # noqa: ARG002 -- nothing is redrawn
        """Nothing is to be done between events."""
        return None


class Screen:
    """The whole terminal, drawn anew each second, with keys."""

    def __init__(self, full: FullScreen) -> None:
        self._full = full
        self._only_trouble = False
        self._help = False
        self.sources: tuple[int, ...] = full.sources

    def tell(self, event: Event, progress: Progress) -> None:
        """Everything that happens is seen at the next turn."""

    def turn(self, course: Course) -> int | None:
        """Obey keys and signals, then draw."""
        for number in self._full.signals():
            if number in ENDING:
                return number
        if self._is_pressed():
            keys = self._full.keys()
            if keys is None:
                return signal.SIGHUP
            if any(self._obey(key, course) for key in keys):
                return 0
        width, height = self._full.size
        self._full.draw(screen(self._view(course), width, height))
        return None

    def _is_pressed(self) -> bool:
        keyboard = self._full.sources[0]
        return bool(select.select([keyboard], [], [], 0)[0])

    def _obey(self, key: str, course: Course) -> bool:
        """Whether it is the key to end."""
        looker = course.looker
        if self._help:
            self._help = False
            return key == "q"
        match key:
            case "q":
                return True
            case "p" | " ":
                looker.paused = not looker.paused
                looker.now()
            case "r":
                looker.now()
            case "t":
                self._only_trouble = not self._only_trouble
            case "?" | "h":
                self._help = True
        return False

    def _view(self, course: Course) -> View:
        return View(
            progress=course.progress,
            now=course.progress.latest.look.now + course.since_look,
            watched=course.watched,
            next_look=course.looker.next_look,
            paused=course.looker.paused,
            only_trouble=self._only_trouble,
            help=self._help,
        )


@contextmanager
def full_screen(*, colour: bool) -> Iterator[Face]:
    """The whole terminal as a way to show it."""
    with FullScreen(colour=colour) as full:
        yield Screen(full)
