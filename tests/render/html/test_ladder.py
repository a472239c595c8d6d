"""The ladder shows where a rollout is, and says it."""

import re
from dataclasses import replace

from controller.domain.standing import Condition
from controller.render.html.ladder import SHOWN, drawings, ladder
from tests.domain.strategies import applied, flag, phase
from tests.render.html.boards import board


def test_the_present_step_stands_out_and_is_told():
    at = board(at="10%")
    assert "<title>step 2 of 4: 10%; the ladder is off, pilot, 10%, 50%, 100%</title>" in ladder(at)
    assert 'class="here">10%</text>' in drawings([at])


def test_a_halted_one_is_red():
    assert "now s-bad" in drawings([board(condition=Condition.HALTED)])
    assert "now s-info" in drawings([board()])


def test_before_the_first_run_it_is_off():
    assert 'class="here">off</text>' in drawings([board(applied=None)])


def test_what_looks_the_same_is_drawn_once():
    one, other, halted = board("one"), board("other"), board("red", condition=Condition.HALTED)
    drawn = drawings([one, other, halted])
    assert drawn.count("<g ") == 2
    (used,) = {re.search(r'href="#([\w-]+)"', ladder(shown))[1] for shown in (one, other)}
    assert f'id="{used}"' in drawn


def test_a_long_ladder_is_drawn_around_the_present_step():
    phases = tuple(phase(f"{share}%", percent=share) for share in range(1, 21))
    desired = flag("15%", phases)
    shown = board(applied=applied(desired))
    drawn = drawings([replace(shown, desired=desired)])
    assert drawn.count("</text>") == SHOWN
    assert 'class="here">15%</text>' in drawn
    assert "step 15 of 20" in ladder(replace(shown, desired=desired))


def test_a_flag_without_phases_has_none():
    shown = board(applied=None)
    assert ladder(replace(shown, desired=flag(None))) is None
