"""Gates: short files mean what one would expect, and the defaults are the safe ones."""

from datetime import timedelta

from pydantic import TypeAdapter

from controller.config.gate_file import GateKeys, to_gate
from controller.domain.gate_policy import Criterion, GateTiming, SequentialGate, WorstMerchant
from controller.domain.units import Percent

GATE = TypeAdapter(GateKeys)
TIMING = GateTiming(
    soak_min=timedelta(0),
    outcome_deadline=timedelta(minutes=30),
    max_staleness=timedelta(days=1),
    max_wait=timedelta(days=14),
)


def test_the_shortest_deterministic_gate():
    gate = to_gate("pilot", GATE.validate_python({"method": "deterministic"}))
    assert gate.timing == TIMING
    assert (gate.min_runs, gate.failed_rollback, gate.stuck_rollback) == (1, 1, 1)
    assert gate.duration_proceed == timedelta(minutes=10)
    assert gate.duration_fix_minor == timedelta(minutes=30)
    assert gate.never == ("duplicate_orders", "corrupted")


def test_the_shortest_sequential_gate():
    criteria = {"completed": {"target": "95%", "floor": "85"}}
    gate = to_gate("ramp", GATE.validate_python({"method": "sequential", "criteria": criteria}))
    assert gate == SequentialGate(
        name="ramp",
        timing=TIMING,
        min_runs=20,
        min_merchants=4,
        runs_per_merchant=5,
        criteria=(Criterion("completed", Percent(9_500), Percent(8_500)),),
        never=("duplicate_orders", "corrupted"),
        worst_merchant=None,
        alpha_pass=0.05,
        alpha_fail=0.05,
    )


def test_criteria_keep_their_order():
    criteria = {name: {"target": "95%", "floor": "85%"} for name in ("shopify_synced", "completed")}
    keys = {
        "method": "sequential",
        "criteria": criteria,
        "worst_merchant": {"criterion": "completed", "fix_minor_below": "70%"},
    }
    gate = to_gate("ramp", GATE.validate_python(keys))
    assert [criterion.name for criterion in gate.criteria] == ["shopify_synced", "completed"]
    assert gate.worst_merchant == WorstMerchant("completed", 3, Percent(7_000))
