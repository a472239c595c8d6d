"""What is generated and committed is up to date, and staleness is noticed."""

import subprocess
import sys
from pathlib import Path

import pytest

from controller.config.json_schema import FILES, schemas, stale, texts, write

ROOT = Path(__file__).parents[2]
SHIPPED = {
    "flag.schema.json": ["flags/sequential_workflow.yaml"],
    "rollout.schema.json": ["rollout/sequential_workflow.yaml"],
    "environment.schema.json": [
        "rollout/environments/demo.yaml",
        "rollout/environments/production.yaml",
    ],
}


def test_committed_files_are_up_to_date():
    assert stale(ROOT) == []


def test_missing_and_changed_files_are_stale_until_written(tmp_path):
    assert stale(tmp_path) == sorted(texts())
    assert write(tmp_path) == sorted(texts())
    assert stale(tmp_path) == []
    (tmp_path / "docs/files.md").write_text("something else")
    assert stale(tmp_path) == write(tmp_path) == ["docs/files.md"]


def test_every_kind_has_its_schema():
    assert schemas().keys() == set(FILES.values())


@pytest.mark.parametrize("schema", SHIPPED)
def test_shipped_files_fit_their_schema_for_other_tools_too(schema):
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", f"docs/schema/{schema}"]
    done = subprocess.run(
        [*command, *SHIPPED[schema]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("schema", SHIPPED)
def test_shipped_files_point_at_their_schema(schema):
    for name in SHIPPED[schema]:
        path = ROOT / name
        first = path.read_text(encoding="utf-8").splitlines()[0]
        prefix = "# yaml-language-server: $schema="
        assert first.startswith(prefix)
        target = (path.parent / first.removeprefix(prefix)).resolve()
        assert target == ROOT / "docs/schema" / schema
