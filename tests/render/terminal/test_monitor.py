"""The screen: never wider or higher than the terminal, trouble first, and nothing steers it."""

from dataclasses import replace
from datetime import timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import DatabaseUnreachable
from controller.inquiry.watching import Away
from controller.render.terminal.cells import cells
from controller.render.terminal.monitor import screen
from tests.gate.builders import NOW, ramp_counts
from tests.golden_files import assert_golden
from tests.render.sightings import HOSTILE, RUNS, of_merchant, run, sighting, view, without_gate

BEGUN = sighting(counts=ramp_counts(54, 54))
TROUBLED = sighting(*RUNS, counts=ramp_counts(57, 60))


def plain(found, width=80, height=24):
    return [click.unstyle(line) for line in screen(found, width, height)]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 24), (120, 16)])
def test_looks(width, height):
    lines = plain(view(TROUBLED, BEGUN), width, height)
    assert_golden(f"render/monitor_{width}x{height}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("found", [of_merchant(*RUNS), without_gate(*RUNS), sighting()])
@given(width=st.integers(40, 160), height=st.integers(5, 60))
def test_it_is_as_high_as_the_terminal_and_never_wider(found, width, height):
    lines = plain(view(found), width, height)
    assert len(lines) == height
    assert max(map(cells, lines)) <= width


def test_what_can_still_be_helped_comes_first_and_what_goes_on_stays_in_sight():
    many = [run(f"f{n}", 5, outcome=RUNS[1].outcome, took=1) for n in range(30)]
    lines = plain(view(sighting(*RUNS, *many)))
    kinds = [line.split("  ")[0] for line in lines if line and line[0] != " "]
    assert kinds.index("near") < kinds.index("failed") < kinds.index("under way")
    assert any(line.startswith("...and ") for line in lines)


def test_only_trouble_leaves_the_rest_away():
    text = "\n".join(plain(view(TROUBLED, only_trouble=True), height=40))
    assert "run-failed" in text
    assert "newer.example" not in text
    calm = sighting(RUNS[-1])
    assert "nothing needs a look" in "\n".join(plain(view(calm, only_trouble=True)))


def test_the_run_to_analyse_is_named_whole():
    assert "cmwtqqkya00yfgxz28b01luro" in "\n".join(
        plain(view(sighting(replace(RUNS[1], id="cmwtqqkya00yfgxz28b01luro"))))
    )


def test_an_outage_is_said_and_what_was_seen_stays():
    found = view(TROUBLED)
    away = Away(DatabaseUnreachable(f"no route {HOSTILE}"), NOW, timedelta(seconds=4))
    lines = plain(replace(found, progress=replace(found.progress, away=away)))
    text = "\n".join(lines)
    assert "no answer since 08:00:00 UTC; trying again in 7 s" in text
    assert "failed.example" in text
    assert "\x1b" not in text


def test_a_pause_is_said_and_nothing_moves():
    paused = view(TROUBLED, paused=True)
    later = replace(paused, now=NOW + timedelta(minutes=5))
    assert plain(paused) == plain(later)
    assert "paused; shown is 08:00:00 UTC" in "\n".join(plain(paused))


def test_between_two_looks_runs_grow_older():
    older = replace(view(sighting(RUNS[7])), now=NOW + timedelta(seconds=3))
    assert "2 min 3 s" in "\n".join(plain(older))


def test_the_keys_are_explained():
    text = "\n".join(plain(view(TROUBLED, help=True)))
    for key in ("q ", "p ", "r ", "t "):
        assert f"\n  {key}" in text


def test_no_name_and_no_error_steers_the_terminal():
    outcome = RUNS[1].outcome
    fields = {"shop": HOSTILE, "error": HOSTILE, "id": HOSTILE}
    hostile = run("x", 3, outcome, 1, stage=HOSTILE, **fields)
    for width in (40, 80, 120):
        shown = "".join(plain(view(sighting(hostile)), width))
        assert shown.isprintable(), repr(shown)


def test_a_merchant_is_named_and_a_phase_without_a_gate_says_so():
    assert plain(view(of_merchant()))[0].startswith("moss-bakery.example (m1) · production · runs")
    assert plain(view(without_gate()))[1].startswith("NO GATE  Phase 100% of seq has no gate")
