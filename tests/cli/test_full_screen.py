"""Whether there is a screen to draw on; what it does with one is held by test_monitor.py."""

import subprocess
import sys

import pytest

from controller.cli.full_screen import ENDING
from tests.cli.terminals import at_terminal


@pytest.mark.parametrize(("term", "possible"), [("xterm", True), ("dumb", False), (None, False)])
def test_it_needs_a_terminal_that_can_do_more_than_lines(desk, term, possible):
    asked = "from controller.cli.full_screen import is_possible; print(is_possible())"
    with at_terminal(desk, TERM=term, code=asked) as terminal:
        assert terminal.end() == 0
        assert terminal.written.strip() == str(possible)


def test_a_pipe_is_none():
    code = "from controller.cli.full_screen import is_possible; print(is_possible())"
    done = subprocess.run(
        [sys.executable, "-c", code], input="", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_every_signal_that_a_terminal_sends_to_end_a_program_is_heard():
    assert {signal.name for signal in ENDING} == {"SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"}


def test_help_does_not_pay_for_it():
    code = (
        "import sys; from controller.cli import run; run(['--help']); "
        "print(*(m for m in ('termios', 'controller.cli.full_screen') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
