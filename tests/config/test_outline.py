"""Spans are exact to the character, whatever the style and the characters before them."""

import pytest

from controller.config.outline import outline


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a: 1\nl:\n  - x\n  - y  # z\n", ["x", "y"]),
        ("l: [x, 'y y', {k: v}]\n", ["x", "'y y'", "{k: v}"]),
        ("# 😀\nl:\n- k: 😀\n  m: [1, 2]\n- z\nb: 2\n", ["k: 😀\n  m: [1, 2]", "z"]),
        ('l:\r\n  - "x\\ty"\r\nb: 2\r\n', ['"x\\ty"']),
    ],
)
def test_items_are_found_to_the_character(text, spans):
    found = outline(text, "l").found
    assert [text[item.start : item.end] for item in found.items] == spans


def test_a_list_written_as_lines_starts_at_its_first_dash():
    text = "l:\n   - x\n"
    found = outline(text, "l").found
    assert text[found.start] == "-"
    assert not found.in_brackets


def test_a_list_in_brackets_ends_behind_its_bracket():
    text = "l: [ x, # c\n  y ]  # d\n"
    found = outline(text, "l").found
    assert text[found.start : found.end] == "[ x, # c\n  y ]"
    assert found.in_brackets


def test_a_missing_key_and_where_keys_start():
    found = outline("  a: 1\n  b: 2\n", "l")
    assert (found.column, found.in_brackets, found.found) == (2, False, None)
    assert outline("{a: 1}\n", "l").in_brackets
