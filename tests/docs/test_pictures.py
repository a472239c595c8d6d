"""The pictures of the pages: small, used, and said in words for those who do not see them."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PICTURES = sorted((REPOSITORY / "docs" / "pictures").glob("*"))
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
_MARKDOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
_HTML = re.compile(r'<img src="([^"]+)" width="\d+" alt="([^"]*)">')


def shown_on(page: Path) -> list[tuple[Path, str]]:
    """Each picture on a page, with what it says instead."""
    text = page.read_text(encoding="utf-8")
    found = [(path, alt) for alt, path in _MARKDOWN.findall(text)] + _HTML.findall(text)
    assert text.count("<img") == len(_HTML.findall(text))
    return [((page.parent / path).resolve(), alt) for path, alt in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_there_and_is_told_in_words(page: Path):
    for path, alt in shown_on(page):
        assert path.exists(), f"{page.name} shows {path.name}"
        assert len(alt) > 30, f"{page.name} says too little of {path.name}"


def test_every_picture_is_shown_somewhere():
    assert {path.resolve() for path in PICTURES} == {p for page in PAGES for p, _ in shown_on(page)}


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in PICTURES}
    assert all(name.endswith(".png") for name in sizes)
    assert max(sizes.values()) < 150 * 1024, sizes
    assert sum(sizes.values()) < 1024 * 1024, sizes
