"""Checks on the deploy environment: each sees its own trouble, and says what to do."""

from dataclasses import replace

import pytest

from controller.doctor import examine
from controller.domain.deploy import DeployState, Readability
from controller.errors import Refused
from tests.doctor.healthy import DEPLOY, FAIL, OK, WARN, assert_finding, facts
from tests.domain.strategies import NOW, desired, environment

CASES = [
    ("deploy_env_reachable", facts(desired=desired(env=environment())), OK, "no deploy"),
    ("deploy_env_reachable", facts(deploy=Refused("no token", "export it")), FAIL, "no token"),
    (
        "variables_set",
        facts(deploy=replace(DEPLOY, variables=())),
        WARN,
        "SEQ (production)",
    ),
    (
        "variables_set",
        facts(deploy=replace(DEPLOY, variables=(replace(DEPLOY.variables[0], value="1"),))),
        FAIL,
        "on for everyone",
    ),
    (
        "variables_readable",
        facts(
            deploy=replace(
                DEPLOY,
                variables=(
                    replace(DEPLOY.variables[0], value=None, readability=Readability.UNREADABLE),
                ),
            )
        ),
        FAIL,
        "cannot be read back",
    ),
    ("variables_readable", facts(deploy=None), OK, "no flag has a variable"),
    ("deployment_live", facts(deploy=replace(DEPLOY, deployment=None)), FAIL, "nothing has"),
    (
        "deployment_live",
        facts(deploy=replace(DEPLOY, variables=(replace(DEPLOY.variables[0], updated_at=NOW),))),
        WARN,
        "not live yet",
    ),
    (
        "deployment_live",
        facts(deploy=DeployState("dotenv", (), needs_redeploy=False, deployment=None)),
        OK,
        "dotenv",
    ),
]


@pytest.mark.parametrize(("check", "given", "health", "said"), CASES)
def test_a_check_sees_its_own_trouble_and_says_what_to_do(check, given, health, said):
    assert_finding(check, given, health, said)


def test_a_value_that_cannot_be_read_back_has_the_fix_of_its_adapter():
    hidden = replace(
        DEPLOY.variables[0], value=None, readability=Readability.UNREADABLE, hint="mend line 3"
    )
    found = examine(facts(deploy=replace(DEPLOY, variables=(hidden,))))
    assert found["deploy environment"]["variables_readable"].fix == "mend line 3"
