"""What the app makes of a variable, and where nobody can tell."""

import pytest

from controller.domain.deploy import (
    DeployAction,
    Deployment,
    DeployState,
    Readability,
    Variable,
)
from controller.domain.deploy_planning import deploy_changes
from controller.domain.flag import DeployEnvHome
from controller.domain.global_value import global_values
from tests.domain.strategies import DAY, NOW, desired, flag, ledger

HOME = DeployEnvHome("SEQ", "1", "0", ("development", "preview", "production"))


def stored(value, *targets, readable=Readability.READABLE, written=NOW - DAY):
    wanted = frozenset(targets or HOME.targets)
    return Variable("id", "SEQ", wanted, value, readable, updated_at=written)


def values(*variables, globally_on=False, halted=False, deployed=NOW):
    wanted = flag("off", deploy_env=HOME, globally_on=globally_on)
    state = DeployState("vercel", variables, True, Deployment("d1", deployed))
    halts = ["seq"] if halted else []
    due = deploy_changes(desired(wanted), ledger(wanted, halts=halts), state)
    return global_values(wanted, state, due, halted=halted)


def test_production_comes_first():
    assert [v.target for v in values(stored("0"))] == ["production", "development", "preview"]


@pytest.mark.parametrize(
    ("variables", "is_on", "action"),
    [
        ((stored("1"),), True, None),
        ((stored("0"),), False, DeployAction.UPDATE),
        ((), False, DeployAction.CREATE),
        ((stored(None, readable=Readability.UNREADABLE),), None, DeployAction.UNREADABLE),
        ((stored("1", written=NOW + DAY),), None, DeployAction.REDEPLOY),
    ],
)
def test_on_only_where_the_app_certainly_sees_it(variables, is_on, action):
    production = values(*variables, globally_on=True)[0]
    assert (production.is_on, production.action) == (is_on, action)
    assert production.wanted == "1"


def test_a_halt_wants_the_disabled_value():
    production = values(stored("1"), globally_on=True, halted=True)[0]
    assert (production.wanted, production.is_on) == ("0", True)


def test_not_read_is_unknown_and_no_home_is_nothing():
    wanted = flag("off", deploy_env=HOME)
    assert {v.is_on for v in global_values(wanted, None, (), halted=False)} == {None}
    assert global_values(flag("off"), None, (), halted=False) == ()
