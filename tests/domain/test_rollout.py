import pytest

from controller.domain.rollout import OFF
from controller.domain.units import Percent
from tests.domain.strategies import ladder, phase, rollout


def test_positions_count_from_off():
    steps = rollout("10%", ladder("a"))
    assert [steps.position_of(name) for name in (OFF, "pilot", "10%", "100%")] == [0, 1, 2, 4]
    assert steps.position == 2
    assert steps.last_position == 4


def test_a_phase_that_the_ladder_does_not_have():
    with pytest.raises(KeyError):
        rollout().position_of("20%")


def test_off_is_no_phase_and_reaches_nobody():
    steps = rollout(OFF, ladder("a"))
    assert steps.phase_at(0) is None
    assert steps.percent_at(0) is None
    assert steps.named_up_to(0) == frozenset()


def test_names_add_up_along_the_ladder():
    steps = rollout(OFF, [phase("one", "a"), phase("two", "b"), phase("all", percent=100)])
    assert [steps.named_up_to(position) for position in (1, 2, 3)] == [
        {"a"},
        {"a", "b"},
        {"a", "b"},
    ]


def test_a_phase_by_name_has_no_percentage():
    steps = rollout(OFF, ladder("a"))
    assert [steps.percent_at(position) for position in (1, 2)] == [None, Percent(1_000)]
