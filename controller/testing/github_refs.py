"""Branches of the fake GitHub: remembered, or those of a real git repository."""

import subprocess
from pathlib import Path
from typing import Protocol


class Refs(Protocol):
    """Where the fake GitHub looks up branches and commits."""

    def get(self, branch: str) -> str | None:
        """The full id of the commit that a branch points at; None where there is none."""

    def put(self, branch: str, commit: str) -> None:
        """Point a branch at a commit."""

    def put_pull(self, number: int, commit: str) -> None:
        """Let a pull request's head be fetched, as `refs/pull/NUMBER/head`."""

    def has(self, commit: str) -> bool:
        """Whether there is such a commit."""

    def is_ahead(self, base: str, head: str) -> bool:
        """Whether the commit `head` has anything that the commit `base` lacks."""


class MemoryRefs:
    """Branches and commits that are only names; each commit follows all that were added before."""

    def __init__(self) -> None:
        self._branches: dict[str, str] = {}
        self._commits: list[str] = []

    def add(self, commit: str) -> None:
        """Let there be a commit."""
        if commit not in self._commits:
            self._commits.append(commit)

    def get(self, branch: str) -> str | None:
        """The commit that a branch points at."""
        return self._branches.get(branch)

    def put(self, branch: str, commit: str) -> None:
        """Point a branch at a commit."""
        self.add(commit)
        self._branches[branch] = commit

    def put_pull(self, number: int, commit: str) -> None:
        """Nothing is fetched from names."""

    def has(self, commit: str) -> bool:
        """Whether it was ever added."""
        return commit in self._commits

    def is_ahead(self, base: str, head: str) -> bool:
        """Whether they are two."""
        return base != head


class GitRefs:
    """The branches of a real repository, so that `git push` to it is seen at once.

    Args:
        path: A repository; best a bare one, as a remote is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, branch: str) -> str | None:
        """The commit that a branch points at."""
        return self._git("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")

    def put(self, branch: str, commit: str) -> None:
        """Point a branch at a commit."""
        self._git("update-ref", f"refs/heads/{branch}", commit)

    def put_pull(self, number: int, commit: str) -> None:
        """Write `refs/pull/NUMBER/head`."""
        self._git("update-ref", f"refs/pull/{number}/head", commit)

    def has(self, commit: str) -> bool:
        """Whether the repository has it."""
        return self._git("cat-file", "-e", f"{commit}^{{commit}}") is not None

    def is_ahead(self, base: str, head: str) -> bool:
        """Whether `git log base..head` shows anything."""
        return bool(self._git("rev-list", "--max-count=1", f"{base}..{head}"))

    def _git(self, *arguments: str) -> str | None:
        """What git prints; None where it refuses."""
        command = ["git", "-C", str(self._path), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- no shell, and our own test's repository
        return done.stdout.strip() if done.returncode == 0 else None
