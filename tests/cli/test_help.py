"""Every command explains itself: an example that works, and the same words for the same thing."""

import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from controller.cli.registry import COMMANDS, GROUPS

_NARROW = 78  # of a terminal with 80 columns; a line that is broken cannot be copied

OWN_WORDS = {
    "--column": "of a flag that init makes, and of one that halt cannot look up",
    "--dry-run": "each says what it would otherwise change",
    "--env": "check takes several",
    "--flag": "init makes it, others choose it",
    "--limit": "each limits something else",
    "--merchant": "history shows one, adopt takes several",
    "--every": "monitor looks again, the dashboard is drawn anew",
    "--open-pr": "each opens another pull request",
    "--out": "each writes another document",
    "--reason": "adopt keeps it in the file, others in the ledger",
    "--to": "gate asks about a phase, promote makes sure of it",
    "--detailed-exitcode": "each has another reason for 3",
}
"""Options that say something else in each command, and why; all others say the same everywhere."""


def _commands() -> Iterator[tuple[str, click.Command]]:
    for name in COMMANDS:
        command: click.Command = getattr(import_module(f"controller.cli.{name}"), name)
        yield name, command
        for inner, subcommand in getattr(command, "commands", {}).items():
            yield f"{name} {inner}", subcommand


ALL = dict(_commands())


@pytest.fixture(params=ALL)
def name(request) -> str:
    return request.param


def options_of(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


def example_of(name: str) -> str:
    epilog = ALL[name].epilog or ""
    assert epilog.startswith(f"Example: rolloutctl {name.split(maxsplit=1)[0]}")
    return epilog.removeprefix("Example: ")


def test_the_first_line_is_a_sentence(name):
    first = (ALL[name].help or "").strip().splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")
    assert len(first) < _NARROW


def test_the_example_is_on_one_line_that_can_be_copied(name):
    example = example_of(name)
    assert "\n" not in example
    assert len("  Example: " + example) <= _NARROW


def test_the_example_parses(name, tmp_path: Path, monkeypatch):
    """Through click itself: every option exists, and every value is one that it takes."""
    here = tmp_path / "rollouts"
    for folder in (here, tmp_path / "shop"):
        folder.mkdir()
    monkeypatch.chdir(here)
    words = shlex.split(example_of(name))[1:]
    command = ALL[words[0]]
    if isinstance(command, click.Group):
        words, command = words[1:], command.commands[words[1]]
    with command.make_context(command.name, words[1:]) as context:
        assert context.args == []


def test_what_people_type_has_a_name_in_capitals(name):
    """`INTEGER RANGE` is click's word, and nobody's."""
    for option in options_of(ALL[name]):
        if not (option.is_flag or isinstance(option.type, click.Choice)):
            assert option.metavar, f"{name} {option.opts}"
            assert option.metavar == option.metavar.upper()


def test_every_option_has_a_sentence(name):
    for option in options_of(ALL[name]):
        assert option.help, f"{name} {option.opts}"
        assert option.help[0].isupper()
        assert (
            option.help.rstrip().endswith((".", "]")) or ". " in option.help or ":" in option.help
        )


def by_name() -> dict[str, list[tuple[str, click.Option]]]:
    found: dict[str, list[tuple[str, click.Option]]] = {}
    for name, command in ALL.items():
        for option in options_of(command):
            for spelling in option.opts:
                found.setdefault(spelling, []).append((name, option))
    return found


@pytest.mark.parametrize("spelling", sorted(by_name()))
def test_an_option_is_called_and_takes_the_same_everywhere(spelling):
    """Its letter, what it takes, and, but for the ones listed above, what it says of itself."""
    uses = by_name()[spelling]
    assert len({frozenset(option.opts) for _, option in uses}) == 1, uses
    assert len({option.is_flag for _, option in uses}) == 1, uses
    if spelling != "--out":  # a file of one document, a folder of a page
        assert len({option.metavar for _, option in uses}) == 1, uses
    if not OWN_WORDS.keys() & {*uses[0][1].opts} and spelling != "--format":
        assert len({option.help for _, option in uses}) == 1, uses


@pytest.mark.parametrize("spelling", sorted(OWN_WORDS))
def test_only_what_differs_is_listed_as_different(spelling):
    assert len({option.help for _, option in by_name()[spelling]}) > 1


def test_every_command_is_in_one_group():
    listed = [name for group in GROUPS.values() for name in group]
    assert sorted(listed) == sorted(set(listed)) == sorted(COMMANDS)
