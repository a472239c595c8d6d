"""A file is called after what it defines."""

import pytest

from controller.config.kinds import KINDS
from controller.config.layout import Kind
from tests.config.repository import GATE, VALID, WAIVER, codes


def test_every_kind_of_yaml_file_has_its_model():
    assert KINDS.keys() == set(Kind) - {Kind.RULE}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("flags/banner.yaml", "flags/baner.yaml"),
        ("rollout/environments/demo.yaml", "rollout/environments/dem0.yaml"),
    ],
)
def test_another_name_is_a_problem(right, wrong):
    assert "RC222" in codes({right: None, wrong: VALID[right]})


def test_waivers_may_be_called_anything_and_gates_what_a_gate_may_be_called():
    assert (
        codes({"rollout/waivers/shop-down.yaml": None, "rollout/waivers/2026.A.yaml": WAIVER}) == []
    )
    assert "RC222" in codes({"rollout/gates/2.yaml": GATE})
