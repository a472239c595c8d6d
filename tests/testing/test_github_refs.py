"""Branches that are only names, and those of a real repository, behave alike."""

import subprocess
from pathlib import Path

import pytest

from controller.testing.github_refs import GitRefs, MemoryRefs, Refs


def _git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _commit(folder: Path, message: str) -> str:
    _git(folder, "commit", "--allow-empty", "-m", message)
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture(params=["memory", "git"])
def two(request, tmp_path: Path) -> tuple[Refs, str, str]:
    """Branches, and two commits of which the second follows the first."""
    if request.param == "git":
        _git(tmp_path, "init", "-q", "-b", "main")
        first, second = _commit(tmp_path, "first"), _commit(tmp_path, "second")
        return GitRefs(tmp_path), first, second
    refs = MemoryRefs()
    for commit in ("a" * 40, "b" * 40):
        refs.add(commit)
    return refs, "a" * 40, "b" * 40


def test_a_branch_points_where_it_was_put(two) -> None:
    refs, first, second = two
    assert refs.get("rolloutctl/x") is None
    for commit in (first, second, first):
        refs.put("rolloutctl/x", commit)
        assert refs.get("rolloutctl/x") == commit


def test_only_commits_that_are_there_are(two) -> None:
    refs, first, _ = two
    assert refs.has(first)
    assert not refs.has("0" * 40)


def test_what_follows_is_known(two) -> None:
    refs, first, second = two
    assert refs.is_ahead(first, second)
    assert not refs.is_ahead(first, first)


def test_a_push_is_seen_at_once(tmp_path: Path) -> None:
    bare, clone = tmp_path / "bare", tmp_path / "clone"
    _git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    _git(tmp_path, "clone", "-q", str(bare), str(clone))
    commit = _commit(clone, "first")
    _git(clone, "push", "-q", "origin", f"{commit}:refs/heads/feature")
    assert GitRefs(bare).get("feature") == commit
