"""Untrusted text stays text, wherever it is shown."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.render import escape

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "blns.json"


@given(st.text())
def test_terminal_text_is_one_printable_line(text: str):
    shown = escape.terminal(text)
    assert "\n" not in shown
    assert all(char.isprintable() or char == "\xa0" or ord(char) > 0x7F for char in shown)
    assert "\x1b" not in shown
    shown.encode()


@given(st.text())
def test_markdown_has_no_markup_left(text: str):
    inner = escape.markdown(text).removeprefix("<code>").removesuffix("</code>")
    without_entities = re.sub(r"&#\d+;", "", inner)
    assert not re.search(r"[\\`*_{}\[\]()#+!|<>~@&\n]", without_entities)


@given(st.text())
def test_a_workflow_command_cannot_be_started(text: str):
    assert "\n" not in escape.workflow_data(text)
    assert "\r" not in escape.workflow_data(text)
    assert "::" not in escape.workflow_property(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("clx7 ø 名", "clx7 ø 名"),
    ],
)
def test_what_a_person_sees(text: str, shown: str):
    assert escape.terminal(text) == shown


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the Big List of Naughty Strings is not here")
def test_the_naughty_strings_are_harmless():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        test_terminal_text_is_one_printable_line.hypothesis.inner_test(text)
        test_markdown_has_no_markup_left.hypothesis.inner_test(text)
        test_a_workflow_command_cannot_be_started.hypothesis.inner_test(text)
