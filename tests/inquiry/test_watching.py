"""What is known after each look, what there is to tell, and when it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.errors import DatabaseUnreachable
from controller.gate.counts import Uncounted
from controller.gate.verdict import Verdict
from controller.gate.watched import Look
from controller.inquiry.watching import Away, CameBack, Counted, Moved, Progress, Until, WentAway
from tests.gate.builders import NOW, identity, ramp_counts
from tests.render.sightings import LIMITS, ON_TIME, RUNS, run, sighting, without_gate

MINUTE = timedelta(minutes=1)
FIRST = sighting(run("a", 2))
DONE = sighting(run("a", 2, ON_TIME, 1))


def away(after=timedelta()):
    return Away(DatabaseUnreachable("gone"), NOW + after, timedelta(seconds=2))


def kinds(events):
    return [type(event) for event in events]


def test_an_outage_is_told_once_and_lasts_since_it_began():
    progress, events = Progress.of(FIRST).after(away())
    assert kinds(events) == [WentAway]
    progress, events = progress.after(away(after=MINUTE))
    assert (events, progress.away.since) == ((), NOW)
    back = replace(FIRST, look=Look(NOW + 2 * MINUTE, FIRST.look.runs, LIMITS))
    progress, events = progress.after(back)
    assert (kinds(events), events[0].after, progress.away) == ([CameBack], 2 * MINUTE, None)


def test_what_was_shown_is_kept_during_an_outage():
    progress, _ = Progress.of(FIRST).after(away())
    assert progress.latest is FIRST


def test_counts_are_told_when_they_change_and_not_when_only_time_passes():
    progress = Progress.of(FIRST)
    later = replace(FIRST, look=Look(NOW + MINUTE / 2, FIRST.look.runs, LIMITS))
    assert progress.after(later)[1] == ()
    more = sighting(run("a", 2), counts=ramp_counts(61, 61))
    assert kinds(progress.after(more)[1]) == [Counted]


def test_a_halt_and_another_phase_are_told():
    halted = sighting(run("a", 2), counts=ramp_counts(identity=identity("10%", 10, halted="harm")))
    assert Moved in kinds(Progress.of(FIRST).after(halted)[1])
    retreat = replace(FIRST, subject=replace(FIRST.subject, phase="pilot"))
    assert kinds(Progress.of(FIRST).after(retreat)[1]) == [Moved]


def test_a_run_that_ends_is_counted_once():
    progress, _ = Progress.of(FIRST).after(DONE)
    assert progress.ended == 1
    assert progress.after(DONE)[0].ended == 1


def test_a_run_is_over_when_one_has_matured_since_the_first_look():
    until = Until(run=True)
    assert not until.is_over(Progress.of(DONE), MINUTE)
    assert until.is_over(Progress.of(FIRST).after(DONE)[0], MINUTE)


def test_a_span_is_over_even_during_an_outage_and_the_others_are_not():
    gone, _ = Progress.of(FIRST).after(DONE)[0].after(away())
    assert Until(span=MINUTE).is_over(gone, MINUTE)
    assert not Until(span=MINUTE).is_over(gone, MINUTE / 2)
    assert not Until(run=True, verdict=True).is_over(gone, MINUTE)


def test_nothing_said_is_never_over():
    assert not Until().is_over(Progress.of(FIRST).after(DONE)[0], 1_000 * MINUTE)


@pytest.mark.parametrize(
    ("counts", "verdict", "is_over"),
    [
        (ramp_counts(60, 60), Verdict.PROCEED, True),
        (ramp_counts(20, 60), Verdict.ROLLBACK, True),
        (ramp_counts(15, 15), Verdict.INSUFFICIENT_DATA, False),
        (ramp_counts(freshness=Uncounted("lost")), Verdict.ERROR, False),
    ],
)
def test_a_verdict_is_over_when_it_is_one(counts, verdict, is_over):
    progress = Progress.of(sighting(counts=counts))
    assert progress.verdict is verdict
    assert Until(verdict=True).is_over(progress, MINUTE) is is_over


def test_an_error_that_stays_is_an_answer():
    lost = sighting(counts=ramp_counts(freshness=Uncounted("lost")))
    progress, _ = Progress.of(lost).after(lost)
    assert Until(verdict=True).is_over(progress, MINUTE)
    assert Progress.of(lost).after(FIRST)[0].errors == 0


def test_where_no_gate_judges_no_verdict_comes():
    progress = Progress.of(without_gate(*RUNS))
    assert progress.verdict is None
    assert not Until(verdict=True).is_over(progress, MINUTE)
