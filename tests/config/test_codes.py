"""Every code is declared once, can happen, is worded in a golden file, and has its heading."""

from itertools import chain
from pathlib import Path

import pytest

from controller.config import codes
from tests.config.examples import EXAMPLES
from tests.config.repository import look
from tests.golden_files import assert_golden

ELSEWHERE = {
    "RC005": "test_sources.py",
    "RC006": "test_sources.py",
    "RC010": "test_sources.py",
    "RC803": "test_company_rules.py",
}
"""Codes that need a disk or a clock, and the file that makes them happen."""

CASES = [(code, title) for code, examples in EXAMPLES.items() for title in examples]

FOLLOWING = {
    ("RC003", "a return alone"): "RC101",
    ("RC007", "no flags"): "RC601",
    ("RC009", "sixty typing errors"): "RC202",
    ("RC222", "a gate"): "RC503",
}
"""What an example brings up besides its own code: the same mistake, seen from another side."""


def test_ids_are_unique_and_in_order():
    ids = [code.id for code in codes.ALL]
    assert ids == sorted(set(ids))


def test_every_code_can_happen():
    assert {code.id for code in codes.ALL} == {*EXAMPLES, *ELSEWHERE}


@pytest.mark.parametrize(("code", "file"), ELSEWHERE.items())
def test_codes_that_happen_elsewhere_are_tested_there(code, file):
    name = next(
        name
        for module in (codes.reading_codes, codes.meaning_codes)
        for name, value in vars(module).items()
        if getattr(value, "id", None) == code
    )
    assert name in Path(__file__).with_name(file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "title"), CASES, ids=[f"{c}-{t}" for c, t in CASES])
def test_the_example_brings_up_its_code_and_nothing_else(code, title):
    problems = look(EXAMPLES[code][title]).problems
    found = {problem.code.id for problem in problems}
    assert code in found
    assert found <= {code, FOLLOWING.get((code, title), code)}, "\n".join(map(str, problems))


def test_the_words_of_every_problem():
    texts = (
        f"# {code}: {title}\n" + "\n".join(map(str, look(changes).problems))
        for code, title, changes in chain.from_iterable(
            ((code, title, changes) for title, changes in examples.items())
            for code, examples in EXAMPLES.items()
        )
    )
    assert_golden("config/problems.txt", "\n\n".join(texts) + "\n")


def test_the_reference_has_one_heading_a_code():
    headings = [line for line in codes.reference().splitlines() if line.startswith("### ")]
    assert [heading[4:9] for heading in headings] == [code.id for code in codes.ALL]


def test_every_explanation_says_something():
    for code in codes.ALL:
        assert code.explanation.endswith((".", "is missing.")), code.id
        assert not code.title.endswith("."), code.id
