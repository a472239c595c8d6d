"""Gates: shared and own ones are held to the same rules, and the edges are on the right side."""

import pytest

from controller.domain.measures import Rate
from tests.config.repository import GATE, codes

RAMP = "rollout/gates/ramp.yaml"
LADDER = "rollout/checkout.yaml"


def test_own_gates_are_checked_like_shared_ones():
    own = "".join(f"    {line}\n" for line in GATE.replace("floor: 85%", "floor: 99%").splitlines())
    text = f"gates:\n  ramp:\n{own}"
    changes = {LADDER: ("gates:\n", text), RAMP: None}
    assert set(codes(changes)) == {"RC507"}


@pytest.mark.parametrize(
    "change",
    [
        ("within: 10m", "within: 30m"),
        ("target: 95%, floor: 85%", "target: 85%, floor: 85%"),
        ("soak_min: 24h", "soak_min: 335h"),
        ("criterion: completed", "criterion: on_time"),
    ],
)
def test_edges_are_allowed(change):
    assert codes({RAMP: change}) == []


@pytest.mark.parametrize("rate", Rate)
def test_every_built_in_rate_is_known(rate):
    needs = {Rate.ON_TIME: "within: 5m, ", Rate.FASTER_THAN_BASELINE: "ratio: 1, "}.get(rate, "")
    criterion = f"{rate}: {{{needs}target: 95%, floor: 85%}}"
    gate = f"method: sequential\ncriteria:\n  {criterion}\n"
    assert codes({RAMP: gate}) == []


def test_own_measures_are_rates_too():
    gate = GATE.replace("criteria:\n", "criteria:\n  margin_kept: {target: 95%, floor: 85%}\n")
    assert codes({RAMP: gate}) == []
