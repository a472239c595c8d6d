"""Names, prose, words and secrets: what they accept and what they never repeat."""

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from controller.config import reading_codes as codes
from controller.config.document import Quoted
from controller.config.texts import choice, merchant_id, prose, secret_variable, word

NAME = word("name", "[a-z]{1,5}", "letters", {"off": "that is taken"})


class Color(Enum):
    RED = "red"
    GREEN = "green"


def complaint(scalar, value):
    with pytest.raises(PydanticCustomError) as raised:
        scalar.read(value)
    return raised.value.context


@pytest.mark.parametrize("value", ["abc", Quoted("abc")])
def test_a_word_is_plain_text_whether_in_quotes_or_not(value):
    assert NAME.read(value) == "abc"
    assert type(NAME.read(value)) is str


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("ABC", codes.NOT_ALLOWED_TEXT),
        ("abc\n", codes.NOT_ALLOWED_TEXT),
        ("off", codes.NOT_ALLOWED_TEXT),
        (None, codes.NO_VALUE),
        ([], codes.TEXT_EXPECTED),
        ({}, codes.TEXT_EXPECTED),
    ],
)
def test_what_a_word_refuses(value, code):
    assert complaint(NAME, value)["code"] is code


def test_shop_domains_get_advice_of_their_own():
    context = complaint(merchant_id("[a-z.]+", "letters"), "acme.MyShopify.com")
    assert context["code"] is codes.SHOP_DOMAIN
    assert "rolloutctl explain acme.MyShopify.com" in context["suggestion"]


@given(st.text(min_size=1))
def test_a_secret_is_never_repeated(secret):
    context = complaint(secret_variable("TOKEN"), f"postgres://{secret}@db")
    assert context["code"] is codes.SECRET_IN_FILE
    assert context == complaint(secret_variable("TOKEN"), "another one")


def test_prose_is_one_line_without_the_space_around_it():
    assert prose().read("  a reason\n") == "a reason"
    assert complaint(prose(), " \n ")["code"] is codes.TEXT_TOO_LONG
    assert complaint(prose(), "a\nb")["code"] is codes.TEXT_TOO_LONG
    assert complaint(prose(5), "123456")["code"] is codes.TEXT_TOO_LONG
    assert prose(one_line=False).read("a\nb\n") == "a\nb"


def test_a_choice_is_a_member():
    assert choice(Color).read("red") is Color.RED
    assert complaint(choice(Color), "gren")["suggestion"] == "did you mean `green`?"
    assert complaint(choice(Color), "RED")["code"] is codes.NOT_A_CHOICE
