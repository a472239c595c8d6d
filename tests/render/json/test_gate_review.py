"""Reviews of a gate for machines."""

import json

from controller.render.json import text
from controller.render.json.gate_review import previews, recomputation, replays
from tests.render import gate_reviews as reviews


def test_what_gates_would_do():
    found = json.loads(text(previews(reviews.PREVIEWS)))
    pilot, ramp, small, odd = found["gates"]
    assert pilot["fewest_runs"] == 1
    assert ramp["qualities"][-1]["quality"] == 0.99
    assert ramp["qualities"][-1]["usual_days"] == [1.0, 1.0]
    assert set(ramp["by_criterion"]) == {"completed", "on_time"}
    assert [flaw["kind"] for flaw in small["flaws"]] == ["never_passes", "never_passes"]
    assert odd["qualities"] == []


def test_what_they_would_have_said():
    found = json.loads(text(replays(reviews.REPLAYS)))
    stricter, other, same, empty = (gate["judgements"] for gate in found["gates"])
    assert [(one["was"], one["would_be"]) for one in stricter[-2:]] == [
        ("proceed", "insufficient_data"),
        ("rollback", "rollback"),
    ]
    assert all(one["would_be"] is None and one["missing"] for one in other)
    assert not any(one["changed"] for one in same)
    assert empty == []


def test_a_recount():
    assert recomputation(*reviews.SAME)["differences"] == []
    reworded = recomputation(*reviews.REWORDED)
    assert reworded["same_decision"] is True
    assert [difference["path"] for difference in reworded["differences"]] == ["claim"]
    assert recomputation(*reviews.DIFFERENT)["same_decision"] is False
