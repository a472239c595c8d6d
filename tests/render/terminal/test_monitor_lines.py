"""Lines: one an event, each whole, in the words of the screen."""

from dataclasses import replace
from datetime import timedelta

from controller.errors import DatabaseUnreachable
from controller.gate.watched import Look
from controller.inquiry.watching import Away, Began, Progress
from controller.render.terminal.monitor_lines import event_lines, summary
from tests.gate.builders import NOW, ramp_counts
from tests.golden_files import assert_golden
from tests.render.sightings import HOSTILE, LIMITS, ON_TIME, RUNS, run, sighting


def told(progress, *founds):
    lines = []
    for found in founds:
        progress, events = progress.after(found)
        lines += [line for event in events for line in event_lines(event, progress)]
    return progress, lines


def test_a_course_with_everything_in_it():
    first = sighting(*RUNS, counts=ramp_counts(54, 54))
    progress = Progress.of(first)
    lines = list(event_lines(Began(first), progress))
    at = NOW + timedelta(seconds=10)
    done = replace(RUNS[7], outcome=ON_TIME, completed=at, stage="shopify_sync")
    moved = replace(RUNS[6], stage="product_drafts")
    runs = (*RUNS[:6], moved, done, RUNS[8], run("fresh", 0))
    second = sighting(*runs, counts=ramp_counts(55, 55), now=at)
    away = Away(DatabaseUnreachable("the runs cannot be read"), at, timedelta(seconds=2))
    back = replace(second, look=Look(at + timedelta(seconds=9), second.look.runs, LIMITS))
    halted = replace(back, subject=replace(back.subject, phase="pilot"))
    progress, more = told(progress, second, away, away, back, halted)
    text = "\n".join([*lines, *more, *summary(progress)]) + "\n"
    assert_golden("render/monitor_lines.txt", text)


def test_every_event_is_one_line_whatever_the_names_are():
    fields = {"shop": HOSTILE, "error": HOSTILE, "stage": HOSTILE}
    found = sighting(run("x", 3, RUNS[1].outcome, 1, **fields))
    for line in event_lines(Began(found), Progress.of(found)):
        assert line.isprintable(), repr(line)


def test_the_summary_says_when_it_is_not_up_to_date():
    found = sighting(*RUNS)
    away = Away(DatabaseUnreachable("gone"), NOW, timedelta(seconds=2))
    progress, _ = Progress.of(found).after(away)
    assert "the database does not answer" in "\n".join(summary(progress))
    assert max(map(len, summary(progress, 40))) <= 40
