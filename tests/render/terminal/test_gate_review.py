"""Reviews of a gate on a terminal."""

import click
import pytest

from controller.render.terminal.gate_review import (
    previews_text,
    recomputation_text,
    replays_text,
)
from tests.golden_files import assert_golden
from tests.render import gate_reviews as reviews

REMARKS = ("Traffic is that of the last 30 days.",)


def test_what_gates_would_do():
    text = click.unstyle(previews_text(reviews.PREVIEWS, remarks=REMARKS))
    assert_golden("gate/terminal/characteristics.txt", text)
    assert max(map(len, text.splitlines())) <= 100


def test_what_they_would_do_without_traffic():
    text = click.unstyle(previews_text(reviews.WITHOUT_TRAFFIC))
    assert_golden("gate/terminal/characteristics_without_traffic.txt", text)


def test_what_they_would_have_said():
    text = click.unstyle(replays_text(reviews.REPLAYS))
    assert_golden("gate/terminal/backtest.txt", text)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", ["SAME", "REWORDED", "DIFFERENT"])
def test_a_recount(name):
    text = click.unstyle(recomputation_text(*getattr(reviews, name)))
    assert_golden(f"gate/terminal/recomputed_{name.lower()}.txt", text)
