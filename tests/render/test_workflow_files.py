"""What GitHub Actions reads from files: a value can neither end early nor set another one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.render.workflow_files import SUMMARY_LIMIT, outputs, summary_part

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "blns.json"


def as_the_runner_reads(text: str) -> dict[str, str]:
    """The rules of the runner: `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if "<<" in line and ("=" not in line or line.index("<<") < line.index("=")):
            name, _, delimiter = line.partition("<<")
            value = []
            for inner in lines:
                if inner == delimiter:
                    break
                value.append(inner)
            found[name] = "\n".join(value)
        elif line:
            name, _, value = line.partition("=")
            found[name] = value
    return found


def _expected(value: str) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return lines.encode(errors="replace").decode()


@given(st.dictionaries(st.from_regex(r"[a-z_][a-z_-]{0,8}", fullmatch=True), st.text()))
def test_what_was_set_is_what_is_read(values: dict[str, str]):
    read = as_the_runner_reads(outputs(values))
    assert read == {name: _expected(value) for name, value in values.items()}


@pytest.mark.parametrize(
    "value",
    ["verdict=proceed", "x\nverdict=proceed", "EOF\nverdict=proceed", "a<<b\nc\nb", "\r\nend_"],
)
def test_a_value_sets_no_other_output(value: str):
    assert set(as_the_runner_reads(outputs({"reason": value}))) == {"reason"}


def test_a_value_cannot_bring_the_delimiter_along():
    once = outputs({"a": "x"})
    assert as_the_runner_reads(outputs({"a": once, "b": "y"})) == {"a": once, "b": "y"}


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a\nb", "a<<b", "1st"])
def test_a_name_that_is_none_is_a_bug(name: str):
    with pytest.raises(ValueError, match="cannot name an output"):
        outputs({name: "x"})


@given(st.text(), st.integers(0, SUMMARY_LIMIT + 10))
def test_a_summary_is_never_more_than_github_takes(text: str, already: int):
    assert len(summary_part(text * 50, already).encode()) <= max(0, SUMMARY_LIMIT - already)


def test_a_summary_that_is_cut_says_so():
    cut = summary_part("😀" * SUMMARY_LIMIT)
    assert cut.endswith("(cut here: GitHub takes no more of a step's summary)\n")
    assert len(cut.encode()) > SUMMARY_LIMIT - 10
    assert summary_part("short", 10) == "short"


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the Big List of Naughty Strings is not here")
def test_the_naughty_strings_come_through():
    texts = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    values = {f"v{number}": text for number, text in enumerate(texts)}
    read = as_the_runner_reads(outputs(values))
    assert read == {name: _expected(value) for name, value in values.items()}
