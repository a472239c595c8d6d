"""`rolloutctl schema`: what is committed is what the models say."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.cli import run

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    for name in ("flags", "rollout"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_the_committed_files_are_up_to_date():
    with CliRunner().isolation() as (out, _, _):
        assert run(["schema", "-C", str(REPOSITORY), "--check"]) == 0
    assert "up to date" in out.getvalue().decode()


def test_stale_files_are_named_and_written(folder):
    with CliRunner().isolation() as (out, _, _):
        assert run(["schema", "-C", str(folder), "--check"]) == 2
    assert "stale: docs/schema/flag.schema.json" in out.getvalue().decode()
    with CliRunner().isolation():
        assert run(["schema", "-C", str(folder)]) == 0
        assert run(["schema", "-C", str(folder), "--check"]) == 0
