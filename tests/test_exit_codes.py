"""docs/exit-codes.md is true: every code, its name, and commands that exist."""

import re
from pathlib import Path

import pytest

from controller import errors
from controller.cli.registry import COMMANDS
from controller.errors import ExitCode, RolloutError

DOCS = Path(__file__).parents[1] / "docs" / "exit-codes.md"
ROW = re.compile(r"^\| (\d+) \| ([a-z ]+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows():
    return ROW.findall(DOCS.read_text(encoding="utf-8"))


def test_every_code_stands_there_once_in_order_by_its_name(rows):
    documented = [(int(code), name.replace(" ", "_").upper()) for code, name, *_ in rows]
    assert documented == [(int(code), code.name) for code in ExitCode]


def test_the_commands_named_exist(rows):
    for *_, who in rows:
        assert set(re.findall(r"`(\w+)`", who)) <= set(COMMANDS)


def test_what_may_pass_by_itself_is_what_the_errors_say(rows):
    transient = {
        int(kind.exit_code)
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, RolloutError) and kind.transient
    }
    (sentence,) = re.findall(
        r"^(\d+(?:, \d+)* and \d+) may pass", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {int(code) for code in re.findall(r"\d+", sentence)} == transient


def test_each_error_of_the_tree_has_the_code_that_its_docstring_draws():
    drawn = dict(re.findall(r"── (\w+) .*exit (\d+)", errors.__doc__))
    assert drawn
    for name, code in drawn.items():
        assert int(getattr(errors, name).exit_code) == int(code)
