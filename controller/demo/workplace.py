"""The demo's workplace: real git, the app's database, and the tool run as a person runs it.

Commands run as child processes with their real output; nothing is pretended.
"""

import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, NoReturn

import click

from controller.errors import Refused

FLAG: Final = "sequential_workflow"
ENVIRONMENT: Final = "demo"
_FILES: Final = (
    f"flags/{FLAG}.yaml",
    f"rollout/{FLAG}.yaml",
    f"rollout/environments/{ENVIRONMENT}.yaml",
    "rollout/environments/production.yaml",
)
_GIT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada Demo",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada Demo",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


@dataclass(frozen=True, slots=True)
class Workplace:
    """A repository and a database to work on.

    Attributes:
        repository: The folder with flags/ and rollout/, under git.
        url: The connection string of the app's database.
    """

    repository: Path
    url: str

    @classmethod
    def create(cls, folder: Path, url: str) -> "Workplace":
        """Write the files into a folder and commit them."""
        for name in _FILES:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(template(name))
        (folder / ".gitignore").write_text(".env*\n", encoding="utf-8")
        workplace = cls(folder, url)
        workplace.git("init", "--quiet", "--initial-branch=main")
        workplace.commit("Pilot: sequential workflow for one merchant")
        return workplace

    def rolloutctl(self, *arguments: str, expect: tuple[int, ...] = (0,)) -> str:
        """Run the tool, show its command line and its real output, and return the output.

        Raises:
            Refused: It ended with another exit code than expected; the demo is broken.
        """
        click.secho(f"\n  $ rolloutctl {' '.join(map(_quoted, arguments))}", bold=True)
        output, code = _in_child(arguments, self.repository, self._environment())
        click.echo("".join(f"  {line}" for line in output.splitlines(keepends=True)), nl=False)
        if code:
            click.secho(f"  (exit code {code})", dim=True)
        if code not in expect:
            raise Refused(f"rolloutctl {arguments[0]} ended with {code} in the demo")
        return output

    def git(self, *arguments: str, shown: bool = False) -> str:
        """Run git in the repository."""
        if shown:
            click.secho(f"\n  $ git {' '.join(map(_quoted, arguments))}", bold=True)
        done = subprocess.run(  # noqa: S603 -- git, arguments as a list
            ["git", *arguments],  # noqa: S607 -- found where the user's shell finds it
            cwd=self.repository,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change one line of a file as a person would, and show it."""
        path = self.repository / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise Refused(f"{name} has no {old!r} in the demo")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        click.secho(f"\n  {name}", bold=True)
        click.secho(f"  - {old}", fg="red")
        click.secho(f"  + {new}", fg="green")

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **_GIT,
            "DATABASE_URL": self.url,
            "ROLLOUTCTL_ENV": ENVIRONMENT,
            "ROLLOUTCTL_ACTOR": "ada",
            "PYTHONUTF8": "1",
        }


def template(name: str) -> bytes:
    """A file of the demo's repository, as the package carries it."""
    return files("controller.demo").joinpath("repository", *name.split("/")).read_bytes()


def _in_child(
    arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str]
) -> tuple[str, int]:
    """Run the tool in a process of its own; what it printed, and its exit code.

    A fork, because everything is imported here already: a new interpreter for each of a dozen
    commands would be most of the demo's time.
    """
    with tempfile.TemporaryFile() as output:
        pid = os.fork()
        if pid == 0:
            _become_the_tool(arguments, folder, environment, output.fileno())
        _, status = os.waitpid(pid, 0)
        output.seek(0)
        return output.read().decode(), os.waitstatus_to_exitcode(status)


def _become_the_tool(
    arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str], output: int
) -> NoReturn:
    code = 1
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(folder)
        os.environ.update(environment)
        sys.argv = ["rolloutctl", *arguments]
        runpy.run_module("controller", run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # nothing that was opened before the fork may be closed by the child


def _quoted(argument: str) -> str:
    return f'"{argument}"' if " " in argument else argument
