"""Gates that can never pass, and gates that hold nothing back: what is certain, and what is not."""

import pytest

from tests.config.repository import GATE, codes, look

RAMP = "rollout/gates/ramp.yaml"
LADDER = "rollout/checkout.yaml"
WAIVER = "rollout/waivers/shop-down.yaml"
FLAG = "flags/checkout.yaml"
BY_NAME = ("{name: 10%, percent: 10,", "{name: 10%, merchants: [clx011],")


def ramp(**keys: object) -> str:
    return GATE + "".join(f"{key}: {value}\n" for key, value in keys.items())


def test_earlier_phases_and_overrides_give_merchants_too():
    # Two of the pilot, one of its own and one by an override: 4 merchants, 28 runs.
    assert codes({LADDER: BY_NAME, RAMP: ramp(runs_per_merchant=7)}) == []
    assert codes({LADDER: BY_NAME, RAMP: ramp(runs_per_merchant=6)}) == ["RC513"]


def test_only_overrides_that_turn_on_give_merchants():
    changes = {
        LADDER: BY_NAME,
        RAMP: ramp(runs_per_merchant=7),
        FLAG: ("true, reason", "false, reason"),
    }
    assert codes(changes) == ["RC513"]


def test_later_phases_give_none():
    more = "  - {name: more, merchants: [clx011, clx012, clx013, clx014], gate: smoke}\n"
    pilot = "[clx007, clx008], gate: smoke}\n"
    changes = {LADDER: (pilot, pilot.replace("smoke", "ramp") + more), WAIVER: None}
    (problem,) = look(changes).problems
    assert problem.code.id == "RC513"
    assert "at most 3 merchants" in problem.message


def test_of_a_percentage_nothing_is_certain():
    huge = ramp(min_merchants=100_000)
    (problem,) = look({RAMP: huge}).problems
    assert problem.code.id == "RC514"
    assert "at least 999,970 are eligible" in problem.message


@pytest.mark.parametrize(("merchants", "expected"), [(102, []), (103, ["RC514"])])
def test_from_a_thousand_merchants_on_it_is_worth_a_warning(merchants, expected):
    assert codes({RAMP: ramp(min_merchants=merchants)}) == expected


def test_a_flag_that_could_not_be_read_makes_the_check_silent():
    assert "RC513" not in codes({LADDER: BY_NAME, FLAG: "key: checkout\n"})


def test_own_gates_are_checked_at_their_place():
    old = "method: deterministic\n    require: [shopify_synced, margin_kept]"
    new = """method: sequential
    min_merchants: 1
    runs_per_merchant: 9
    criteria: {shopify_synced: {target: 95%, floor: 85%}}"""
    (problem,) = look({LADDER: (old, new)}).problems
    assert str(problem.place) == "rollout/checkout.yaml:6:54"
    assert str(problem.related[0].place) == "rollout/checkout.yaml:14:53"
    assert "needs 28 good runs, and at most 27" in problem.message


def test_the_highest_floor_that_decides_is_pointed_at():
    gate = GATE.replace("target: 95%, floor: 85%}\n  fas", "target: 95%, floor: 90%}\n  fas")
    gate = gate.replace(
        "  faster", "  shopify_synced: {target: 99%, floor: 98%, mode: inform}\n  faster"
    )
    (problem,) = look({LADDER: BY_NAME, RAMP: gate}).problems
    assert "needs 43 good runs" in problem.message
    assert problem.related[0].place.line == 5


def test_edges_of_a_deterministic_gate_are_allowed():
    for durations in ("{proceed: 29m, fix_minor: 30m}", "{proceed: 20m, fix_minor: 20m}"):
        changes = {
            LADDER: ("method: deterministic", f"method: deterministic\n    duration: {durations}")
        }
        assert codes(changes) == []
    deadline = ("method: deterministic", "method: deterministic\n    outcome_deadline: 335h")
    assert codes({LADDER: deadline}) == []
    assert codes({LADDER: ("[shopify_synced,", "[shopify_synced, on_time,")}) == []


def test_a_gate_with_other_problems_is_judged_once_they_are_mended():
    upside_down = GATE.replace("target: 95%, floor: 85%", "target: 95%, floor: 99.99%")
    assert set(codes({RAMP: upside_down})) == {"RC507"}
