"""What a result counts as."""

import pytest

from controller.gate.report import CheckName, CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict
from tests.gate.builders import waiver


@pytest.mark.parametrize("verdict", list(CriterionVerdict))
def test_a_result_counts_as_its_verdict_unless_it_is_waived(verdict):
    result = CriterionResult("completed", CriterionKind.RATE, verdict, "why")
    assert result.counts_as is verdict
    waived = CriterionResult(
        "completed", CriterionKind.RATE, verdict, "why", waiver=waiver("completed")
    )
    assert waived.counts_as is CriterionVerdict.PASS
    assert waived.verdict is verdict


def test_the_checks_are_those_of_the_documentation():
    assert [str(name) for name in CheckName] == [
        "policy",
        "identity",
        "freshness",
        "clocks",
        "soak",
        "runs",
        "merchants",
    ]
