"""One run's own words: limits out of a gate, orders that add up, and how others fared."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from controller.gate.single_run import RunLimits, RunOrder, compare
from tests.workflow_data.world import PILOT, RAMP, criterion, minutes

ORDER = RunOrder(
    id="o1",
    merchant="m1",
    number="PO-1",
    supplier="s1",
    supplier_name=None,
    status="completed",
    total=Decimal("30.00"),
    items=2,
    items_total=Decimal("30.00"),
    shopify_order=None,
    sync_status=None,
    synced=False,
    synced_at=None,
)


def test_the_usual_times_are_those_of_the_gate_files():
    assert RunLimits.of(None) == RunLimits(minutes(30), minutes(10)) == RunLimits.of(PILOT)


def test_a_gates_own_times_are_taken():
    slow = replace(PILOT, duration_proceed=minutes(7))
    assert RunLimits.of(slow).on_time == minutes(7)
    strict = replace(RAMP, criteria=(criterion("on_time", within=minutes(3)),))
    assert RunLimits.of(strict).on_time == minutes(3)
    assert RunLimits.of(replace(RAMP, criteria=())).on_time == minutes(10)
    patient = replace(RAMP, timing=replace(RAMP.timing, outcome_deadline=timedelta(days=2)))
    assert RunLimits.of(patient).deadline == timedelta(days=2)


@pytest.mark.parametrize(
    ("total", "items", "adds_up"),
    [
        ("30.00", "30.00", True),
        ("30.00", "29.99", True),
        ("30.00", "30.01", True),
        ("30.00", "29.98", False),
        ("30.00", "-30.00", False),
        ("0.005", "0.00", True),
        (None, "30.00", None),
        ("30.00", None, None),
    ],
)
def test_items_add_up_within_a_cent(total, items, adds_up):
    order = replace(
        ORDER,
        total=None if total is None else Decimal(total),
        items_total=None if items is None else Decimal(items),
    )
    assert order.adds_up is adds_up


def test_empty_fields_are_missing_and_a_total_of_zero_is_not():
    assert replace(ORDER, number="", supplier=None, total=None).missing == (
        "number",
        "supplier",
        "total",
    )
    assert replace(ORDER, total=Decimal(0)).missing == ()


def test_a_run_is_held_against_others():
    others = (minutes(40), minutes(20), minutes(30))
    found = compare(minutes(3), others)
    assert (found.runs, found.median, found.slower, found.ratio) == (3, minutes(30), 3, 10.0)
    assert compare(minutes(30), others).slower == 1


def test_without_others_or_without_a_duration_nothing_is_made_up():
    none = compare(minutes(3), ())
    assert (none.runs, none.median, none.slower, none.ratio) == (0, None, 0, None)
    unended = compare(None, (minutes(3),))
    assert (unended.median, unended.slower, unended.ratio) == (minutes(3), None, None)
    assert compare(timedelta(0), (minutes(3),)).ratio is None
