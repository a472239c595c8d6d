"""Tab in real shells: what there is, quickly, and never a word about what is broken."""

import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from controller.cli import cli, completion
from controller.cli.registry import COMMANDS

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("flags", "rollout/environments"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("new_checkout", "sequential_workflow"):
        (tmp_path / f"flags/{name}.yaml").write_text(f"key: {name}\n")
    (tmp_path / "rollout/new_checkout.yaml").write_text(
        "flag: new_checkout\nphase: pilot\nphases:\n"
        "  - {name: pilot, merchants: [m1]}\n"
        "  - name: 10%\n    percent: 10\n"
    )
    for name in ("production", "staging"):
        (tmp_path / f"rollout/environments/{name}.yaml").write_text(f"name: {name}\n")
    return tmp_path


def completed(*words: str) -> list[str]:
    """What click offers for the last of these words."""
    shell = ShellComplete(cli, {}, "rolloutctl", "_ROLLOUTCTL_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def test_what_the_files_hold_is_offered(folder: Path, monkeypatch):
    monkeypatch.chdir(folder / "rollout")
    assert completed("gate", "") == ["new_checkout", "sequential_workflow"]
    assert completed("halt", "seq") == ["sequential_workflow"]
    assert completed("plan", "--env", "") == ["production", "staging"]
    assert completed("promote", "new_checkout", "--to", "") == ["pilot", "10%"]
    assert completed("gate", "--to", "1") == ["10%"]
    assert completed("explain", "--flag", "new") == ["new_checkout"]
    assert "max_changed_percent" in completed("plan", "--allow", "max")


def test_the_folder_that_was_named_is_looked_into(folder: Path):
    assert completed("gate", "-C", str(folder), "new") == ["new_checkout"]


def test_commands_are_offered_without_importing_one():
    code = (
        "import sys; from click.shell_completion import ShellComplete;"
        "from controller.cli import cli;"
        "found = ShellComplete(cli, {}, 'rolloutctl', 'X').get_completions([], 're');"
        "print(*(item.value for item in found));"
        "print(*(m for m in ('psycopg', 'pydantic', 'numpy') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "reconcile report recheck resume\n\n"


@pytest.mark.parametrize(
    "broken",
    ["\x00", "phases: [", "- name: ", "name: \udcff".encode("utf-8", "surrogateescape")],
    ids=["nul", "torn", "nameless", "no-utf-8"],
)
def test_broken_files_offer_nothing_and_say_nothing(folder: Path, monkeypatch, capsys, broken):
    file = folder / "rollout/new_checkout.yaml"
    file.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    monkeypatch.chdir(folder)
    assert completed("promote", "new_checkout", "--to", "") == []
    assert completed("promote", "\x00", "--to", "") == []
    assert capsys.readouterr() == ("", "")


def test_no_repository_offers_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert completed("gate", "") == []
    assert completed("plan", "--env", "") == []


@pytest.mark.parametrize("name", COMMANDS)
def test_flags_environments_and_phases_are_completed_in_every_command(name):
    """`init` alone names flags that are not there yet."""
    wanted = {
        "FLAG": completion.flags,
        "--flag": completion.flags,
        "--env": completion.environments,
        "--phase": completion.phases,
        "--to": completion.phases,
    }
    command = getattr(import_module(f"controller.cli.{name}"), name)
    for parameter in command.params:
        spelling = (
            parameter.name.upper()
            if isinstance(parameter, click.Argument)
            else max(parameter.opts, key=len)
        )
        if spelling in wanted and name != "init":
            assert parameter._custom_shell_complete is wanted[spelling], spelling


ASKED = {
    "bash": """
        eval "$(_ROLLOUTCTL_COMPLETE=bash_source rolloutctl)"
        COMP_WORDS=(rolloutctl gate s) COMP_CWORD=2
        _rolloutctl_completion rolloutctl
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { :; }; compadd() { print -l -- $completions; }
        _describe() { print -rl -- ${(P)3}; }
        eval "$(_ROLLOUTCTL_COMPLETE=zsh_source rolloutctl)"
        words=(rolloutctl gate s) CURRENT=3
        _rolloutctl_completion
    """,
    "fish": """
        _ROLLOUTCTL_COMPLETE=fish_source rolloutctl | source
        complete --do-complete 'rolloutctl gate s'
    """,
}


@pytest.mark.parametrize("shell", SHELLS)
def test_real_shells_complete(shell, folder: Path, tmp_path: Path):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    done = subprocess.run(
        [shell, "-c", ASKED[shell]],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert "sequential_workflow" in done.stdout.split()
    assert "new_checkout" not in done.stdout
