"""A scalar reads texts, refuses everything else, and may be left out but not left empty."""

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticCustomError

from controller.config import reading_codes as codes
from controller.config.fields import Given
from controller.config.scalars import PROBLEM, Scalar, complaint

UPPER = Scalar(str.upper, {"type": "string", "title": "shout"})


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, codes.NO_VALUE), ([], codes.TEXT_EXPECTED), ({}, codes.TEXT_EXPECTED)],
)
def test_only_texts_are_read(value, code):
    assert UPPER.read("a") == "A"
    with pytest.raises(PydanticCustomError) as raised:
        UPPER.read(value)
    assert raised.value.context["code"] is code


def test_a_complaint_carries_everything_and_braces_are_only_braces():
    error = complaint(codes.NO_VALUE, "a {message}", "a {suggestion}", at=("key",))
    assert error.type == PROBLEM
    assert error.context == {
        "code": codes.NO_VALUE,
        "message": "a {message}",
        "suggestion": "a {suggestion}",
        "at": ("key",),
    }


class Inner(BaseModel):
    x: str


class Outer(BaseModel):
    inner: Given[Inner] = Field(None)


def test_nothing_is_no_mapping():
    assert Outer.model_validate({}).inner is None
    with pytest.raises(ValidationError):
        Outer.model_validate({"inner": None})
