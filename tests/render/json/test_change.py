"""What a pull request means, for machines: every kind of change has its name."""

import json
from typing import get_args

from controller.domain.change import AudienceMoved, Change
from controller.domain.changes import changes
from controller.domain.objections import objections
from controller.render.json import text
from controller.render.json.change import _KINDS, change, meaning
from controller.source_control.meaning import EnvironmentMeaning, Meaning
from tests.domain.changing import between
from tests.domain.strategies import NOW, desired, environment, flag, ladder, override


def document(before, after):
    found = changes(before, after, NOW)
    one = EnvironmentMeaning("demo", before, after, found, objections(found, (), NOW))
    return json.loads(text({"environments": meaning(Meaning((one,)))}))["environments"][0]


def test_every_kind_has_a_name():
    assert set(_KINDS) == {kind.__name__ for kind in get_args(Change)}


def test_a_movement_has_its_gate_and_its_merchants():
    (moved,) = between(flag("off", ladder("m01")), flag("pilot", ladder("m01")))
    assert isinstance(moved, AudienceMoved)
    assert change(moved) == {
        "kind": "audience_moved",
        "flag": "seq",
        "message": "advance: off -> pilot (1 merchant more by name)",
        "move": "advance",
        "from_phase": "off",
        "to_phase": "pilot",
        "gate": None,
        "skipped": 0,
        "gained": ["m01"],
        "lost": [],
    }


def test_a_whole_environment():
    found = document(
        desired(flag("pilot", ladder("m01"))),
        desired(
            flag("50%", ladder("m01"), overrides=[override("m02", value=True)]),
            env=environment(max_count=5),
        ),
    )
    assert [one["kind"] for one in found["changes"]] == [
        "policy_touched",
        "audience_moved",
        "override_changed",
    ]
    assert found["changes"][0]["differences"] == [
        {"path": "max_changed_count", "before": None, "after": "5"}
    ]
    assert found["changes"][2]["after"] == {"value": True, "reason": "a reason", "expires": None}
    assert [one["rule"] for one in found["objections"]] == ["split_in_two", "skips_phase"]
    assert all(one["lifted_by"] is None and one["next"] for one in found["objections"])
