"""The workflow files have no finding: by zizmor, actionlint and GitHub's own schemas."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.workflows.act import REPOSITORY

GITHUB = REPOSITORY / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))


def tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing():
    run(tool("zizmor"), "--offline", "--quiet", ".github")


def test_actionlint_finds_nothing():
    run(tool("actionlint"), *map(str, WORKFLOWS))


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", "workflows/*.yml"),
        ("github-actions", "actions/*/action.yml"),
        ("dependabot", "dependabot.yml"),
    ],
)
def test_the_files_have_githubs_shape(schema: str, pattern: str):
    files = [str(path) for path in GITHUB.glob(pattern)]
    assert files
    run(tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *files)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_expression_stands_in_a_script(path: Path):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    scripts = [s["run"] for j in document["jobs"].values() for s in j["steps"] if "run" in s]
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_has_more_rights_than_it_says(path: Path):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert document["permissions"] == {}
    assert all(
        "permissions" in job and "timeout-minutes" in job for job in document["jobs"].values()
    )


def test_reconcile_is_never_cancelled_and_never_two_at_once():
    document = yaml.safe_load((GITHUB / "workflows/reconcile.yml").read_text(encoding="utf-8"))
    assert document["concurrency"] == {
        "group": "reconcile-production",
        "cancel-in-progress": False,
    }
