"""The hook for pre-commit, run as pre-commit runs it: its entry, where its pattern finds a file."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from controller.cli import run

PROJECT = Path(__file__).parents[1]
(HOOK,) = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def commit_would_run(folder: Path) -> subprocess.CompletedProcess[str]:
    """What happens at a commit: the entry in the folder, with the tool's environment first."""
    return subprocess.run(
        [*shlex.split(HOOK["entry"]), *HOOK.get("args", [])],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path), "--flag", "new_checkout", "--owner", "@acme/orders"]) == 0
    return tmp_path


def test_it_is_a_whole_hook():
    assert {"id", "name", "entry", "language", "files"} <= HOOK.keys()
    assert HOOK["language"] == "python", "pre-commit installs this project beside it"
    assert HOOK["pass_filenames"] is False, "validate takes no names of files"


def test_its_pattern_finds_what_is_read_and_nothing_else(repository: Path):
    names = [
        path.relative_to(repository).as_posix() for path in repository.rglob("*") if path.is_file()
    ]
    found = {name for name in names if re.search(HOOK["files"], name)}
    assert found == {name for name in names if name.split("/")[0] in {"flags", "rollout"}}
    assert len(found) == 3


def test_good_files_pass(repository: Path):
    done = commit_would_run(repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bad_file_keeps_the_commit_away(repository: Path):
    path = repository / "rollout/new_checkout.yaml"
    path.write_text(path.read_text().replace("phase: off", "phase: everyone"))
    done = commit_would_run(repository)
    assert done.returncode == 2
    assert "rollout/new_checkout.yaml:3" in done.stdout
