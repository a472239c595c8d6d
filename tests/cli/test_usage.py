"""Whoever mistypes is told what is wrong and what to type, in the form of all other errors."""

import pytest

from controller.cli import run

WRONG = {
    "rolloutctl statsu": "there is no command statsu; did you mean status?",
    "rolloutctl frobnicate": "there is no command frobnicate",
    "rolloutctl --frm": "there is no option --frm",
    "rolloutctl plan --evn x": "there is no option --evn; did you mean --env?",
    "rolloutctl plan --detail": "there is no option --detail; did you mean --detailed-exitcode?",
    "rolloutctl plan --env": "--env: its value is missing",
    "rolloutctl plan --format yaml": "--format: 'yaml' is not one of 'text', 'json', 'markdown'",
    "rolloutctl plan -C /nowhere": "--root: Directory '/nowhere' does not exist",
    "rolloutctl halt": "FLAG is missing",
    "rolloutctl halt f": "--reason TEXT is missing: why; the ledger keeps it",
    "rolloutctl explain": "MERCHANT is missing",
    "rolloutctl validate all": "got unexpected extra argument (all)",
    "rolloutctl history --limit x": "--limit: 'x' is not a valid number",
    "rolloutctl history --limit 0": "--limit: 0 is not in the range 1<=x<=10000",
    "rolloutctl adopt f --expires 2026-02-30": (
        "--expires: 2026-02-30 is no day of the calendar; write it as 2026-12-31"
    ),
    "rolloutctl export flagd --outt": "there is no option --outt; did you mean --out?",
    "rolloutctl stale --off-for 3": "--off-for: write a duration such as 90s, 10m, 36h or 2d",
    "rolloutctl plan \x1b[2J": "got unexpected extra argument (\\x1b[2J)",
}


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_wrong_is_said_in_a_line(typed, capsys):
    assert run(typed.split()[1:]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[0] == f"error: {WRONG[typed]}"


def test_the_example_of_the_command_is_the_way_out(capsys):
    run(["halt", "new_checkout"])
    assert capsys.readouterr().err.splitlines()[1:] == [
        '  next: like this: rolloutctl halt new_checkout --reason "orders without line items"',
        "  next: rolloutctl halt --help",
    ]


def test_a_group_without_a_command_shows_its_help(capsys):
    assert run(["export"]) == 2
    assert "flagd" in capsys.readouterr().err
