"""Options that several commands share: what is kept for others to read is a line of plain text."""

import os
import subprocess
import sys

import pytest

from tests.cli.desk import FLAG


@pytest.mark.parametrize("reason", ["", "  ", "\n\t", "\x1b\u202e"])
def test_a_reason_that_says_nothing_is_refused_before_anything_happens(desk, reason):
    desk.run("reconcile")
    done = desk.run("halt", FLAG, "--reason", reason)
    assert done.code == 2
    assert "--reason" in done.err
    assert desk.on() == {"m01"}


def test_a_reason_is_kept_as_one_line_without_what_steers_a_terminal(desk):
    desk.run("reconcile")
    desk.run("halt", FLAG, "--reason", " orders\n are\x1b[2J lost \u202e", "--actor", "ann\r")
    assert desk.sql("SELECT reason, actor FROM rollout.halt") == [("orders are [2J lost", "ann")]


def test_the_login_is_named_where_no_variable_says_who_it_is(desk):
    nobody = dict.fromkeys(["ROLLOUTCTL_ACTOR", "GITHUB_ACTOR", "USER", "LOGNAME", "LNAME"])
    desk.run("reconcile", env={**nobody, "USERNAME": "carol"})
    assert desk.sql("SELECT actor FROM rollout.run") == [("carol",)]


def width_printed(columns: int | None) -> int:
    """What a command takes for the width, on a terminal of so many columns or in a pipe."""
    code = "from controller.cli.options import terminal_width; print(terminal_width())"
    ours, theirs = os.openpty()
    size = {"COLUMNS": str(columns)} if columns else {}
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=theirs if columns else subprocess.PIPE,
        env={**os.environ, **size},
        check=True,
        timeout=60,
    )
    printed = os.read(ours, 100) if columns else done.stdout
    os.close(ours)
    os.close(theirs)
    return int(printed)


@pytest.mark.parametrize(("columns", "width"), [(None, 100), (60, 60), (250, 100), (10, 40)])
def test_reports_are_as_wide_as_the_terminal_within_reason(columns, width):
    assert width_printed(columns) == width
