"""Checks are silent about what could not be read, and right about what could."""

import pytest

from tests.config.repository import codes

UNREADABLE = "%"


@pytest.mark.parametrize(
    "name",
    [
        "flags/checkout.yaml",
        "rollout/checkout.yaml",
        "rollout/gates/ramp.yaml",
        "rollout/environments/demo.yaml",
        "rollout/environments/production.yaml",
        "rollout/waivers/shop-down.yaml",
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_problem(name):
    assert codes({name: UNREADABLE}) == ["RC111"]
    assert len(codes({name: "x: 1\n"})) >= 1
    assert set(codes({name: "x: 1\n"})) <= {"RC201", "RC202", "RC208"}


def test_an_unknown_measure_may_be_that_of_an_unreadable_environment():
    changes = {
        "rollout/gates/ramp.yaml": (
            "completed: {",
            "margin: {target: 9%, floor: 8%}\n  completed: {",
        )
    }
    assert codes(changes) == ["RC504"]
    assert codes({**changes, "rollout/environments/demo.yaml": UNREADABLE}) == ["RC111"]


def test_a_gate_may_be_used_by_an_unreadable_rollout():
    changes = {"rollout/gates/spare.yaml": "method: deterministic\n"}
    assert codes(changes) == ["RC503"]
    assert codes({**changes, "rollout/checkout.yaml": UNREADABLE}) == ["RC111"]


def test_a_gate_that_cannot_be_read_is_still_defined():
    assert codes({"rollout/gates/ramp.yaml": UNREADABLE}) == ["RC111"]
