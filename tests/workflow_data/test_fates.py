"""The columns of a fate are read back into the value that they were made from."""

import pytest

from controller.gate.single_run import Fate, RunOutcome
from controller.workflow_data.fates import outcome_of


@pytest.mark.parametrize(
    ("flags", "why", "expected"),
    [
        ((1, 1, 0, 1), None, RunOutcome(Fate.COMPLETED, on_time=True)),
        ((1, 1, 0, 0), None, RunOutcome(Fate.COMPLETED, on_time=False)),
        ((1, 0, 1, 0), None, RunOutcome(Fate.FAILED)),
        ((1, 0, 0, 0), None, RunOutcome(Fate.STUCK)),
        ((0, 0, 0, 0), "pending", RunOutcome(Fate.PENDING)),
        (
            (0, 0, 0, 0),
            "created in the future",
            RunOutcome(Fate.EXCLUDED, why="created in the future"),
        ),
    ],
)
def test_each_combination_has_one_meaning(flags, why, expected):
    names = ("matured_3", "done_3", "failed_3", "on_time_3")
    assert outcome_of({**dict(zip(names, flags, strict=True)), "why": why}, 3) == expected
