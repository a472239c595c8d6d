"""Rule files that look usable are read; all others say why not, and where."""

import pytest

from controller.config.rule_file import BrokenRule, read_rule


def test_a_rule_knows_its_kinds():
    rule = read_rule("r.json", '{"x-applies-to": ["flags", "waivers"], "type": "object"}')
    assert rule.kinds == {"flags", "waivers"}
    assert rule.schema["type"] == "object"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"x-applies-to": []}',
        '{"x-applies-to": [1]}',
        '{"x-applies-to": "rules"}',
        '{"x-applies-to": "flags", "$schema": 3}',
        '{"x-applies-to": "flags", "a": 1, "a": 2}',
        '{"x-applies-to": "flags", "a": {"b": 1, "b": 2}}',
        '{"x-applies-to": "flags", "allOf": [{"$ref": "file:///etc/passwd"}]}',
        '{"x-applies-to": "flags", "$dynamicRef": "other.json"}',
        '{"x-applies-to": "flags", "$ref": 7}',
        '{"x-applies-to": "flags", "minimum": -Infinity}',
        '{"x-applies-to": "flags", "minimum": ' + "9" * 5_000 + "}",
        "[" * 100_000,
    ],
)
def test_what_cannot_be_used(text):
    with pytest.raises(BrokenRule) as raised:
        read_rule("r.json", text)
    assert str(raised.value).isprintable()


def test_the_place_of_a_syntax_error():
    with pytest.raises(BrokenRule) as raised:
        read_rule("r.json", '{\n  "a": tru\n}')
    assert (raised.value.line, raised.value.column) == (2, 8)
