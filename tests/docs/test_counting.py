"""The page on counting says what the code does: measures, reasons, limits and examples."""

import re
from pathlib import Path

import pytest

from controller.config.gate_file import SequentialKeys
from controller.config.loader import examine
from controller.config.sources import from_mapping
from controller.domain.measures import Rate, Total
from controller.workflow_data import custom_measure, outcomes
from controller.workflow_data.flavour import Flavour
from tests.config.repository import spoiled

PAGE = (Path(__file__).parents[2] / "docs" / "counting.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("measure", [*Rate, *Total])
def test_every_measure_has_its_line(measure: str):
    assert re.search(rf"^\| `{measure}` \|", PAGE, re.MULTILINE)


def test_nothing_else_is_called_a_measure():
    names = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(names) == sorted([*Rate, *Total])


def test_every_reason_to_leave_a_run_out_is_named():
    source = Path(outcomes.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'"((?:created|completed) [a-z ]+)"', source))
    assert len(reasons) == 5
    assert reasons == set(re.findall(r"`((?:created|completed) [a-z ]+)`", PAGE))


def test_the_limits_are_those_of_the_code():
    assert f"up to {outcomes.TOLERANCE.seconds // 60} minutes in the future" in PAGE
    deadline = SequentialKeys.model_fields["outcome_deadline"].default
    assert f"`outcome_deadline` ({deadline.seconds // 60} minutes by default)" in PAGE


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_valid_in_every_environment(example: str):
    old = "workflow_data:\n  measures:\n    margin_kept:"
    own = '    margin_kept: {sql: "SELECT run_id, margin > 0 FROM margins"}\n'
    if "margin_kept" not in example:
        example += f"  measures:\n{own}"
    environment = spoiled({})["rollout/environments/demo.yaml"].decode()
    text = environment[: environment.index(old)] + example
    examined = examine(from_mapping(spoiled({"rollout/environments/demo.yaml": text})))
    assert examined.problems == ()


def test_the_measure_is_one_that_is_accepted():
    (sql,) = re.findall(r"sql: \|\n((?: {8}.*\n)+)", PAGE)
    assert " AS good" in custom_measure.checked(sql, Flavour.POSTGRESQL)
