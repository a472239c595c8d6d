"""What edits of files share: places in the text, and text that nobody can misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.text_edits import Edit, apply, line_start, next_line, read, scalar


def test_edits_are_made_from_the_end_so_that_places_stay_true():
    assert apply("abc", [Edit(0, 1, "xyz"), Edit(2, 3, "")]) == "xyzb"


def test_new_lines_end_as_the_file_s_lines_do():
    assert apply("a\r\n", [Edit(3, 3, "b\n")]) == "a\r\nb\r\n"


def test_lines_are_found_by_any_character_in_them():
    assert (line_start("ab\ncd", 4), next_line("ab\ncd", 1), next_line("ab\ncd", 4)) == (3, 3, 5)


@pytest.mark.parametrize("text", ["m1", "a friend", "set by hand (twice)"])
def test_plain_text_stays_plain(text):
    assert scalar(text) == text


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1)
)
def test_whatever_is_written_reads_as_it_was(text):
    assert read(f"a: [{scalar(text)}]\n") == {"a": [text]}


def test_what_the_strict_reader_refuses_reads_as_nothing():
    assert read("a: 1\na: 2\n") is None
