"""A real repository with one of everything in it, and the ways in which people change it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.config.repository import VALID
from tests.git_calls import run_git

ROLLOUT = "rollout/checkout.yaml"
FLAG = "flags/checkout.yaml"
RAMP = "rollout/gates/ramp.yaml"
DEMO = "rollout/environments/demo.yaml"


class Repository:
    """A repository in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder

    @classmethod
    def new(cls, folder: Path, files: Mapping[str, str] = VALID) -> "Repository":
        """A repository with one commit on `main`."""
        folder.mkdir(parents=True)
        made = cls(folder)
        made.git("init", "--quiet", "--initial-branch=main")
        made.git("config", "user.name", "Ada")
        made.git("config", "user.email", "ada@example.com")
        for name, text in files.items():
            made.write(name, text)
        made.commit("Begin")
        return made

    def git(self, *arguments: str, given: bytes | None = None) -> str:
        return run_git(self.root, *arguments, given=given)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert text.count(old) == 1, (name, old, text)
        self.write(name, text.replace(old, new))

    def commit(self, message: str = "A change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def change(self, name: str, old: str, new: str, message: str = "A change") -> str:
        """Edit one place and commit it."""
        self.edit(name, old, new)
        return self.commit(message)

    def branch(self, name: str, start: str = "main") -> None:
        self.git("checkout", "--quiet", "-b", name, start)

    def switch(self, name: str) -> None:
        self.git("checkout", "--quiet", name)

    def clone(self, folder: Path, *options: str) -> "Repository":
        url = f"file://{self.root}"
        subprocess.run(["git", "clone", "--quiet", *options, url, str(folder)], check=True)
        made = Repository(folder)
        made.git("config", "user.name", "Ada")
        made.git("config", "user.email", "ada@example.com")
        return made

    def demo_at(self, phase: str, message: str = "") -> str:
        """Set the phase of the demo environment and commit it."""
        lines = self.read(ROLLOUT).splitlines(keepends=True)
        index = next(i for i, line in enumerate(lines) if line.startswith("phase:"))
        lines[index] = f"phase: {{demo: {phase}, production: off}}\n"
        self.write(ROLLOUT, "".join(lines))
        return self.commit(message or f"demo to {phase}")
