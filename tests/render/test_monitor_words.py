"""Figures and remarks, the same in every format."""

from dataclasses import replace

import pytest

from controller.gate.counts import Uncounted
from controller.gate.watched import Standing
from controller.render.monitor_words import Figure, figures, listed, moved, remark, sentence, where
from tests.gate.builders import NOW, population, ramp_counts
from tests.render.sightings import LIMITS, RUNS, of_merchant, run, sighting


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure("completed", 17, 18), "completed 17/18"),
        (Figure("failed", 1_200), "1,200 failed"),
        (Figure("on_time", None), "on_time ?"),
    ],
)
def test_a_figure_says_what_it_is_of(figure, text):
    assert figure.text == text


def test_a_change_has_a_sign_and_none_is_said_where_nobody_knows():
    before = (Figure("failed", 2), Figure("stuck", None))
    assert moved(Figure("failed", 5), before) == "+3"
    assert moved(Figure("failed", 1), before) == "-1"
    assert moved(Figure("failed", 2), before) == ""
    assert moved(Figure("failed", None), before) == ""
    assert moved(Figure("stuck", 1), before) == ""


def test_what_could_not_be_counted_is_no_zero():
    lost = Uncounted("the database said no")
    found = sighting(counts=ramp_counts(population=lost, rates={"completed": lost}))
    assert [f.text for f in figures(found) if f.value is None] == ["completed ?", "matured ?"]


def test_runs_left_out_are_said():
    wrong = population(60, excluded={"completed in the future": 2})
    assert "2 left out" in [
        f.text for f in figures(sighting(counts=ramp_counts(60, 60, population=wrong)))
    ]


def test_each_trouble_has_a_remark():
    look = sighting(*RUNS).look
    found = {look.standing(r): remark(r, look.standing(r), NOW, LIMITS) for r in RUNS}
    assert found[Standing.NEAR] == "counts as stuck in 3 min"
    assert found[Standing.FAILED] == "connect ECONNREFUSED 10.0.0.7:5432"
    assert found[Standing.STUCK] == "neither completed nor failed within 30 min"
    assert found[Standing.LATE] == "not within 10 min"
    assert found[Standing.UNJUDGED] == "completed before it was created"
    assert found[Standing.UNDER_WAY] == found[Standing.COMPLETED] == ""
    assert remark(replace(RUNS[1], error=None), Standing.FAILED, NOW, LIMITS) == (
        "without an error message"
    )


def test_the_list_adds_up():
    text = listed(sighting(*RUNS).look, cut=False)
    assert text == ("9 runs within 1 h: 2 under way, 1 near, 1 failed, 1 stuck, 2 late, 1 unjudged")
    assert listed(sighting().look, cut=False) == "0 runs within 1 h"
    assert listed(sighting(RUNS[8]).look, cut=True).startswith("more than 1 run")


def test_a_run_without_a_stage_is_where_its_status_says():
    assert where(run("x", 1, stage=None)) == "processing"
    assert where(run("x", 1, stage=None, status=None)) == "no status"


def test_a_passing_gate_says_where_to_go_and_a_merchant_what_it_rests_on():
    passes = sentence(sighting(counts=ramp_counts(60, 60)))
    assert passes == "Yes: sequential_workflow may go from 10% to 50%."
    assert sentence(of_merchant()).startswith("5 of 5 within 10 min.")
