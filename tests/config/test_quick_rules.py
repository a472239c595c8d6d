"""The quick answer to a rule is never "kept" where jsonschema would say otherwise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from controller.config.document import Quoted, as_json
from controller.config.quick_rules import surely_keeps, understands

TEXTS = st.sampled_from(["", "a", "ab", "@x/y", "1", "-2", "0.5", "1.0", "true", "010"])
VALUES = st.recursive(
    st.none() | TEXTS | TEXTS.map(Quoted),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "owner"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.lists(st.sampled_from(["a", "b", "owner"]), max_size=3)
KEYWORDS = {
    "type": st.sampled_from(["object", "array", "string", "boolean", "number", "integer", "null"]),
    "required": NAMES,
    "pattern": st.sampled_from(["^@", "a$", "", "(", "^[a-z]+$"]),
    "enum": NAMES | st.just([1]),
    "minLength": st.integers(-1, 3),
    "maxLength": st.integers(0, 3),
    "description": st.text(max_size=3),
    "maximum": st.integers(0, 3),
}
SCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional=KEYWORDS) | st.booleans(),
    lambda inner: st.fixed_dictionaries(
        {},
        optional=KEYWORDS
        | {
            "items": inner,
            "properties": st.dictionaries(st.sampled_from(["a", "b", "owner"]), inner, max_size=2),
        },
    ),
    max_leaves=5,
)


@given(SCHEMAS, VALUES)
def test_sure_means_that_jsonschema_agrees(schema, value):
    if understands(schema):
        Draft202012Validator.check_schema(schema)
        if surely_keeps(schema, value):
            assert Draft202012Validator(schema).is_valid(as_json(value))


@given(SCHEMAS, VALUES)
def test_what_is_kept_is_mostly_found_at_once(schema, value):
    if understands(schema) and "enum" not in json.dumps(schema):
        assert surely_keeps(schema, value) is Draft202012Validator(schema).is_valid(
            as_json(value)
        ) or (
            "integer" in json.dumps(schema)  # jsonschema takes 1.0 for an integer; we are not sure
        )


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"type": ["string", "null"]},
        {"pattern": "("},
        {"properties": {"a": {"maximum": 1}}},
        {"description": 1},
        {"required": ["a", "a"]},
        True,
        [],
    ],
)
def test_anything_else_is_left_to_jsonschema(schema):
    assert not understands(schema)
