"""The figures in the documentation are the ones that the code computes."""

from pathlib import Path

import pytest

from benchmarks import gate_statistics

DOCS = Path(__file__).parents[2] / "docs"
STATISTICS = (DOCS / "statistics.md").read_text(encoding="utf-8")
GATES = (DOCS / "gates.md").read_text(encoding="utf-8")

IN_STATISTICS = (
    gate_statistics.runs_needed,
    gate_statistics.peeking,
    gate_statistics.hourly_windows,
    gate_statistics.ramp,
    gate_statistics.baseline_medians,
    gate_statistics.simulations,
)


@pytest.mark.parametrize("table", IN_STATISTICS)
def test_the_tables_of_the_statistics_page(table):
    assert table().markdown() in STATISTICS


IN_GATES = (
    gate_statistics.runs_needed,
    gate_statistics.choices,
    gate_statistics.phase_sizes,
    gate_statistics.worst_merchants,
)


@pytest.mark.parametrize("table", IN_GATES)
def test_the_tables_of_the_page_on_choosing_a_gate(table):
    assert table().markdown() in GATES


def test_a_row_of_the_simulated_clusters():
    row = gate_statistics.clustered_row(10, 0.1)
    assert f"| {' | '.join(row)} |" in STATISTICS


def test_no_exact_chance_of_ours_is_above_its_promise():
    for line in STATISTICS.splitlines():
        if line.startswith("| this gate |") and "(" not in line:
            assert all(float(cell) <= 0.05 for cell in line.split("|")[2:-1])
    assert "| this gate |" in STATISTICS


@pytest.mark.parametrize("floor", gate_statistics.PEEKED_FLOORS)
def test_simulated_peeking_keeps_the_promise_and_naive_rules_break_it(floor):
    *naive, ours = gate_statistics.simulated_peeking(floor)
    assert 0 < ours <= 0.05 * gate_statistics.SEQUENCES
    assert min(naive) > 0.1 * gate_statistics.SEQUENCES
