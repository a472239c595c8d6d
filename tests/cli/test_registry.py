"""The list of commands is true: every one exists, says what the list says, and shows an example."""

import subprocess
import sys
from importlib import import_module

import click
import pytest

from controller.cli import cli, run
from controller.cli.registry import COMMANDS


@pytest.fixture(params=COMMANDS)
def command(request) -> click.Command:
    return getattr(import_module(f"controller.cli.{request.param}"), request.param)


def test_the_commands_of_a_group_are_explained_as_well(command):
    for name, inner in getattr(command, "commands", {}).items():
        assert inner.epilog.startswith(f"Example: rolloutctl {command.name} {name}")
        assert all(p.help for p in inner.params if isinstance(p, click.Option))
        assert run([command.name, name, "--help"]) == 0


def test_the_line_of_the_list_is_the_first_line_of_the_commands_own_help(command):
    first = command.help.strip().splitlines()[0]
    assert first == COMMANDS[command.name]


def test_help_shows_an_example_that_begins_with_the_command(command):
    assert command.epilog.startswith(f"Example: rolloutctl {command.name}")


def test_every_parameter_is_explained(command):
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_help_of_each_command_can_be_printed(command, capsys):
    assert run([command.name, "--help"]) == 0
    assert "Example:" in capsys.readouterr().out


def test_the_list_keeps_the_order_of_use(capsys):
    assert run(["--help"]) == 0
    printed = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in printed if line.strip() and line.split()[0] in COMMANDS]
    assert [name for name in names if name in COMMANDS] == list(COMMANDS)
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)


def test_a_mistyped_command_is_suggested(capsys):
    assert run(["statsu"]) == 2
    assert "did you mean status?" in capsys.readouterr().err


def test_help_imports_no_command_and_no_driver():
    code = (
        "import sys; from controller.cli import run; run(['--help']); "
        "print(*(m for m in ('psycopg', 'pydantic', 'numpy', 'httpx') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == ""
