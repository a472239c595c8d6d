"""Stale flags in the terminal: the first lines of code, and a count of the others."""

import click

from controller.render.terminal.stale import SHOWN, stale_text
from tests.render.stale_reports import lines, report


def shown(found) -> str:
    return click.unstyle(stale_text(found))


def test_the_first_lines_of_code_are_shown_and_the_others_counted():
    text = shown(report(*lines(SHOWN)))
    assert text.endswith(f"src/a.ts:{SHOWN}  enableSeq (column)\n")
    text = shown(report(*lines(SHOWN + 2)))
    assert f"src/a.ts:{SHOWN + 1} " not in text
    assert text.endswith("...and 2 lines more\n")
    assert f"({SHOWN + 2} lines, see below)" in text


def test_a_search_that_was_cut_is_said_to_be():
    cut = report(is_whole=False)
    assert "not all of it was read: none of them is said to be unreferenced" in shown(cut)
    assert "nothing in shop names it" not in shown(cut)
    assert "nothing in shop names it: not seq or enableSeq" in shown(report())


def test_odd_paths_steer_nothing():
    text = shown(report(*lines(1, "a\x1b[2J\n\udcff.ts")))
    assert "a\\x1b[2J\\n\\udcff.ts:1" in text
