"""Lines that fit."""

from hypothesis import given
from hypothesis import strategies as st

from controller.render.terminal.layout import columns, styled, wrapped


@given(st.text(alphabet="ab 1%-"), st.integers(min_value=24, max_value=100))
def test_no_line_is_longer_than_asked_for_and_no_word_is_lost(text: str, width: int):
    lines = list(wrapped(text, width, first="- ", rest="  "))
    assert max(map(len, lines)) <= width
    assert "".join(lines).replace(" ", "")[1:] == text.replace(" ", "")


def test_no_line_ends_between_a_figure_and_its_unit():
    assert list(wrapped("at least 91.4 %", 20)) == ["at least 91.4 %"]
    text = "it took as long as 91.4 % of it, judged 2026-11-23 08:00 UTC, after 9 min"
    lines = list(wrapped(text, 21))
    assert "91.4 %" in " / ".join(lines)
    assert "2026-11-23 08:00 UTC," in lines
    assert not any(line.startswith(("%", "UTC", "min")) for line in lines)


def test_an_empty_text_is_one_line():
    assert list(wrapped("", 40, first="- ")) == ["-"]


def test_indentation_is_not_styled():
    assert list(styled(lambda text: f"<{text}>", iter(["    a b"]))) == ["    <a b>"]


def test_columns_are_aligned_and_empty_ones_left_out():
    rows = [("name", "n", "never"), ("a", "1", ""), ("bcdef", "20", "")]
    assert columns(rows, frozenset({0})) == ["name    n", "a       1", "bcdef  20"]
