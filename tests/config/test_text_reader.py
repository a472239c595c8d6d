"""Only clean UTF-8 gets past the first step, and every unwelcome character is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.text_reader import MAX_PROBLEMS, forbidden_in, read_text


def test_clean_text_passes_unchanged():
    text = "key: checkout\r\n# ünïcode, \u3042 and \U0001f600\tare fine\n"
    assert read_text("f", text.encode()) == (text, [])


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\u200f", "\ufeff", "\uffff"],
)
def test_unwelcome_characters_are_found_and_replaced(character):
    text, problems = read_text("f", f"a: b\nc: x{character}y\n".encode())
    assert text == "a: b\nc: x?y\n"
    assert [(p.place.line, p.place.column, p.code.id) for p in problems] == [(2, 5, "RC003")]
    assert f"U+{ord(character):04X}" in problems[0].message


def test_a_return_alone_is_unwelcome_but_not_before_a_line_end():
    assert read_text("f", b"a: b\r\n")[1] == []
    assert [p.place.column for p in read_text("f", b"a: b\rc\n")[1]] == [5]


def test_the_list_of_unwelcome_characters_is_cut():
    text, problems = read_text("f", b"a" * 8 + b"\x01" * 100_000)
    assert len(problems) == MAX_PROBLEMS
    assert "\x01" not in text


def test_lone_surrogates_are_not_utf8():
    text, problems = read_text("f", b"a: \xed\xa0\x80")
    assert text is None
    assert [(p.place.line, p.place.column, p.code.id) for p in problems] == [(1, 4, "RC001")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused(encoding):
    text, problems = read_text("f", "key: checkout\n".encode(encoding))
    assert text is None
    assert [p.code.id for p in problems] == ["RC001"]


@given(st.binary(max_size=300))
def test_whatever_comes_out_is_clean(data):
    text, problems = read_text("f", data)
    assert text is None or forbidden_in(text) is None
    assert text is not None or problems
    assert all(p.place.line >= 1 and p.place.column >= 1 for p in problems)
