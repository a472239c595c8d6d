"""How a run stands at a moment, and what happened between two looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from controller.gate.single_run import Fate, RunLimits, RunOutcome
from controller.gate.watched import Happening, Look, Standing, WatchedRun, events, left, standing

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = RunLimits()
PENDING = RunOutcome(Fate.PENDING)


def run(key="r1", *, minutes=1.0, outcome=PENDING, took=None, stage="ai_parsing", **more):
    created = NOW - timedelta(minutes=minutes)
    ended = None if took is None else created + timedelta(minutes=took)
    values = {"shop": None, "status": "processing", "error": None, "completed": ended, **more}
    return WatchedRun(
        id=key, merchant="m1", stage=stage, created=created, outcome=outcome, **values
    )


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(10, Standing.UNDER_WAY), (10.01, Standing.LATE), (24, Standing.NEAR), (29, Standing.NEAR)],
)
def test_a_run_under_way_is_late_after_its_time_and_near_before_its_deadline(minutes, expected):
    assert standing(run(minutes=minutes), NOW, LIMITS) is expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (RunOutcome(Fate.COMPLETED, on_time=True), Standing.COMPLETED),
        (RunOutcome(Fate.COMPLETED, on_time=False), Standing.LATE),
        (RunOutcome(Fate.FAILED), Standing.FAILED),
        (RunOutcome(Fate.STUCK), Standing.STUCK),
        (RunOutcome(Fate.EXCLUDED, why="completed in the future"), Standing.UNJUDGED),
    ],
)
def test_a_decided_run_stands_as_the_gate_says(outcome, expected):
    found = run(minutes=40, outcome=outcome, took=20)
    assert standing(found, NOW, LIMITS) is expected
    assert found.has_matured is (expected is not Standing.UNJUDGED)
    assert expected.troubles is (expected is not Standing.COMPLETED)


def test_what_is_left_of_a_run_is_never_less_than_nothing():
    assert left(run(minutes=28), NOW, LIMITS) == timedelta(minutes=2)
    assert left(run(minutes=31), NOW, LIMITS) == timedelta()


def test_an_ended_run_takes_no_longer_and_one_of_the_future_took_nothing():
    done = run(minutes=40, outcome=RunOutcome(Fate.COMPLETED, on_time=True), took=4)
    assert done.elapsed(NOW) == timedelta(minutes=4)
    assert run(minutes=-1).elapsed(NOW) == timedelta()


def look(*runs, at=NOW):
    return Look(at, runs, LIMITS)


def told(before, after):
    return [(e.happening, e.run.id, e.standing) for e in events(before, after)]


def test_what_is_new_has_started_unless_it_has_ended_already():
    quick = run("r2", minutes=2, outcome=RunOutcome(Fate.COMPLETED, on_time=True), took=1)
    assert told(look(), look(run("r1"), quick)) == [
        (Happening.CHANGED, "r2", Standing.COMPLETED),
        (Happening.STARTED, "r1", Standing.UNDER_WAY),
    ]


def test_a_stage_is_told_while_the_run_is_under_way_and_the_end_once():
    begun, moved = run(), run(stage="database_save")
    done = run(outcome=RunOutcome(Fate.COMPLETED, on_time=True), took=1, stage="shopify_sync")
    assert told(look(begun), look(moved)) == [(Happening.MOVED, "r1", Standing.UNDER_WAY)]
    assert told(look(moved), look(done)) == [(Happening.CHANGED, "r1", Standing.COMPLETED)]
    assert told(look(done), look(replace(done, stage="none"))) == []


def test_time_alone_makes_a_run_late():
    before = look(run())
    after = look(run(), at=NOW + timedelta(minutes=15))
    assert told(before, after) == [(Happening.CHANGED, "r1", Standing.LATE)]


def test_a_run_that_is_not_listed_any_more_is_no_news():
    assert told(look(run()), look()) == []
