"""Problems read well, sort by place and cannot steer a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config import meaning_codes, reading_codes
from controller.config.problems import (
    Place,
    Problem,
    ProblemsFound,
    Related,
    Severity,
    a,
    counted,
    did_you_mean,
    in_order,
    listed,
    printable,
    shown,
)

TWELVE = ", ".join(f"`{letter}`" for letter in "abcdefghijkl")
PROBLEM = Problem(
    Place("flags/a.yaml", 3, 5),
    reading_codes.UNKNOWN_KEY,
    "unknown key `x`",
    "did you mean `y`?",
    (Related(Place("rollout/a.yaml", 1, 1), "the rollout"),),
)


def test_a_problem_is_a_line_with_its_advice_and_its_other_side():
    assert str(PROBLEM) == (
        "flags/a.yaml:3:5: error RC202: unknown key `x`\n"
        "    did you mean `y`?\n"
        "    see rollout/a.yaml:1:1: the rollout"
    )


def test_a_problem_for_machines():
    assert PROBLEM.as_json() == {
        "file": "flags/a.yaml",
        "line": 3,
        "column": 5,
        "code": "RC202",
        "severity": "error",
        "title": "An unknown key",
        "message": "unknown key `x`",
        "suggestion": "did you mean `y`?",
        "related": [{"file": "rollout/a.yaml", "line": 1, "column": 1, "text": "the rollout"}],
    }


def test_problems_sort_by_place_and_say_things_once():
    later = Problem(Place("flags/a.yaml", 10, 1), reading_codes.NO_VALUE, "m")
    whole = Problem(Place("flags/a.yaml"), reading_codes.FILE_TOO_LARGE, "m")
    assert in_order([later, PROBLEM, whole, PROBLEM]) == (whole, PROBLEM, later)


def test_warnings_are_no_errors():
    warning = Problem(Place("f"), meaning_codes.FLAG_EXPIRED, "m")
    assert not warning.is_error
    assert warning.code.severity is Severity.WARNING
    assert ProblemsFound([warning, PROBLEM]).message.startswith("1 problem in 1 file;")


@pytest.mark.parametrize(
    ("words", "text"), [([], "none"), (["a"], "`a`"), (["a", "b", "c"], "`a`, `b` and `c`")]
)
def test_lists_in_words(words, text):
    assert listed(words) == text


def test_small_grammar():
    assert [counted(0, "file"), counted(1, "file")] == ["0 files", "1 file"]
    assert [a("option name"), a("flag key")] == ["an option name", "a flag key"]


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("percnt", ["percent", "phase"], "did you mean `percent`?"),
        ("prod", ["demo", "production"], "did you mean `production`?"),
        ("zzz", ["demo", "production"], "known here: `demo` and `production`"),
        ("zzz", [], ""),
        ("zzz", list("abcdefghijklmn"), f"known here: {TWELVE} and 2 more"),
        ("x" * 100_000, ["demo"], "known here: `demo`"),
    ],
)
def test_suggestions(word, known, advice):
    assert did_you_mean(word, known) == advice


@given(st.text())
def test_whatever_is_shown_stays_on_one_line_between_its_quotes(text):
    assert printable(text).isprintable()
    assert shown(text).count("`") == 2
    assert len(shown(text)) < 700


def test_long_text_is_cut():
    assert shown("x" * 100) == f"`{'x' * 60}…`"
