"""Lines for machines: each an object of its own, with stable keys."""

import json
from datetime import timedelta
from pathlib import Path

from controller.errors import DatabaseUnreachable
from controller.gate.watched import Happening, RunEvent, Standing
from controller.inquiry.watching import Away, Began, CameBack, Counted, Moved, Progress, WentAway
from controller.render.json import line
from controller.render.json.monitor import ended, event
from tests.gate.builders import NOW
from tests.render.sightings import HOSTILE, RUNS, of_merchant, run, sighting, without_gate

FOUND = sighting(*RUNS)
PROGRESS = Progress.of(FOUND)
AWAY = Away(DatabaseUnreachable("gone"), NOW, timedelta(seconds=4))
GATE = {"at", "event", "verdict", "because", "counts"}
SUBJECT = {
    "at", "event", "environment", "flag", "phase", "since", "gate", "merchant", "deadline_seconds",
    "on_time_seconds",
}  # fmt: skip
KEYS = [
    (Began(FOUND), GATE | SUBJECT | {"format", "runs", "cut"}),
    (Moved(FOUND), SUBJECT),
    (Counted(FOUND), GATE),
    (WentAway(AWAY), {"at", "event", "problem", "again_in_seconds"}),
    (CameBack(NOW, timedelta(seconds=9)), {"at", "event", "after_seconds"}),
    (RunEvent(Happening.MOVED, RUNS[6], Standing.UNDER_WAY), {"at", "event", "happening", "run"}),
]


def test_every_event_has_its_keys_and_no_other():
    for told, keys in KEYS:
        assert set(event(told, PROGRESS)) == keys


def test_a_run_has_all_that_is_known_of_it():
    (told,) = event(Began(sighting(RUNS[1])), PROGRESS)["runs"]
    assert told["standing"] == "failed"
    assert told["elapsed_seconds"] == 90
    assert set(told) == {
        "id", "merchant", "shop", "status", "stage", "error", "created_at", "completed_at",
        "standing", "elapsed_seconds",
    }  # fmt: skip


def test_a_line_is_one_line_and_can_be_read_back():
    hostile = sighting(run("x", 3, error=HOSTILE, shop=HOSTILE))
    text = line(event(Began(hostile), PROGRESS))
    assert "\n" not in text
    assert json.loads(text)["runs"][0]["error"] == HOSTILE


def test_counts_are_the_gates_own():
    counts = event(Counted(FOUND), PROGRESS)["counts"]
    assert counts["completed"] == {"count": 60, "of": 60}
    assert counts["matured"] == {"count": 60, "of": None}


def test_the_end_says_how_the_process_ends():
    told = ended(PROGRESS, 11)
    assert (told["exit_code"], told["event"], told["away"]) == (11, "end", False)
    assert ended(PROGRESS.after(AWAY)[0], 9)["away"] is True


def test_one_merchant_and_a_phase_without_a_gate():
    one = event(Began(of_merchant()), Progress.of(of_merchant()))
    assert one["merchant"] == {"id": "m1", "shop": "moss-bakery.example"}
    bare = event(Began(without_gate()), Progress.of(without_gate()))
    assert (bare["verdict"], bare["counts"]) == (None, {})


def test_every_key_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "monitor.md").read_text(encoding="utf-8")
    run_keys = set(event(Began(sighting(RUNS[1])), PROGRESS)["runs"][0])
    keys = set().union(*(keys for _, keys in KEYS), run_keys, ended(PROGRESS, 0))
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
