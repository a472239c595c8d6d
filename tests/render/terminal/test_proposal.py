"""A proposal in the terminal: what changes, where it is, what to type; nothing in it is trusted."""

from dataclasses import replace

import pytest
from click import unstyle

from controller.render.terminal.proposal import proposal_text
from controller.source_control.proposal import FileChange, State
from tests.render.proposals import MADE


def shown(**changes: object) -> str:
    return proposal_text(replace(MADE, **changes), is_dirty=False)  # type: ignore[arg-type]


def test_a_revert():
    text = shown()
    assert "checkout" in text
    assert "in demo, production" in text
    assert "the revert of cccccccccccc" in text
    assert "git push origin rolloutctl/rollback-checkout-demo-10" in text


def test_a_line_says_why_it_is_no_revert():
    assert "not a revert: it conflicts" in shown(reverted=None, why_edited="it conflicts")


@pytest.mark.parametrize("state", sorted(set(State) - {State.NOTHING_TO_DO}))
def test_every_state_has_words(state):
    assert proposal_text(replace(MADE, state=state), is_dirty=False).count("\n") > 5


def test_a_dry_run_names_no_push():
    assert "git push" not in shown(state=State.PLANNED, commit=None)


def test_nothing_to_do_is_one_line():
    assert shown(state=State.NOTHING_TO_DO).count("\n") == 1


def test_local_changes_are_pointed_out():
    assert "local changes are not part of it" in proposal_text(MADE, is_dirty=True)


def test_what_stands_in_files_cannot_steer_the_terminal():
    hostile = FileChange("rollout/checkout.yaml", "# \x1b[2J\n", "# \u202e\n")
    text = shown(files=(hostile,), why_edited="\x1b]0;x\x07", reverted=None)
    assert "\x1b" not in unstyle(text)
    assert "\u202e" not in text
