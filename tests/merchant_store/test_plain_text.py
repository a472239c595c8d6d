"""Whatever a terminal makes of a text, PostgreSQL can store the rest of it."""

from hypothesis import given
from hypothesis import strategies as st

from controller.merchant_store.plain_text import storable, storable_json, storable_text

ANY = st.text(st.characters())


@given(ANY)
def test_the_result_can_always_be_stored(text: str):
    stored = storable_text(text)
    assert "\0" not in stored
    stored.encode()
    assert storable(stored)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_what_can_be_stored_stays_as_it_is(text: str):
    assert storable_text(text) == text


def test_json_is_cleaned_in_every_depth():
    document = {"a\0": [{"b": ("\0", 1, None, True)}]}
    mark = "\N{REPLACEMENT CHARACTER}"
    assert storable_json(document) == {f"a{mark}": [{"b": [mark, 1, None, True]}]}
