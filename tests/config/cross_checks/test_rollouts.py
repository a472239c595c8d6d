"""Rollouts beside flags, gates and environments: both places, and no false alarm."""

from tests.config.repository import codes, look

LADDER = "rollout/checkout.yaml"


def test_one_phase_for_all_environments_is_fine():
    assert codes({LADDER: ("{demo: 10%, production: off}", "pilot")}) == []


def test_every_environment_that_is_too_early_is_named():
    changes = {
        "flags/checkout.yaml": ("global: false", "global: true"),
        LADDER: ("{demo: 10%, production: off}", "{demo: 100%, production: 10%}"),
    }
    problems = [p for p in look(changes).problems if p.code.id == "RC409"]
    assert [problem.message for problem in problems] == [
        "on for everyone, but environment `production` is in phase `10%`, not in `100%`"
    ]
    assert [str(p.related[0].place) for p in problems] == ["rollout/checkout.yaml:2:33"]


def test_the_last_phase_needs_no_gate():
    assert codes({}) == []
    assert (
        codes({LADDER: ("{name: 100%, percent: 100}", "{name: 100%, percent: 100, gate: ramp}")})
        == []
    )


def test_a_merchant_may_be_excluded_and_named():
    assert codes({LADDER: ("exclude: [clx009]", "exclude: [clx007]")}) == []


def test_a_named_merchant_may_have_an_override_that_turns_it_on():
    assert codes({LADDER: ("[clx007, clx008]", "[clx001, clx008]")}) == []
