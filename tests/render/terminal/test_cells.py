"""Texts take up as many cells as they are given, whatever letters are in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.render.terminal.cells import cells, cut, fitted

LETTERS = st.text(st.sampled_from("aé漢字🎉e\u0301 x…"), max_size=30)


@pytest.mark.parametrize(("text", "size"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("🎉", 2)])
def test_a_wide_letter_takes_two_and_a_mark_on_another_none(text, size):
    assert cells(text) == size


@given(LETTERS, st.integers(1, 40))
def test_fitted_takes_exactly_so_many_and_cut_at_most(text, width):
    assert cells(fitted(text, width)) == width
    assert cells(cut(text, width)) <= width


@given(LETTERS)
def test_what_fits_is_left_alone(text):
    assert cut(text, cells(text)) == text


def test_what_does_not_fit_is_marked():
    assert cut("moss-bakery", 6) == "moss-…"
    assert cut("漢字漢字", 4) == "漢… "
    assert cut("a", 0) == ""
