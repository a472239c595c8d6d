"""Whatever stands in a rule file, judging by it ends in violations or in a broken rule."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config import meaning_codes as codes
from controller.config.rule_file import Rule
from controller.config.schema_rules import violations
from controller.config.yaml_reader import read_yaml
from tests.config.repository import FLAG

DOCUMENT = read_yaml("flags/checkout.yaml", FLAG.encode())[0]


def judge(schema):
    rule = Rule("rollout/rules/r.json", frozenset({"flags"}), schema)
    return list(violations(rule, [DOCUMENT]))


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"required": ["x"]}, "1:1"),
        ({"properties": {"overrides": {"maxItems": 1}}}, "9:3"),
        ({"properties": {"overrides": {"items": {"required": ["expires"]}}}}, "10:5"),
        ({"properties": {"deploy_env": {"properties": {"enabled": {"const": "x"}}}}}, "6:43"),
        (False, "1:1"),
    ],
)
def test_violations_point_at_the_value(schema, place):
    [problem] = judge(schema if isinstance(schema, dict) else {"not": {}})
    assert problem.code is codes.RULE_VIOLATED
    assert str(problem.place) == f"flags/checkout.yaml:{place}"


KEYWORDS = st.sampled_from(
    [
        *(
            "type",
            "const",
            "enum",
            "multipleOf",
            "maximum",
            "pattern",
            "minLength",
            "items",
            "allOf",
        ),
        *("properties", "patternProperties", "required", "$ref", "$anchor", "$id", "if", "then"),
        *(
            "not",
            "oneOf",
            "dependentSchemas",
            "unevaluatedProperties",
            "contains",
            "format",
            "$defs",
        ),
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.sampled_from(["#", "#/x", "(", "string", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYWORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYWORDS, JSON, max_size=4))
def test_no_schema_makes_it_raise(schema):
    for problem in judge(json.loads(json.dumps(schema))):
        assert problem.code in {codes.BROKEN_RULE, codes.RULE_VIOLATED}
        assert all(line.isprintable() for line in str(problem).split("\n"))
