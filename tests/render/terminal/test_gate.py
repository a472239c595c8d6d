"""The gate's report on a terminal reads like an answer to "may I merge?"."""

import re

import click
import pytest

from controller.render.terminal.gate import gate_text
from tests.golden_files import assert_golden
from tests.render.gate_reports import HOSTILE, REPORTS, filled_with, naughty_strings


def seen(name: str, **options) -> str:
    return click.unstyle(gate_text(REPORTS[name], following="50%", **options))


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_on_a_usual_terminal(name):
    text = seen(name)
    assert max(map(len, text.splitlines())) <= 100
    assert_golden(f"gate/terminal/{name}.txt", text)


@pytest.mark.parametrize("width", [40, 60, 72, 80])
@pytest.mark.parametrize("name", REPORTS)
def test_every_report_on_a_narrow_terminal(name, width):
    assert max(map(len, seen(name, width=width).splitlines())) <= width


def test_a_narrow_report_says_the_same():
    assert_golden("gate/terminal/narrow_ramp_waived.txt", seen("ramp_waived", width=60))


@pytest.mark.parametrize("name", REPORTS)
def test_the_verdict_comes_first(name):
    verdict = str(REPORTS[name].verdict).replace("_", " ").upper()
    assert seen(name).startswith(f"{verdict}  ")


def test_queries_are_shown_when_asked_for():
    assert "SELECT" not in seen("ramp_holding")
    text = seen("ramp_holding", with_queries=True)
    assert text.count("SELECT count(*)") == 1
    assert "completed, on_time, faster_than_baseline, worst_merchant" in text


def test_remarks_stand_at_the_end():
    text = seen("ramp_holding", remarks=["the evidence is kept as 0123456789ab"])
    assert text.endswith("the evidence is kept as 0123456789ab\n")


def test_only_colours_are_added():
    coloured = gate_text(REPORTS["ramp_rollback"], following="50%")
    assert coloured != click.unstyle(coloured)
    assert click.unstyle(coloured) == seen("ramp_rollback")


_STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def assert_harmless(text: str) -> None:
    shown = gate_text(filled_with(text), remarks=[text], following=text, with_queries=True)
    assert not _STEERS.search(click.unstyle(shown)), text
    shown.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_steers_the_terminal(text):
    assert_harmless(text)


def test_the_naughty_strings_stay_text():
    for text in naughty_strings():
        assert_harmless(text)
