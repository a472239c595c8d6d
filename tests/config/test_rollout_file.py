"""Rollouts: what a short file means, and the phase of each environment."""

from datetime import timedelta

import pytest

from controller.config.rollout_file import RolloutFile, to_rollout
from controller.domain.rollout import Eligibility

SHORT = {
    "flag": "a",
    "phase": "off",
    "bucketing": {"salt": "a", "version": "1"},
    "phases": [{"name": "pilot", "merchants": ["m2", "m1"]}, {"name": "all", "percent": "100%"}],
}


def test_the_shortest_rollout():
    rollout = to_rollout(RolloutFile.model_validate(SHORT), "pilot")
    assert rollout.phase == "pilot"
    assert rollout.eligible == Eligibility(timedelta(0), frozenset())
    assert rollout.phases[0].merchants == ("m1", "m2")
    assert rollout.phases[1].soak == timedelta(0)
    assert rollout.phases[1].gate is None


@pytest.mark.parametrize(
    ("phase", "found"),
    [("pilot", ["pilot", "pilot"]), ({"demo": "all"}, ["all", None])],
)
def test_the_phase_of_an_environment(phase, found):
    file = RolloutFile.model_validate({**SHORT, "phase": phase})
    assert [file.phase_in(name) for name in ("demo", "production")] == found
