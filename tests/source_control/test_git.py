"""Revisions and their relations, on real repositories."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from controller.source_control.git import Relation, relation, revision
from tests.git_calls import run_git


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        return run_git(self.folder, *arguments)

    def commit(self, text: str) -> str:
        (self.folder / "flags").mkdir(exist_ok=True)
        (self.folder / "flags" / "f.yaml").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", text)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_a_clean_checkout_has_a_revision(repository: Repository):
    commit = repository.commit("one")
    assert revision(repository.folder) == commit
    (repository.folder / "unrelated.txt").write_text("not ours")
    assert revision(repository.folder) == commit


@pytest.mark.parametrize("path", ["flags/f.yaml", "flags/new.yaml", "rollout/new.yaml"])
def test_local_changes_of_our_files_have_none(repository: Repository, path: str):
    repository.commit("one")
    (repository.folder / path).parent.mkdir(exist_ok=True)
    (repository.folder / path).write_text("local")
    assert revision(repository.folder) is None


def test_no_git_and_no_commit_have_none(repository: Repository, tmp_path: Path):
    assert revision(repository.folder) is None
    assert revision(tmp_path) is None


def test_only_ancestry_orders(repository: Repository):
    first, second = repository.commit("one"), repository.commit("two")
    repository.git("checkout", "--quiet", "-b", "side", first)
    side = repository.commit("side")
    assert relation(repository.folder, second, second) is Relation.SAME
    assert relation(repository.folder, second, first) is Relation.NEWER
    assert relation(repository.folder, first, second) is Relation.OLDER
    assert relation(repository.folder, side, second) is Relation.UNRELATED
    assert relation(repository.folder, side, "0" * 40) is Relation.UNKNOWN


def test_a_revert_is_newer_than_what_it_reverts(repository: Repository):
    repository.commit("one")
    advance = repository.commit("two")
    repository.git("revert", "--no-edit", "HEAD")
    assert (
        relation(repository.folder, repository.git("rev-parse", "HEAD"), advance) is Relation.NEWER
    )


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path):
    first = repository.commit("one")
    second = repository.commit("two")
    clone = tmp_path / "clone"
    url = f"file://{repository.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", url, str(clone)], check=True)
    assert relation(clone, second, first) is Relation.UNKNOWN_SHALLOW


def test_a_git_hooks_environment_does_not_lead_astray(repository: Repository, tmp_path: Path):
    commit = repository.commit("one")
    other = Repository(tmp_path / "other")
    other.commit("elsewhere")
    code = (
        "import sys; from pathlib import Path; from controller.source_control.git import revision;"
        "print(revision(Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(repository.folder)],
        env={**os.environ, "GIT_DIR": str(other.folder / ".git")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == commit
