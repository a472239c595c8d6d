"""The results document in Markdown: goldens, and nothing of other people's becomes markup."""

import re

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from controller.render.markdown.results import results_markdown
from controller.render.results.compose import compose
from tests.golden_files import assert_golden
from tests.render.gate_reports import HOSTILE, naughty_strings
from tests.render.results.documents import ALL, halted, harmful, waived

TAGS = {
    *("h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"),
    *("code", "wbr"),
}


def written(found):
    return results_markdown(compose(found))


@pytest.mark.parametrize("name", ALL)
def test_every_document(name):
    text = written(ALL[name])
    assert_golden(f"results/{name}.md", text)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def shape(text):
    html = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return re.findall(r"<(/?[a-zA-Z!][^\s>]*)", html)


def assert_harmless(text):
    for make in (waived, halted, harmful):
        found = shape(written(make(text)))
        assert {tag.strip("/") for tag in found} <= TAGS, text
        plain = shape(written(make("x")))
        without = [tag for tag in found if tag.strip("/") not in {"code", "wbr"}]
        assert without == [tag for tag in plain if tag.strip("/") not in {"code", "wbr"}], text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_is_text(text):
    assert_harmless(text)


def test_naughty_strings_are_text():
    texts = naughty_strings()
    for first in range(0, len(texts), 100):
        assert_harmless(" ".join(texts[first : first + 100]))
