"""pydantic's findings in our words, each at its place."""

import pytest

from controller.config.kinds import KINDS
from controller.config.layout import Kind
from controller.config.yaml_reader import read_yaml
from tests.config.repository import VALID


def problems(kind, text):
    document, unread = read_yaml("f.yaml", text.encode())
    assert unread == []
    return KINDS[kind].fit(document)[1]


def found(kind, text):
    return sorted(f"{p.place.line}:{p.place.column} {p.code.id}" for p in problems(kind, text))


def test_an_empty_mapping_lacks_every_key():
    assert found(Kind.WAIVER, "{}") == ["1:1 RC201"] * 6


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("phases:\n", "phases: {}\nx:\n", "5:9 RC204"),
        ("{name: pilot,", "{nme: pilot,", "6:5 RC201"),
        ("require: [shopify_synced, margin_kept]", "require: [[]]", "12:15 RC205"),
        ("phase: {demo: 10%, production: off}", "phase: {Demo: off}", "2:9 RC207"),
        ("phase: {demo: 10%, production: off}", "phase: []", "2:8 RC205"),
        ("    method: deterministic\n", "    methd: deterministic\n", "11:5 RC208"),
    ],
)
def test_places_through_lists_mappings_and_unions(old, new, place):
    text = VALID["rollout/checkout.yaml"]
    assert old in text
    assert place in found(Kind.ROLLOUT, text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("project: shop", "projct: shop", "did you mean `project`?"),
        ("freezes:", "workflow_dta:\n  x: 1\nfreezes:", "did you mean `workflow_data`?"),
        ("approved_by: ann", "aproved_by: ann", "did you mean `approved_by`?"),
        ("  completed: [completed]", "  columns: {run.merchnt: x}", "did you mean `run.merchant`?"),
    ],
)
def test_suggestions_come_from_the_mapping_that_is_meant(old, new, suggestion):
    text = VALID["rollout/environments/production.yaml"]
    assert old in text
    changed = problems(Kind.ENVIRONMENT, text.replace(old, new, 1))
    assert suggestion in [problem.suggestion for problem in changed]


def test_a_missing_key_is_explained():
    text = VALID["rollout/waivers/shop-down.yaml"].replace("approved_by: ann\n", "")
    [problem] = problems(Kind.WAIVER, text)
    assert problem.suggestion == ("add `approved_by: …`. The person or team that answers for it.")


def test_wrong_items_do_not_make_a_list_empty():
    text = VALID["rollout/checkout.yaml"].replace("[clx007, clx008]", "[a b]")
    assert [problem.code.id for problem in problems(Kind.ROLLOUT, text)] == ["RC207"]
