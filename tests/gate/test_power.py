"""What a gate can decide at all: against the dynamic program, and by what it is made for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.domain.gate_policy import Criterion, CriterionMode
from controller.domain.units import Percent
from controller.gate.power import (
    REACHABLE_RUNS,
    chance_to_pass,
    deciding,
    merchants_needed,
    runs_needed,
    runs_to_prove,
)
from controller.gate.stopping import evidence_boundary
from tests.gate.builders import RAMP, percent


def gate(*criteria: tuple[float, float], **changes: object):
    judged = tuple(
        Criterion(f"c{position}", percent(target), percent(floor))
        for position, (target, floor) in enumerate(criteria)
    )
    return replace(RAMP, **{"criteria": judged, "min_runs": 20, **changes})


@pytest.mark.parametrize(
    ("floor", "runs"), [(80, 20), (85, 28), (90, 43), (95, 88), (98, 224), (99, 449)]
)
def test_the_runs_that_prove_a_floor_are_the_reference_values(floor, runs):
    assert runs_to_prove(percent(floor), 0.05) == runs


@settings(max_examples=50)
@given(st.integers(1, 9_700), st.sampled_from([0.001, 0.01, 0.05, 0.25]))
def test_they_are_where_the_boundary_of_the_exact_program_begins(basis_points, alpha):
    floor = Percent(basis_points)
    runs = runs_to_prove(floor, alpha)
    boundary = evidence_boundary(floor.fraction, alpha, runs)
    assert boundary[runs] <= runs
    assert all(boundary[n] > n for n in range(runs))


def test_a_floor_near_certainty_is_out_of_reach():
    assert runs_to_prove(percent(99.95), 0.05) <= REACHABLE_RUNS
    assert runs_to_prove(percent(99.96), 0.05) is None
    assert runs_to_prove(percent(99.95), 0.001) is None


def test_the_highest_floor_and_the_least_sample_decide():
    assert runs_needed(gate((95, 85))) == 28
    assert runs_needed(gate((95, 90), (95, 85))) == 43
    assert runs_needed(gate((95, 85), min_runs=29)) == 29
    assert runs_needed(gate((95, 85), (100, 99.99))) is None


def test_what_only_informs_asks_for_nothing():
    policy = gate((95, 85), (100, 99.99))
    informing = replace(policy.criteria[1], mode=CriterionMode.INFORM)
    policy = replace(policy, criteria=(policy.criteria[0], informing))
    assert deciding(policy) == policy.criteria[:1]
    assert runs_needed(policy) == 28


@pytest.mark.parametrize(
    ("runs", "cap", "least", "merchants"),
    [(28, 5, 4, 6), (30, 5, 4, 6), (28, 5, 9, 9), (1, 5, 1, 1)],
)
def test_the_merchants_for_so_many_runs(runs, cap, least, merchants):
    policy = gate((95, 85), runs_per_merchant=cap, min_merchants=least)
    assert merchants_needed(policy, runs) == merchants


def test_a_broken_release_hardly_passes_a_sound_gate():
    assert chance_to_pass(gate((95, 85)), 0.2) == 0.05
    assert chance_to_pass(gate((95, 85), (40, 10)), 0.2) == 0.05


def test_below_every_floor_and_target_time_proves_what_is_true():
    assert chance_to_pass(gate((15, 5)), 0.2) == 1.0
    assert chance_to_pass(gate((20, 5), (15, 5)), 0.2) == 1.0


def test_a_target_that_is_missed_is_passed_by_luck_only():
    by_luck = chance_to_pass(gate((21, 1), min_runs=1), 0.2)
    assert 0.5 < by_luck < 1.0
    assert chance_to_pass(gate((60, 10)), 0.2) < 0.001
    # One criterion that is met does not make up for one that is not.
    assert chance_to_pass(gate((21, 1), (60, 10), min_runs=1), 0.2) < 0.1
    # Where a first look comes later there is less luck to be had, and still some.
    assert 0.0 < chance_to_pass(gate((21, 1), min_runs=300), 0.2) < by_luck


def test_luck_is_computed_as_long_as_there_are_runs_to_look_at():
    assert chance_to_pass(gate((50.01, 10), min_runs=900), 0.5) > 0.4
    assert chance_to_pass(gate((50.01, 10), min_runs=REACHABLE_RUNS), 0.5) == 0.0
