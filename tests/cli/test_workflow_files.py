"""A step speaks to GitHub Actions through files; outside of it there is nobody to speak to."""

from pathlib import Path

import pytest

from controller.cli.workflow_files import write_outputs, write_summary
from controller.render.workflow_files import SUMMARY_LIMIT


def test_outputs_and_summary_are_added_to_what_is_there(tmp_path: Path):
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for number in ("1", "2"):
        write_outputs({f"verdict_{number}": "proceed"}, files)
        write_summary(f"# {number}\n", files)
    said = (tmp_path / "GITHUB_OUTPUT").read_text()
    assert (said.count("verdict_1<<"), said.count("verdict_2<<")) == (1, 1)
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == "# 1\n# 2\n"


def test_all_parts_together_stay_within_the_limit(tmp_path: Path):
    path = tmp_path / "summary"
    for _ in range(3):
        write_summary("x" * 600_000, {"GITHUB_STEP_SUMMARY": str(path)})
    assert path.stat().st_size <= SUMMARY_LIMIT


@pytest.mark.parametrize("variables", [{}, {"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": ""}])
def test_outside_of_actions_nothing_is_written(variables: dict[str, str]):
    write_outputs({"verdict": "proceed"}, variables)
    write_summary("text", variables)
