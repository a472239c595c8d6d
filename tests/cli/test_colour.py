"""Colours are for terminals, and for nobody who said no."""

import os
import pty
import subprocess
import sys

import pytest

from controller.cli.colour import wanted
from controller.cli.registry import COMMANDS
from tests.cli.desk import FLAG, Desk

SAYINGS = [
    ({}, None),
    ({"NO_COLOR": "1"}, False),
    ({"NO_COLOR": ""}, None),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ({"FORCE_COLOR": "1"}, True),
    ({"FORCE_COLOR": "0"}, None),
    ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ({"CLICOLOR_FORCE": "1"}, True),
    ({"CLICOLOR": "0"}, False),
    ({"CLICOLOR": "1"}, None),
    ({"TERM": "dumb"}, False),
]

ARGUMENTS = {
    "init": ["shop"],
    "explain": ["m01"],
    "dashboard": ["--out", "page"],
    "gate": [FLAG],
    "candidates": [FLAG],
    "analyze": ["nothing"],
    "monitor": [FLAG, "--until", "1s"],
    "report": [FLAG],
    "check": ["--base", "HEAD", "--head", "HEAD"],
    "promote": [FLAG, "--dry-run"],
    "rollback": [FLAG, "--dry-run"],
    "halt": [FLAG, "--reason", "harm"],
    "resume": [FLAG, "--reason", "mended"],
    "adopt": [FLAG, "--dry-run"],
    "export": ["flagd"],
    "schema": ["--check"],
}
"""What a command needs to be typed with; some end in an error, whose text is looked at as well."""
OFFLINE = {"demo"}  # it takes its time, and runs the others
QUIET = {
    "NO_COLOR": {"NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "CLICOLOR": {"CLICOLOR": "0"},
}


@pytest.mark.parametrize(("variables", "answer"), SAYINGS)
def test_the_first_convention_that_speaks_decides(variables, answer):
    assert wanted(variables) is answer


def typed(desk: Desk, words: list[str], variables: dict[str, str], *, terminal: bool) -> bytes:
    """Everything a command prints, on a real terminal or into a pipe."""
    clean = {k: v for k, v in os.environ.items() if "COLOR" not in k and k != "CI"}
    environment = {**clean, "TERM": "xterm-256color", **desk.variables, **variables}
    command = [sys.executable, "-m", "controller", *words]
    ours, theirs = pty.openpty() if terminal else os.pipe()
    with subprocess.Popen(
        command,
        cwd=desk.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        printed = b""
        while chunk := _read(ours):
            printed += chunk
        process.wait(60)
    os.close(ours)
    return printed


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # a terminal without anybody on the other side
        return b""


@pytest.fixture
def busy_desk(desk: Desk) -> Desk:
    """A phase is applied, and somebody has meddled: every style has something to say."""
    desk.run("reconcile")
    desk.sql("""UPDATE "MerchantConfig" SET "enableNewCheckout" = false""")
    return desk


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in OFFLINE])
def test_piped_output_has_no_codes(name, busy_desk):
    printed = typed(busy_desk, [name, *ARGUMENTS.get(name, [])], {}, terminal=False)
    assert printed
    assert b"\x1b" not in printed


@pytest.mark.parametrize("how", QUIET)
@pytest.mark.parametrize("name", ["drift", "gate", "doctor"])
def test_a_terminal_whose_reader_wants_none_gets_none(name, how, busy_desk):
    printed = typed(busy_desk, [name, *ARGUMENTS.get(name, [])], QUIET[how], terminal=True)
    assert printed
    assert b"\x1b" not in printed


@pytest.mark.parametrize("how", QUIET)
def test_neither_do_errors(how, tmp_path):
    desk = Desk(tmp_path, "")
    printed = typed(desk, ["plan"], QUIET[how], terminal=True)
    assert printed.startswith(b"error: neither")


def test_a_terminal_gets_colours_and_so_does_a_pipe_that_is_forced(busy_desk):
    assert b"\x1b[" in typed(busy_desk, ["drift"], {}, terminal=True)
    assert b"\x1b[" in typed(busy_desk, ["drift"], {"FORCE_COLOR": "1"}, terminal=False)
    assert b"\x1b[31m" in typed(busy_desk, ["halt"], {"CLICOLOR_FORCE": "1"}, terminal=False)


def test_what_is_for_machines_has_no_codes_even_then(busy_desk):
    for words in (["plan", "--format", "json"], ["plan", "--format", "markdown"]):
        assert b"\x1b" not in typed(busy_desk, words, {"FORCE_COLOR": "1"}, terminal=True)
