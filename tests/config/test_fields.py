"""Identifiers of real companies fit, and what would need quoting anywhere does not."""

import pytest
from pydantic import TypeAdapter, ValidationError

from controller.config import fields


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (fields.MerchantId, "clx7k2m9q0001s8h4v3n5w6yz"),
        (fields.MerchantId, "vendorID_0001"),
        (fields.MerchantId, "550e8400-e29b-41d4-a716-446655440000"),
        (fields.MerchantId, "gid:shop:1.2"),
        (fields.PhaseName, "off"),
        (fields.PhaseName, "12.5%"),
        (fields.NewPhaseName, "pilot"),
        (fields.Column, "enableSequentialWorkflow"),
        (fields.Column, "_private"),
        (fields.Status, "In progress"),
        (fields.Slug, "prj_9aB"),
        (fields.SettingText, "a b"),
    ],
)
def test_what_fits(field, text):
    assert TypeAdapter(field).validate_python(text) == text


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        (fields.FlagKey, ["", "A", "1a", "a-b", "a" * 64, "ä", "a\n"]),
        (fields.MerchantId, ["", "a b", "a'b", 'a"b', "a;b", "a/b", "é", "a" * 192, "a\n"]),
        (fields.PhaseName, ["", "%10", "a b", "a" * 41]),
        (fields.NewPhaseName, ["off"]),
        (fields.Column, ["", "1a", "a-b", 'a"', "a.b", "a" * 64]),
        (fields.Variable, ["", "a", "1A", "A-B", "_A", "A" * 129]),
        (fields.Target, ["Production", ""]),
        (fields.SettingText, ["", " a", "a ", "a\nb", "é", "a" * 201]),
    ],
)
def test_what_does_not_fit(field, texts):
    for text in texts:
        with pytest.raises(ValidationError):
            TypeAdapter(field).validate_python(text)


def test_what_may_be_left_out_may_not_be_left_empty():
    with pytest.raises(ValidationError):
        TypeAdapter(fields.Given[fields.LastDay]).validate_python(None)
