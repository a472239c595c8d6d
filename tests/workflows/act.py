"""Running the workflow files themselves with `act`, on this machine and without Docker."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
STUBS = Path(__file__).parent
ACT = shutil.which("act", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@dataclass(frozen=True)
class Ran:
    """What became of a workflow."""

    code: int
    log: str


@dataclass(frozen=True)
class Runner:
    """A place where workflows run.

    Attributes:
        folder: Where events and the runner's own files are.
        variables: Of every job, such as the address of GitHub.
        secrets: Of the repository.
        repositories: Other repositories whose actions are used, by `owner/name@commit`.
        settings: The repository's variables, which are no secrets.
    """

    folder: Path
    remote: Path
    variables: Mapping[str, str]
    secrets: Mapping[str, str]
    repositories: Mapping[str, Path] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def artifacts(self) -> Path:
        """Where uploaded artifacts end."""
        return self.folder / "artifacts"

    def run(self, workflow: str, event: str, payload: Mapping[str, object]) -> Ran:
        """Run one workflow file as the remote's `main` has it.

        Args:
            workflow: The file's name below `.github/workflows`.
            event: GitHub's name of the event.
            payload: What GitHub says about it.
        """
        assert ACT is not None
        place = self.folder / "checkout"
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(
            ["git", "clone", "--quiet", "--branch", "main", str(self.remote), str(place)],
            check=True,
        )
        said = self.folder / "event.json"
        said.write_text(json.dumps(payload), encoding="utf-8")
        path = place / ".github/workflows" / workflow
        command = [ACT, event, "-C", str(place), "-W", str(path), "-e", str(said)]
        command += [
            "-P",
            "ubuntu-latest=-self-hosted",
            "--action-offline-mode",
            "--no-cache-server",
        ]
        for action in _actions_of(path):
            stub = STUBS / action.partition("@")[0].removeprefix("actions/")
            command += ["--local-repository", f"{action}={stub}"]
        for name, folder in self.repositories.items():
            command += ["--local-repository", f"{name}={folder}"]
        given = {
            "STORY_REMOTE": str(self.remote),
            "STORY_ARTIFACTS": str(self.artifacts),
            **self.variables,
        }
        for name, value in given.items():
            command += ["--env", f"{name}={value}"]
        for name, value in self.secrets.items():
            command += ["-s", f"{name}={value}"]
        for name, value in self.settings.items():
            command += ["--var", f"{name}={value}"]
        tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={**os.environ, "PATH": tools, "HOME": str(home), "XDG_CACHE_HOME": str(home)},
        )
        return Ran(done.returncode, done.stdout + done.stderr)


def _actions_of(workflow: Path) -> set[str]:
    """The actions of others, as the workflow pins them."""
    document = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    steps = [step for job in document["jobs"].values() for step in job["steps"]]
    return {s["uses"] for s in steps if s.get("uses", "").startswith("actions/")}
