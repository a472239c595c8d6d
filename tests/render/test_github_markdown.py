"""What GitHub's own Markdown makes of foreign text: nothing but text, in code.

`cmarkgfm` is GitHub's parser itself, so this is no guess about what it does with raw tags, entities
and addresses. What GitHub links afterwards (people, issues, commits) it leaves alone in code.
"""

import json
import re
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

from controller.render.escape import markdown, markdown_name, markdown_prose

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "blns.json"
HTML = re.compile(r"<(/?[a-zA-Z!][^\s>]*)")
LINKED_LATER = re.compile(r"@\w|#\d|GH-\d|\b[0-9a-f]{7,40}\b|https?:|(?<!\w)www\.")
PIECES = (
    "a ada @ . :// http www. #1 ` * _ [x](y) <b> | \\ GH-1 ~~ &lt; <!-- - + mailto: xmpp: deadbeef1"
)
TRICKS = st.lists(st.sampled_from([*PIECES.split(), " ", "\n"])).map("".join)
ALLOWED = {
    "p",
    "code",
    "wbr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ul",
    "li",
}


def check(text: str) -> None:
    places = (
        f"before {markdown(text)} after",
        f"before {markdown_prose(text)} after",
        f"before {markdown_name(text)} after",
        f"before {markdown_prose(text, markdown_name)} after",
        f"| a | b |\n|---|---|\n| {markdown_name(text)} | {markdown_prose(text, markdown_name)} |",
        f"| a | b |\n|---|---|\n| {markdown(text)} | {markdown_prose(text)} |",
        f"<details><summary>{markdown(text)}</summary>\n\n- {markdown(text)}\n\n</details>",
    )
    for place in places:
        html = cmarkgfm.github_flavored_markdown_to_html(place, options=Options.CMARK_OPT_UNSAFE)
        tags = {tag.strip("/") for tag in HTML.findall(html)}
        assert tags <= ALLOWED, (place, html)
        assert html.count("<td") in {0, 2}
        without_code = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
        assert not LINKED_LATER.search(re.sub(r"<[^>]+>", "", without_code)), (place, html)


@example("ada@shop.example")
@example("0@.A")
@example("mailto:@.A")
@example("pilot -> 10%")
@example("https://shop.example www.shop.example")
@example("by `ada@shop.example` (www.x.example)")
@given(st.text() | TRICKS)
def test_foreign_text_is_text(text: str):
    check(text)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the Big List of Naughty Strings is not here")
def test_the_naughty_strings_are_text():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        check(text)
