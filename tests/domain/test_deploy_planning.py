from dataclasses import replace
from datetime import timedelta

import pytest

from controller.domain.deploy import (
    DeployAction,
    Deployment,
    DeployState,
    Readability,
    Variable,
)
from controller.domain.deploy_planning import deploy_changes, disabling_changes, live_values, stored
from controller.domain.flag import DeployEnvHome
from controller.domain.guardrails import applicable
from tests.domain.guardrails.plans import company, planned
from tests.domain.strategies import NOW, desired, flag, ladder, ledger, world

HOME = DeployEnvHome("SEQ", "1", "0", ("production", "preview"))
OFF_FLAG = flag("pilot", deploy_env=HOME)
ON_FLAG = flag("100%", deploy_env=HOME, globally_on=True)
LIVE = Deployment("dpl", NOW)


def variable(target, value="0", **fields):
    return Variable(f"id-{target}", "SEQ", frozenset({target}), value, **fields)


def state(*variables, needs_redeploy=True, deployment=LIVE):
    return DeployState("vercel", variables, needs_redeploy, deployment)


def steps(wanted, found, **ledger_fields):
    changes = deploy_changes(desired(wanted), ledger(wanted, **ledger_fields), found)
    return [(c.target, c.action, c.after) for c in changes]


def test_without_a_deploy_environment_there_is_nothing_to_write():
    assert deploy_changes(desired(ON_FLAG), ledger(), None) == ()


def test_a_flag_without_a_global_home_writes_nothing():
    assert deploy_changes(desired(flag("10%")), ledger(), state()) == ()


def test_what_is_missing_is_created_for_each_target():
    assert steps(OFF_FLAG, state()) == [
        ("preview", DeployAction.CREATE, "0"),
        ("production", DeployAction.CREATE, "0"),
    ]


def test_what_is_wrong_is_updated_by_its_id():
    found = state(variable("production", "1"), variable("preview"))
    (change,) = deploy_changes(desired(OFF_FLAG), ledger(), found)
    assert (change.action, change.before, change.after) == (DeployAction.UPDATE, "1", "0")
    assert (change.variable_id, change.target) == ("id-production", "production")
    assert change.managed == ("preview", "production")
    assert not change.enables


def test_what_is_right_and_live_is_left_alone():
    assert not steps(OFF_FLAG, state(variable("production"), variable("preview")))


def test_one_stored_variable_may_serve_both_targets():
    both = Variable("id", "SEQ", frozenset({"production", "preview"}), "0")
    assert not steps(OFF_FLAG, state(both))
    changes = deploy_changes(desired(ON_FLAG), ledger(), state(both))
    assert [(c.target, c.variable_id, c.enables) for c in changes] == [
        ("preview", "id", True),
        ("production", "id", True),
    ]


class TestRedeploy:
    def found(self, written, **fields):
        written_at = NOW + timedelta(minutes=written)
        return state(
            variable("production", updated_at=written_at),
            variable("preview", updated_at=written_at),
            **fields,
        )

    def test_is_due_where_production_is_older_than_the_value_whoever_wrote_it(self):
        assert steps(OFF_FLAG, self.found(+1)) == [("production", DeployAction.REDEPLOY, "0")]

    def test_is_due_for_production_only_where_one_variable_serves_both(self):
        both = Variable(
            "id", "SEQ", frozenset(HOME.targets), "0", updated_at=NOW + timedelta(minutes=1)
        )
        assert steps(OFF_FLAG, state(both)) == [("production", DeployAction.REDEPLOY, "0")]

    def test_is_not_due_where_production_is_newer(self):
        assert not steps(OFF_FLAG, self.found(-1))

    @pytest.mark.parametrize("fields", [{"needs_redeploy": False}, {"deployment": None}])
    def test_is_not_due_where_there_is_nothing_to_deploy(self, fields):
        assert not steps(OFF_FLAG, self.found(+1, **fields))


def test_what_cannot_be_read_is_never_in_sync():
    secret = variable("production", None, readability=Readability.UNREADABLE)
    assert steps(OFF_FLAG, state(secret, variable("preview"))) == [
        ("production", DeployAction.UNREADABLE, "0")
    ]


def test_a_variable_limited_to_a_branch_is_not_ours():
    ours, theirs = variable("preview"), variable("preview", "1", branch="feature")
    assert stored(state(theirs, ours), "SEQ", "preview") is ours
    assert stored(state(theirs), "SEQ", "preview") is None
    assert steps(OFF_FLAG, state(variable("production"), theirs)) == [
        ("preview", DeployAction.CREATE, "0")
    ]


def test_other_variables_and_targets_are_not_ours():
    other = replace(variable("production", "1"), name="OTHER")
    development = variable("development", "1")
    found = state(other, development, variable("production"), variable("preview"))
    assert not steps(OFF_FLAG, found)


def test_a_halted_flag_has_the_disabled_value_whatever_its_file_says():
    on = state(variable("production", "1"), variable("preview", "1"))
    assert not steps(ON_FLAG, on)
    assert steps(ON_FLAG, on, halts=["seq"]) == [
        ("preview", DeployAction.UPDATE, "0"),
        ("production", DeployAction.UPDATE, "0"),
    ]


def test_the_steps_of_a_halt_are_those_of_a_halted_flag():
    on = state(variable("production", "1"))
    halted = deploy_changes(desired(ON_FLAG), ledger(ON_FLAG, halts=["seq"]), on)
    assert disabling_changes(ON_FLAG, None, on) == halted
    assert disabling_changes(ON_FLAG, ON_FLAG, on) == halted
    assert disabling_changes(flag("100%"), None, on) == ()


