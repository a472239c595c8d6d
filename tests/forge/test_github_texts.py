import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.forge import github_texts as texts

LONG = st.tuples(st.text(), st.integers(1, 40_000)).map(lambda two: (two[0] * two[1])[:200_000])


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("short", "short"),
        ("two\nlines \t here ", "two lines here"),
        ("x" * 140, "x" * 140),
        ("x" * 141, "x" * 139 + "…"),
        ("😀" * 100, "😀" * 69 + "…"),
        ("x" * 138 + "😀😀", "x" * 138 + "…"),
        ("\ud800", "?"),
    ],
)
def test_a_description_is_one_line_of_140(said: str, shown: str) -> None:
    assert texts.description(said) == shown


@given(LONG)
def test_nothing_is_longer_than_github_takes(text: str) -> None:
    for cut, most in ((texts.description, 140), (texts.title, 256), (texts.body, 65_536)):
        shown = cut(text)
        assert len(shown.encode("utf-16-le")) <= 2 * most
        assert cut(shown) == shown


def test_a_body_ends_with_a_whole_line_and_says_so() -> None:
    shown = texts.body("a whole line\n" * 10_000)
    assert shown.endswith("a whole line\n\n(cut here: GitHub takes no more)\n")
    assert len(shown) > 65_000
    assert texts.body("short") == "short"
