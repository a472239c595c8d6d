"""Pictures say in words what they draw, and draw it where it belongs."""

import re
from datetime import timedelta

import pytest

from controller.gate.counts import Tally
from controller.gate.report import CriterionKind, CriterionResult, Share
from controller.gate.verdict import CriterionVerdict
from controller.render.html import charts
from controller.render.html.charts import Point
from tests.gate.builders import NOW, percent


def result(good=97, matured=100, lower=0.914, upper=0.995, **changes):
    share = Share(Tally(good, matured), lower, upper)
    usual = {
        "name": "completed",
        "kind": CriterionKind.RATE,
        "verdict": CriterionVerdict.PASS,
        "reason": "",
        "floor": percent(85),
        "target": percent(95),
        "all_runs": share,
    }
    return CriterionResult(**{**usual, **changes})


def test_an_interval_is_told_with_its_limits():
    drawn = charts.interval(result(), 0.8)
    assert (
        "<title>completed: 97/100 good (97 %), true rate 91.4 to 99.5 %; floor 85 %; target 95 %"
        in drawn
    )


def test_a_limit_is_drawn_left_of_what_is_above_it():
    drawn = charts.interval(result(), 0.8)
    floor, target = (
        float(re.search(rf'M([\d.]+) 3V25" class="{style}"', drawn)[1])
        for style in ("s-bad dash", "s-good")
    )
    low, high = map(float, re.search(r'M([\d.]+) 14H([\d.]+)" class="bar', drawn).groups())
    assert floor < low < target < high


def test_what_was_not_counted_is_not_drawn():
    assert charts.interval(result(all_runs=None), 0.8) is None


@pytest.mark.parametrize(("lower", "low"), [(0.999, 0.8), (0.73, 0.7), (0, 0)])
def test_the_scale_begins_at_a_multiple_of_ten_below_everything(lower, low):
    assert charts.lowest([result(lower=lower)]) == low


def test_a_story_tells_the_first_and_the_last():
    points = [
        Point(NOW, result(10, 10, 0.4, 1)),
        Point(NOW + timedelta(days=1), result()),
    ]
    drawn = charts.over_time(points)
    assert "40 to 100 % after 10/10 good on 2026-11-23 08:00 UTC, then 91.4 to 99.5 %" in drawn
    assert drawn.count("floor 85") == drawn.count("target 95") == 2


def test_judgements_of_one_moment_can_be_drawn():
    assert "<svg" in charts.over_time([Point(NOW, result()), Point(NOW, result())])


def test_lengths_are_drawn_in_proportion():
    drawn = charts.bars("both", [("a", 100, "100 s", "line"), ("b", 50, "50 s", "good")])
    long, short = map(float, re.findall(r"h([\d.]+)", drawn.replace("height", "")))
    assert long == 2 * short