def test_what_production_should_run_with():
    preview_only = flag(key="p", deploy_env=replace(HOME, variable="P", targets=("preview",)))
    other = flag("100%", key="on", globally_on=True, deploy_env=replace(HOME, variable="ON"))
    flags = [OFF_FLAG, other, preview_only, flag(key="column only")]
    assert live_values(flags, ledger()) == {"SEQ": "0", "ON": "1"}
    assert live_values(flags, ledger(other, halts=["on"])) == {"SEQ": "0", "ON": "0"}


def test_a_refused_flag_may_still_turn_its_variable_off_but_not_on():
    on = state(variable("production", "1"), variable("preview", "0"))
    for wanted, let_through in ((ON_FLAG, []), (replace_phase(OFF_FLAG), ["production"])):
        plan = planned(
            world(desired(wanted), ledger(flag("pilot", ladder())), deploy=on), company({"a": None})
        )
        part = applicable(plan)
        assert part.withheld == {"seq"}
        assert [c.target for c in part.deploy_changes] == let_through


def replace_phase(wanted):
    """A flag whose advance is refused because it skips phases."""
    return replace(wanted, rollout=replace(wanted.rollout, phase="100%"))


def test_steps_are_sorted_whatever_the_order_of_flags():
    flags = [
        flag("pilot", key=key, column=key, deploy_env=replace(HOME, variable=key.upper()))
        for key in ("b", "a")
    ]
    changes = deploy_changes(desired(*flags), ledger(), state())
    assert [(c.flag, c.target) for c in changes] == [
        ("a", "preview"),
        ("a", "production"),
        ("b", "preview"),
        ("b", "production"),
    ]


RENAMED = replace(HOME, variable="NEW")
BOTH_ON = state(variable("production", "1"), variable("preview", "1"))


def left(wanted, found, applied=ON_FLAG, **ledger_fields):
    """The steps for the variable that the flag has left."""
    changes = deploy_changes(desired(wanted), ledger(applied, **ledger_fields), found)
    return [(c.target, c.action, c.after, c.enables) for c in changes if c.variable == "SEQ"]


class TestAVariableThatTheFlagHasLeft:
    OFF_NOW = flag("100%", deploy_env=RENAMED)

    def test_it_is_turned_off_with_the_flag(self):
        assert left(self.OFF_NOW, BOTH_ON) == [
            ("preview", DeployAction.UPDATE, "0", False),
            ("production", DeployAction.UPDATE, "0", False),
        ]

    def test_it_is_turned_off_where_the_flag_has_no_variable_any_more(self):
        assert len(left(flag("100%"), BOTH_ON)) == 2

    def test_a_target_that_the_flag_has_left_is_turned_off_too(self):
        production = replace(HOME, targets=("production",))
        assert left(flag("100%", deploy_env=production), BOTH_ON) == [
            ("preview", DeployAction.UPDATE, "0", False),
            ("production", DeployAction.UPDATE, "0", False),
        ]

    def test_it_is_left_alone_while_the_flag_stays_on_for_everyone(self):
        stays = flag("100%", deploy_env=RENAMED, globally_on=True)
        assert left(stays, BOTH_ON) == []
        assert len(left(stays, BOTH_ON, halts=["seq"])) == 2

    def test_it_is_not_created_where_it_is_gone(self):
        assert left(self.OFF_NOW, state()) == []

    def test_what_was_turned_on_by_hand_is_turned_off_and_what_is_off_is_left(self):
        by_hand = state(variable("production", "1"), variable("preview", "0"))
        assert [found[0] for found in left(self.OFF_NOW, by_hand, OFF_FLAG)] == ["production"]

    def test_a_redeploy_that_failed_is_due_again(self):
        late = variable("production", "0", updated_at=NOW + timedelta(hours=1))
        assert left(self.OFF_NOW, state(late)) == [
            ("production", DeployAction.REDEPLOY, "0", False)
        ]

    def test_a_variable_that_another_flag_has_taken_over_is_not_ours(self):
        heir = flag("100%", key="heir", column="heir", deploy_env=HOME, globally_on=True)
        changes = deploy_changes(desired(self.OFF_NOW, heir), ledger(ON_FLAG), BOTH_ON)
        assert {c.flag for c in changes if c.variable == "SEQ"} == set()

    def test_a_halt_turns_it_off_whatever_the_file_says(self):
        stays = flag("100%", deploy_env=RENAMED, globally_on=True)
        changes = disabling_changes(stays, ON_FLAG, BOTH_ON)
        assert {(c.variable, c.target, c.after) for c in changes} == {
            (name, target, "0") for name in ("SEQ", "NEW") for target in HOME.targets
        }
        alone = disabling_changes(None, ON_FLAG, BOTH_ON)
        assert {c.target for c in alone} == set(HOME.targets)


def test_a_stored_variable_that_serves_other_targets_says_so_before_it_is_written():
    shared = Variable("id", "SEQ", frozenset({"production", "preview", "development"}), "0")
    changes = deploy_changes(desired(ON_FLAG), ledger(), state(shared))
    assert {c.shared for c in changes} == {("development",)}
    (right,) = {c.shared for c in deploy_changes(desired(OFF_FLAG), ledger(), state())}
    assert right == ()
