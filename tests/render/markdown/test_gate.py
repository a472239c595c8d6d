"""The gate's report on a pull request: the answer first, details folded, waivers never."""

import re

import pytest

from controller.render.markdown.gate import gate_markdown
from tests.golden_files import assert_golden
from tests.render.gate_reports import HOSTILE, REPORTS, filled_with, naughty_strings


@pytest.mark.parametrize("name", REPORTS)
def test_every_report(name):
    assert_golden(f"gate/markdown/{name}.md", gate_markdown(REPORTS[name], following="50%"))


def test_waivers_are_never_folded():
    text = gate_markdown(REPORTS["ramp_waived"])
    assert text.index("waivers in force") < text.index("<details>")
    assert text.index("printers are slow") < text.index("<details>")


def test_a_waiver_that_is_not_needed_is_shown_too():
    assert "it does not stand in the way" in gate_markdown(REPORTS["ramp_waived"])


def test_queries_are_shown_when_asked_for():
    assert "SELECT" not in gate_markdown(REPORTS["ramp_holding"])
    assert "SELECT count" in gate_markdown(REPORTS["ramp_holding"], with_queries=True)


@pytest.mark.parametrize("name", REPORTS)
def test_details_are_opened_and_closed(name):
    text = gate_markdown(REPORTS[name], with_queries=True)
    assert text.count("<details>") == text.count("</details>") > 0


_CODE = re.compile(r"<code>(?:[^<>`*_|@\[\]#!]|&#[0-9]+;|<wbr>)*</code>")
_OURS = re.compile(r"</?(?:details|summary|sub)>|<br>")
_MARKUP = re.compile(r"[<>`_\[\]@#!{}~\\]|https?:|www\.|GH-[0-9]")


def assert_harmless(text: str) -> None:
    shown = gate_markdown(filled_with(text), remarks=[text], following=text, with_queries=True)
    for line in shown.splitlines():
        bare = _OURS.sub("", _CODE.sub("", line))
        bare = bare.removeprefix("### ").removeprefix("> ")
        assert not _MARKUP.search(bare), (text, line)
        assert bare.count("|") in {0, 8}, (text, line)
    plain = gate_markdown(filled_with("x"), remarks=["x"], following="x", with_queries=True)
    assert shown.count("\n") == plain.count("\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_no_markup(text):
    assert_harmless(text)


def test_the_naughty_strings_stay_text():
    for text in naughty_strings():
        assert_harmless(text)


def test_the_pull_request_that_does_it_is_not_told_to_do_it():
    report = REPORTS["ramp_proceed"]
    assert "rolloutctl promote" in gate_markdown(report)
    assert "next: " not in gate_markdown(report, with_next=False)
