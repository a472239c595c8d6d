"""The gate's report for machines: every figure, stable names."""

import json

import pytest

from controller.render.json import text
from controller.render.json.gate import gate
from tests.golden_files import assert_golden
from tests.render.gate_reports import HOSTILE, REPORTS, filled_with, naughty_strings


def document(name: str):
    return json.loads(text(gate(REPORTS[name], exit_code=0, following="50%")))


@pytest.mark.parametrize("name", ["pilot_proceed", "ramp_waived", "nothing_counted"])
def test_the_document(name):
    assert_golden(f"gate/json/{name}.json", text(document(name)))


@pytest.mark.parametrize("name", REPORTS)
def test_only_proceed_may_advance(name):
    found = document(name)
    assert found["may_advance"] == (found["verdict"] == "proceed")


@pytest.mark.parametrize("name", REPORTS)
def test_every_document_has_the_same_keys(name):
    assert document(name).keys() == document("pilot_proceed").keys()


@pytest.mark.parametrize("hostile", HOSTILE[:2])
def test_foreign_text_is_kept(hostile):
    found = json.loads(text(gate(filled_with(hostile), exit_code=0)))
    assert found["claim"] == found["criteria"][0]["reason"] == hostile


def test_the_naughty_strings_are_kept():
    for naughty in naughty_strings():
        assert json.loads(text(gate(filled_with(naughty), exit_code=0)))["claim"] == naughty
