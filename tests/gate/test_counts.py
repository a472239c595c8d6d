"""The small arithmetic of counts."""

from dataclasses import FrozenInstanceError

import pytest

from controller.gate.counts import Tally
from tests.gate.builders import population


def test_a_tally_knows_its_bad_runs_and_its_rate():
    assert Tally(19, 20).bad == 1
    assert Tally(19, 20).rate == 0.95
    assert Tally(0, 20).rate == 0.0


def test_a_tally_of_nothing_has_no_rate():
    assert Tally(0, 0).rate is None


def test_excluded_runs_are_summed_over_their_reasons():
    assert (
        population(5, excluded={"created in 1948": 2, "ends before it begins": 1}).excluded_runs
        == 3
    )
    assert population(5).excluded_runs == 0


def test_counts_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Tally(1, 2).good = 2
