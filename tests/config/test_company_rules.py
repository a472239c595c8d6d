"""Company rules: applied to what they name, broken ones noticed, slow ones stopped."""

import json
import threading
from pathlib import Path

import pytest

from controller.config import company_rules
from controller.config import meaning_codes as codes
from controller.config.layout import Kind
from controller.config.yaml_reader import read_yaml
from tests.config.repository import look


def apply(rule, documents=(), seconds=company_rules.SECONDS):
    read = [
        (kind, read_yaml(f"{kind}/{i}.yaml", text.encode())[0]) for i, (kind, text) in documents
    ]
    text = rule if isinstance(rule, str) else json.dumps(rule)
    return company_rules.apply({"rollout/rules/r.json": text.encode()}, read, seconds)


FLAG = (0, (Kind.FLAG, "key: a\nowner: ann\ncount: 10\nshare: 10%\non: true\nday: 2026-01-31\n"))
WAIVER = (1, (Kind.WAIVER, "owner: ann\n"))


@pytest.mark.parametrize("kinds", ["flags", ["flags"], ["waivers", "flags"]])
def test_a_rule_sees_the_kinds_it_names(kinds):
    rule = {"x-applies-to": kinds, "required": ["nothing"]}
    files = [problem.place.file for problem in apply(rule, [FLAG, WAIVER])]
    assert files == ["flags/0.yaml", *(["waivers/1.yaml"] if "waivers" in kinds else [])]


def test_values_have_the_types_of_yaml_1_2():
    types = {
        "key": "string",
        "count": "integer",
        "share": "string",
        "on": "boolean",
        "day": "string",
    }
    rule = {"x-applies-to": "flags", "properties": {k: {"type": t} for k, t in types.items()}}
    assert apply(rule, [FLAG]) == []


@pytest.mark.parametrize("wrapped", [False, True], ids=["simple", "not simple"])
def test_a_violation_has_its_place_its_words_and_the_rule(wrapped):
    rule = {"properties": {"owner": {"pattern": "^@", "description": "A team owns a flag."}}}
    rule = {"allOf": [rule]} if wrapped else rule
    [problem] = apply({"x-applies-to": "flags", **rule}, [FLAG])
    assert problem.code is codes.RULE_VIOLATED
    assert str(problem.place) == "flags/0.yaml:2:8"
    assert problem.message == "rule `r`: 'ann' does not match '^@'"
    assert problem.suggestion == "A team owns a flag."
    assert [other.place.file for other in problem.related] == ["rollout/rules/r.json"]


def test_a_slow_pattern_is_stopped():
    rule = {"x-applies-to": "flags", "properties": {"key": {"pattern": "^(a+)+$"}}}
    document = (0, (Kind.FLAG, f"key: {'a' * 60}b\n"))
    [problem] = apply(rule, [document], seconds=0.2)
    assert problem.code is codes.RULES_TOO_SLOW
    assert problem.place.file == "rollout/rules/r.json"


def test_a_schema_that_explodes_is_stopped():
    levels = {f"l{i}": {"allOf": [{"$ref": f"#/$defs/l{i + 1}"}] * 10} for i in range(12)}
    rule = {"x-applies-to": "flags", "$ref": "#/$defs/l0", "$defs": levels | {"l12": {}}}
    [problem] = apply(rule, [FLAG], seconds=0.2)
    assert problem.code is codes.RULES_TOO_SLOW


def test_nothing_is_limited_in_another_thread_but_rules_apply():
    found = []
    rule = {"x-applies-to": "flags", "required": ["nothing"]}
    thread = threading.Thread(target=lambda: found.extend(apply(rule, [FLAG])))
    thread.start()
    thread.join()
    assert [problem.code for problem in found] == [codes.RULE_VIOLATED]


def test_a_rule_applies_to_files_with_problems_of_their_own_too():
    changes = {"flags/banner.yaml": ('"@acme/web"', "ann\nglobel: false")}
    found = [problem.code.id for problem in look(changes).problems]
    assert sorted(found) == ["RC202", "RC802"]


def test_the_number_of_violations_is_bounded():
    rule = {"x-applies-to": "flags", "additionalProperties": False, "maxProperties": 0}
    many = (0, (Kind.FLAG, "".join(f"k{i}: 1\n" for i in range(1000))))
    rule["patternProperties"] = {"^k": {"type": "string"}}
    assert len(apply(rule, [many])) <= 50


def test_texts_from_rules_and_files_are_harmless_to_print():
    rule = {
        "x-applies-to": "flags",
        "properties": {"key": {"const": "\x1b[2J", "description": "\n"}},
    }
    [problem] = apply(rule, [FLAG])
    assert all(line.isprintable() for line in str(problem).split("\n"))


def test_the_shipped_rule_holds_and_bites():
    path = Path(__file__).parents[2] / "rollout/rules/owner-is-a-team.json"
    text = path.read_text(encoding="utf-8")
    assert apply(text, [(0, (Kind.FLAG, 'owner: "@acme/web"\n'))]) == []
    assert [p.code for p in apply(text, [FLAG])] == [codes.RULE_VIOLATED]
