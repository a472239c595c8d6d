"""From an error to text and an exit code.

Nothing leaves as a traceback, nothing foreign is obeyed.
"""

import click
import pytest

from controller import errors
from controller.cli.failure import report
from controller.errors import ExitCode, RolloutError


def _tree(kind: type[RolloutError]) -> list[type[RolloutError]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _tree(child))]


@pytest.mark.parametrize(
    "kind", [k for k in _tree(RolloutError) if k.__module__ == errors.__name__]
)
def test_every_error_of_the_tree_has_its_text_and_code(kind, capsys):
    assert report(kind("something happened", "do this")) == kind.exit_code
    said = capsys.readouterr().err
    assert said == "error: something happened\n  next: do this\n"


def test_text_of_others_cannot_steer_the_terminal(capsys):
    report(errors.Refused("\x1b[2Jgone", "\x1b]8;;http://evil\x07click"))
    assert "\x1b" not in capsys.readouterr().err


def test_a_bug_is_one_line_with_its_place_and_exits_1(capsys):
    with pytest.raises(ZeroDivisionError) as bug:
        _ = 1 / 0
    bug.value.args = ("never \x1b[31mforeseen",)
    assert report(bug.value) is ExitCode.INTERNAL_ERROR
    said = capsys.readouterr().err
    assert "internal error: ZeroDivisionError at " in said
    assert "\x1b[31m" not in said
    assert "ROLLOUTCTL_DEBUG=1" in said
    assert "Traceback" not in said


def test_clicks_own_errors_keep_their_code(capsys):
    assert report(click.UsageError("no such option")) == 2
    assert report(click.exceptions.Exit(3)) == 3
    assert "Usage" not in capsys.readouterr().out


def test_an_interruption_does_not_claim_that_nothing_was_changed(capsys):
    assert report(click.Abort()) == 130
    said = capsys.readouterr().err
    assert "what was not committed was not done" in said
    assert "rolloutctl status" in said


def test_a_full_disk_is_no_bug(capsys):
    assert report(OSError(28, "No space left on device", "plan\x1b.json")) == 1
    said = capsys.readouterr().err
    assert "error: plan\\x1b.json: No space left on device" in said
    assert "bug" not in said
