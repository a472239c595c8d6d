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
    inner = inner.replace("&#64;<wbr>", "&#64;")
    without_entities = re.sub(r"&#\d+;", "", inner)
    assert not re.search(r"[\\`*_{}\[\]()#+!|<>~@&\n]", without_entities)


@given(st.text() | st.text(alphabet="ab1`@#*_[](){}<>|!:/.,;%-' \n"))
def test_prose_has_no_markup_outside_code(text: str):
    shown = escape.markdown_prose(text)
    outside = re.sub(r"<code>[^<>]*</code>", "x", shown.replace("<wbr>", ""))
    assert not re.search(r"[\\`*_{}\[\]#+!|<>~@&\n]|://|www\.|^\s|^[0-9]+[.)](\s|$)", outside)
    without_entities = re.sub(r"&#\d+;", "", shown)
    assert not re.search(r"[\\`*_{}\[\]#+!|~@&\n]", without_entities)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 of 5 within 10 min.", "5 of 5 within 10 min."),
        ("94 of 100 runs good (94 %); soon.", "94 of 100 runs good (94 %); soon."),
        ("`on_time` is fine.", "<code>on&#95;time</code> is fine."),
        ("judged 2026-11-23 08:00 UTC", "judged 2026-11-23 08:00 UTC"),
        ("17 more (`on_time` needs most).", "17 more (<code>on&#95;time</code> needs most)."),
        ("by @acme, who asks.", "by <code>&#64;acme</code>, who asks."),
        ("as 901d7bb28b38.", "as <code>901d7bb28b38</code>."),
        ("1. first", "<code>1</code>. first"),
        ("deadbeef GH-12 a`b", "<code>deadbeef</code> <code>GH-12</code> <code>a&#96;b</code>"),
    ],
)
def test_prose_as_a_person_sees_it(text: str, shown: str):
    assert escape.markdown_prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://x.example", "https&#58;//x.example"),
        ("WWW.x.example", "WWW&#46;x.example"),
        ("ada@x.example", "ada&#64;<wbr>x.example"),
        ("a: b, c.d @acme", "a: b, c.d &#64;acme"),
    ],
)
def test_an_address_is_no_link_even_in_code(text: str, shown: str):
    assert escape.markdown(text) == f"<code>{shown}</code>"


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
        test_prose_has_no_markup_outside_code.hypothesis.inner_test(text)
        test_a_workflow_command_cannot_be_started.hypothesis.inner_test(text)
