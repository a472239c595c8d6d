"""What is watched, in words: the same on a screen, in lines and for machines.

Nothing here is escaped: statuses, stages, errors and names come from data, and are made harmless
where they are shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.counts import GateCounts, Uncounted
from controller.gate.single_run import RunLimits
from controller.gate.verdict import Verdict
from controller.gate.watched import Look, Standing, WatchedRun, left
from controller.inquiry.monitor import SPAN, Sighting, Subject
from controller.render import gate_remarks, gate_words

TROUBLES: Final = (Standing.NEAR, Standing.FAILED, Standing.STUCK, Standing.LATE, Standing.UNJUDGED)
"""What needs a look: first what can still be helped."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the gate's counts.

    Attributes:
        value: None where it could not be counted.
        of: The whole that it is a part of; None where it is none.
    """

    name: str
    value: int | None
    of: int | None = None

    @property
    def text(self) -> str:
        """`completed 17/18`, `0 failed`, `on_time ?`."""
        if self.value is None:
            return f"{self.name} ?"
        if self.of is None:
            return f"{self.value:,} {self.name}"
        return f"{self.name} {self.value:,}/{self.of:,}"


def title(subject: Subject) -> tuple[str, ...]:
    """What is watched, where, and since when it counts: parts of one line."""
    since = f"since {format_instant(subject.since)}" if subject.since else ""
    if subject.merchant is not None:
        who = f"{subject.merchant.shop_domain} ({subject.merchant.id})"
        return tuple(part for part in (who, subject.environment, f"runs {since}") if part)
    phase = f"phase {subject.phase} {since}".rstrip()
    return tuple(part for part in (subject.flag, subject.environment, phase) if part)


def verdict(found: Sighting) -> str:
    """The answer in one or two words: `insufficient data`, `no gate`."""
    return gate_words.title(found.report.verdict) if found.report else "no gate"


def sentence(found: Sighting) -> str:
    """Why, in one sentence."""
    subject, report = found.subject, found.report
    if report is None:
        assert subject.nothing is not None  # noqa: S101 -- else a gate judges
        return gate_remarks.nothing_to_pass(subject.nothing)
    obstacle = gate_words.obstacle(report)
    if obstacle:
        return f"{obstacle}."
    if report.verdict is Verdict.PROCEED and subject.flag is not None:
        return gate_words.answer(report, subject.following)
    return report.claim


def next_step(found: Sighting) -> str:
    """What to do next, in the gate's words; empty where there is nothing to do.

    No gate judges one merchant alone, so there is nothing to ask again.
    """
    subject, report = found.subject, found.report
    if report is not None:
        has_flag = subject.flag is not None
        return gate_words.next_step(report, subject.following) if has_flag else ""
    if subject.nothing is None:
        return ""
    return gate_remarks.after_nothing(subject.nothing, subject.environment)


def figures(found: Sighting) -> tuple[Figure, ...]:
    """The gate's counts; empty where no gate judges.

    Without the pending runs: those are listed, and a list is newer than the counts.
    """
    return tuple(_figures(found.counts)) if found.counts is not None else ()


def _figures(counts: GateCounts) -> Iterator[Figure]:
    for name, rate in counts.rates.items():
        if isinstance(rate, Uncounted):
            yield Figure(name, None)
        else:
            yield Figure(name, rate.all_runs.good, rate.all_runs.matured)
    if not isinstance(counts.durations, Uncounted):
        yield Figure("duration", counts.durations.within, counts.durations.runs)
    population = counts.population
    if isinstance(population, Uncounted):
        yield Figure("matured", None)
    else:
        yield Figure("matured", population.matured)
    for name, total in counts.totals.items():
        yield Figure(name, None if isinstance(total, Uncounted) else total.count)
    if not isinstance(population, Uncounted) and population.excluded_runs:
        yield Figure("left out", population.excluded_runs)


def moved(figure: Figure, before: tuple[Figure, ...]) -> str:
    """How a count has changed since: `+3`, `-1`; empty where it has not, or nobody knows."""
    earlier = next((f.value for f in before if f.name == figure.name), None)
    if earlier is None or figure.value is None or figure.value == earlier:
        return ""
    return f"{figure.value - earlier:+,}"


def who(run: WatchedRun) -> str:
    """Whose run it is, as a person knows them."""
    return run.shop or run.merchant


def where(run: WatchedRun) -> str:
    """How far it is: its stage, or its status where it has no stage to tell."""
    return run.stage or run.status or "no status"


def remark(run: WatchedRun, stands: Standing, now: datetime, limits: RunLimits) -> str:
    """What to know beside its standing; empty where that says it all."""
    match stands:
        case Standing.FAILED:
            return run.error or "without an error message"
        case Standing.STUCK:
            return f"neither completed nor failed within {words.duration(limits.deadline)}"
        case Standing.NEAR:
            return f"counts as stuck in {words.duration(left(run, now, limits))}"
        case Standing.LATE:
            return f"not within {words.duration(limits.on_time)}"
        case Standing.UNJUDGED:
            return run.outcome.why
        case Standing.UNDER_WAY | Standing.COMPLETED:
            return ""


def listed(look: Look, *, cut: bool) -> str:
    """What the list below is, and how it adds up."""
    stands = [look.standing(run) for run in look.runs]
    number = f"{'more than ' if cut else ''}{counted(len(stands), 'run')}"
    runs = f"{number} within {words.duration(SPAN)}"
    found = [(stands.count(Standing.UNDER_WAY), Standing.UNDER_WAY.value)]
    found += [(stands.count(one), one.value) for one in TROUBLES]
    parts = ", ".join(f"{number:,} {name}" for number, name in found if number)
    return f"{runs}: {parts}" if parts else runs


def clock(at: datetime) -> str:
    """A time of day, in UTC like every other: `12:03:11`."""
    return f"{at.astimezone(UTC):%H:%M:%S}"
