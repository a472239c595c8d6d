"""One rollout of the status screen, at three lengths: in full, in two lines, in one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.standing import Condition, Overview, Standing
from controller.domain.wording import counted
from controller.inquiry.status import Status
from controller.render import explanation_words, standing_words, words
from controller.render.escape import terminal
from controller.render.terminal.layout import Style, first_of, steps, styled, wrapped
from controller.render.terminal.style import bad, good, strong, warn

_STYLES: Final[Mapping[Condition, Callable[[str], str]]] = {
    Condition.HALTED: bad,
    Condition.HARM: bad,
    Condition.WITHHELD: bad,
    Condition.DRIFT: bad,
    Condition.UNREADABLE: warn,
    Condition.PENDING: warn,
    Condition.PENDING_REDEPLOY: warn,
    Condition.READY: strong,
    Condition.SOAKING: strong,
    Condition.IN_SYNC: good,
}
_INDENT: Final = "  "
_REST: Final = "    "


class Length(IntEnum):
    """How much of a rollout is shown."""

    LINE = 1
    SHORT = 2  # where it stands, and the first thing to do
    BRIEF = 3  # and why, in a sentence
    FULL = 4


@dataclass(frozen=True, slots=True)
class Screen:
    """What every rollout on a screen is shown with.

    Attributes:
        width: In characters.
        labels: How wide the column of conditions is.
    """

    status: Status
    width: int
    labels: int

    @property
    def overview(self) -> Overview:
        """Where every rollout stands."""
        return self.status.overview

    def block(self, standing: Standing, length: Length) -> list[str]:
        """The lines of one rollout, coloured, none of them wider than the screen if possible."""
        if length is Length.LINE:
            return [self._line(standing)]
        lines = [self._head(standing, is_full=length is Length.FULL)]
        for style, text in self._shown(standing, length):
            lines += styled(style, self._wrapped(text))
        step = self.step(standing)
        shown = step if length is Length.FULL else first_of(step)
        lines += steps(terminal(shown), self.width)
        return lines

    def _shown(self, standing: Standing, length: Length) -> Iterator[tuple[Style, str]]:
        details = self._details(standing)
        if length is Length.FULL:
            yield from details
        elif length is Length.BRIEF:
            yield from ((style, text.split(". ")[0]) for style, text in islice(details, 1))

    def step(self, standing: Standing) -> str:
        """What to do next: the first thing first."""
        overview, judged = self.overview, self.status.judged.get(standing.flag)
        return standing_words.next_step(standing, overview.now, overview.environment, judged)

    def _wrapped(self, text: str) -> Iterator[str]:
        yield from wrapped(terminal(text), self.width, first=_INDENT, rest=_REST)

    def _label(self, standing: Standing) -> str:
        title = standing_words.label(standing.condition).upper()
        return f"{_STYLES[standing.condition](title)}{' ' * (self.labels - len(title))}  "

    def _line(self, standing: Standing) -> str:
        facts = [standing.flag, *self._facts(standing, is_full=False)]
        step = first_of(self.step(standing))
        room = self.width - self.labels - 2
        shorter = step.partition(" (")[0]  # when, without the instant and what is to be done then
        fitting = (one for one in (step, shorter) if len(" · ".join([*facts, one])) <= room)
        facts += islice(fitting, 1)
        return self._label(standing) + _cut(facts, room)

    def _head(self, standing: Standing, *, is_full: bool) -> str:
        facts = [standing.flag, *self._facts(standing, is_full=is_full)]
        room = self.width - self.labels - 2
        if is_full and standing.applied:
            since = f"since {format_instant(standing.applied.phase_since)}"
            if len(" · ".join([*facts, since])) <= room:
                facts.append(since)
        return self._label(standing) + _cut(facts, room)

    def _facts(self, standing: Standing, *, is_full: bool) -> Iterator[str]:
        yield standing_words.phases(standing)
        if standing.plan.column:
            on = standing.plan.on_before
            yield f"{on:,} on ({words.share(on, self.overview.merchants)})"
        if standing.is_overdue and not is_full:
            yield "past its date"

    def _details(self, standing: Standing) -> Iterator[tuple[Style, str]]:
        if standing.halt:
            yield bad, f"halted {words.halted(standing.halt)}"
        for refusal in standing.refusals:
            yield bad, f"{refusal.guardrail}: {refusal.message}"
        if standing.drifted:
            yield bad, f"{counted(standing.drifted, 'value')} changed by somebody else"
        elif standing.plan.changed:
            verb = (
                "without that it would change"
                if standing.refusals
                else "the next reconcile changes"
            )
            yield warn, f"{verb} {counted(standing.plan.changed)}"
        for value in standing.globals:
            if value.action is not None or value.is_on:
                yield str, explanation_words.global_value(value)
        judged = self.status.judged.get(standing.flag)
        if answer := standing_words.gate_answer(standing, judged, self.overview.now):
            yield (bad if standing.condition is Condition.HARM else str), answer
        for expiry in standing.expiries:
            yield warn, standing_words.expiry(expiry)


def _cut(facts: list[str], room: int) -> str:
    """The key in bold and the facts, as many of them as there is room for."""
    key, *others = facts
    while others and len(" · ".join([key, *others])) > room:
        others.pop()
    return " · ".join([strong(terminal(key)), *map(terminal, others)])
