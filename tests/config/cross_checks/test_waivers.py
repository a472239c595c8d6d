"""Waivers and allowances: what may be waived, and what never."""

import pytest

from tests.config.repository import WAIVER, codes

FILE = "rollout/waivers/shop-down.yaml"


@pytest.mark.parametrize(
    ("phase", "criterion"),
    [
        ("pilot", "shopify_synced"),
        ("pilot", "margin_kept"),
        ("pilot", "duration"),
        ("pilot", "failed"),
        ("pilot", "stuck"),
        ("10%", "completed"),
        ("10%", "worst_merchant"),
    ],
)
def test_what_a_gate_asks_may_be_waived(phase, criterion):
    text = WAIVER.replace("pilot", phase).replace("shopify_synced", criterion)
    assert codes({FILE: text}) == []


@pytest.mark.parametrize("phase", ["pilot", "10%"])
@pytest.mark.parametrize("criterion", ["duplicate_orders", "corrupted"])
def test_what_must_never_happen_is_never_waived(phase, criterion):
    text = WAIVER.replace("pilot", phase).replace("shopify_synced", criterion)
    assert codes({FILE: text}) == ["RC604"]


def test_a_waiver_of_a_worst_merchant_rule_needs_the_rule():
    text = WAIVER.replace("shopify_synced", "worst_merchant")
    assert codes({FILE: text}) == ["RC603"]


def test_a_waiver_for_an_unreadable_flag_is_left_alone():
    assert codes({"rollout/checkout.yaml": "%"}) == ["RC111"]
