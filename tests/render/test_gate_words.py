"""The gate's answer in one sentence and in one line."""

from dataclasses import replace

import pytest

from controller.render import gate_words
from tests.render.gate_reports import REPORTS

ANSWERS = {
    "pilot_proceed": "Yes: sequential_workflow may go from pilot to 10%.",
    "pilot_slow": "Not yet: something is to be fixed before sequential_workflow may go from "
    "pilot to 10%.",
    "pilot_failed": "No: sequential_workflow does harm at pilot. Take it back.",
    "pilot_nothing_yet": "Not yet: it is too early to say whether sequential_workflow may go "
    "from pilot to 10%.",
}
LINES = {
    "pilot_proceed": "gate pilot says proceed",
    "pilot_slow": "gate pilot says fix minor: duration: The slowest of 5 completed runs took "
    "12 min 30 s (run-1): more than 10 min, at most 30 min",
    "pilot_failed": "gate pilot says rollback: failed: 2 runs failed; 1 or more mean rollback",
    "pilot_nothing_yet": "gate pilot says insufficient data: 1 more matured run",
    "ramp_holding": "gate ramp says insufficient data: 17 more good runs (`completed` needs the "
    "most), about 9 hours at today's rate",
    "ramp_waived": "gate ramp says proceed, with a waiver for `on_time`",
    "ramp_error": "gate ramp says error: freshness: The newest run of any merchant is 9 h old, "
    "more than 6 h: is the data still being written, and copied here?",
    "nothing_counted": "gate ramp says error: identity: What was rolled out could not be read: "
    "the database did not answer; and 5 more",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer(name):
    assert gate_words.answer(REPORTS[name], "10%") == ANSWERS[name]


@pytest.mark.parametrize("name", LINES)
def test_the_line(name):
    assert gate_words.gate_line(REPORTS[name]) == LINES[name]


@pytest.mark.parametrize("name", REPORTS)
def test_a_line_is_one_line_and_names_the_verdict(name):
    line = gate_words.gate_line(REPORTS[name])
    assert "\n" not in line
    assert gate_words.title(REPORTS[name].verdict) in line


def test_a_waiver_shows_wherever_its_verdict_shows():
    report = REPORTS["ramp_waived"]
    assert "`on_time`" in gate_words.answer(report)
    assert "`on_time`" in gate_words.gate_line(report)
    (waived,) = (result for result in report.criteria if result.waiver)
    assert gate_words.verdict_of(waived) == "waived"
    assert "printers are slow" in gate_words.reason_of(waived)


def test_what_to_do_next():
    proceed = REPORTS["ramp_proceed"]
    promote = "rolloutctl promote sequential_workflow"
    assert gate_words.next_step(proceed, "50%") == f"go on to 50%: {promote}"
    assert gate_words.next_step(proceed) == f"go on: {promote}"
    assert gate_words.next_step(REPORTS["ramp_rollback"]) == (
        'at once: rolloutctl halt sequential_workflow --reason "..."; '
        "by a pull request: rolloutctl rollback sequential_workflow"
    )


def test_nobody_is_no_number_of_merchants():
    results = REPORTS["pilot_nothing_yet"].criteria
    assert 0 in {result.merchants for result in results}
    assert {gate_words.merchants(result) for result in results} == {""}


def test_an_undecided_gate_without_a_need_names_what_is_undecided():
    report = replace(REPORTS["ramp_holding"], needs=())
    assert gate_words.gate_line(report).startswith("gate ramp says insufficient data: runs: 11")


def test_queries_are_grouped():
    (found,) = gate_words.queries(REPORTS["ramp_holding"])
    assert found[0] == "completed, on_time, faster_than_baseline, worst_merchant"
    assert gate_words.queries(REPORTS["pilot_proceed"]) == (
        (
            "purchase_order_created, line_items_extracted, data_complete, shopify_synced",
            "select 1",
        ),
    )
