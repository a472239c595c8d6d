"""What the pages tell people to type exists: commands and their options are those of the code."""

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from controller.cli.registry import COMMANDS

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
_IN_CODE = re.compile(r"```(?:console|sh|bash)\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_COMMAND = re.compile(r"^\s*(?:\$ )?rolloutctl ([a-z][a-z-]*)([^\n|;&]*)", re.MULTILINE)


def commands_on(page: Path) -> list[tuple[str, str]]:
    """Each `rolloutctl COMMAND` in code on a page, with the rest of its line."""
    spans = _IN_CODE.findall(page.read_text(encoding="utf-8"))
    return [found for span in spans for found in _COMMAND.findall("".join(span))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_exists(page: Path):
    for name, rest in commands_on(page):
        assert name in COMMANDS, f"{page.name} tells people to type rolloutctl {name}"
        command = getattr(import_module(f"controller.cli.{name}"), name)
        if isinstance(command, click.Group) and (inner := rest.split()[:1]):
            assert inner[0] in command.commands, f"{page.name}: rolloutctl {name} has no {inner[0]}"
            command = command.commands[inner[0]]
        known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts} | {
            "--help"
        }
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest.split("  #")[0]):
            assert option in known, f"{page.name}: rolloutctl {name} has no option {option}"


def test_the_readme_names_every_command():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`{name}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
