"""The results document as a page: well-formed, nothing loaded, other people's text stays text."""

import re

import pytest

from controller.render.html.results import results_page
from controller.render.results.compose import compose
from tests.render.gate_reports import HOSTILE, naughty_strings
from tests.render.html.reading import read
from tests.render.results.documents import ALL, halted, harmful, waived


@pytest.fixture(params=ALL)
def found(request):
    return ALL[request.param]


def test_it_is_well_formed_and_every_mark_leads_to_its_source(found):
    reader = read(results_page(compose(found)))
    ids = [given["id"] for _, given, _ in reader.elements if "id" in given]
    assert len(ids) == len(set(ids))
    assert {given["href"] for given in reader.named("a")} <= {f"#{one}" for one in ids}
    assert [len(reader.named(name)) for name in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    assert len(reader.named("caption")) == len(reader.named("table"))
    labels = {g["aria-labelledby"] for _, g, _ in reader.elements if "aria-labelledby" in g}
    assert labels <= set(ids)


def test_nothing_runs_and_nothing_is_loaded(found):
    page = results_page(compose(found))
    reader = read(page)
    names = {tag for tag, _, _ in reader.elements}
    assert names.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "form", "base"})
    attributes = {name for _, given, _ in reader.elements for name in given}
    assert attributes.isdisjoint({"style", "src"})
    assert not {name for name in attributes if name.startswith("on")}
    assert "://" not in page
    (policy,) = [g["content"] for g in reader.named("meta") if "http-equiv" in g]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_every_text_of_the_document_is_on_the_page():
    page = read(results_page(compose(ALL["pilot_proceed"]))).text
    for text in ("PASS (proceed)", "THIS ONE", "15 in 5 orders", "Proceed to 10%."):
        assert text in page


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_is_text(text):
    _holds_as_text(text)


def test_naughty_strings_are_text():
    texts = naughty_strings()
    for first in range(0, len(texts), 40):
        _holds_as_text(" ".join(texts[first : first + 40]))


def _holds_as_text(text):
    for make in (waived, halted, harmful):
        usual = read(results_page(compose(make("x"))))
        reader = read(results_page(compose(make(text))))
        assert _shape(reader) == _shape(usual)


def _shape(reader):
    return [tag for tag, _, _ in reader.elements if tag != "code"]


def test_controls_are_visible():
    page = results_page(compose(halted("a\x1b[31m\u202eb")))
    assert not re.search("[\x1b\u202e]", page)
