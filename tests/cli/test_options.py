"""Options that several commands share: what is kept for others to read is a line of plain text."""

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
