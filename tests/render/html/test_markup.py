"""Text stays text, whatever is in it."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from controller.render.escape import terminal
from controller.render.html.markup import LONGEST, Markup, prose, tag, text


@given(st.text(max_size=80))
def test_any_text_comes_back_as_it_was_shown(raw):
    seen, elements = [], []

    class Reader(HTMLParser):
        def handle_data(self, data):
            seen.append(data)

        def handle_starttag(self, name, attrs):
            elements.append((name, attrs))

    reader = Reader()
    reader.feed(tag("p", raw, title=raw))
    reader.close()
    assert elements == [("p", [("title", terminal(raw))])]
    assert "".join(seen) == terminal(raw)


def test_markup_is_not_escaped_twice():
    assert tag("p", tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert text(Markup("<i>")) == "<i>"


def test_names_in_back_quotes_become_code():
    assert prose("`a<` and b") == "<code>a&lt;</code> and b"
    assert prose("a lonely ` stays") == "a lonely ` stays"


def test_long_texts_are_cut_and_their_length_is_said():
    assert text("x" * (LONGEST + 1)).endswith(f"x… ({LONGEST + 1} characters)")


def test_what_is_nothing_is_left_away():
    assert tag("td", None, "a", class_=None) == "<td>a</td>"
    assert tag("path", d="M0 0") == '<path d="M0 0"/>'
