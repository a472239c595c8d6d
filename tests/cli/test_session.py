"""Choosing an environment, and lifting guardrails by name."""

import pytest

from controller.cli.session import allowances, choose_environment, open_session
from controller.domain.environment import Guardrail
from controller.errors import UsageError


def test_the_only_environment_needs_no_name(desk):
    assert open_session(desk.root, None).environment.name == "test"


def test_of_several_one_must_be_named(desk):
    second = desk.read("rollout/environments/test.yaml").replace("name: test", "name: staging")
    desk.write("rollout/environments/staging.yaml", second)
    with pytest.raises(UsageError, match="several environments: staging, test"):
        open_session(desk.root, None)
    assert open_session(desk.root, "staging").environment.name == "staging"


def test_an_unknown_one_is_answered_with_those_there_are(desk):
    configuration = open_session(desk.root, None).configuration
    with pytest.raises(UsageError, match="no environment prod; rollout/environments/ has: test"):
        choose_environment(configuration, "prod")


def test_local_changes_have_no_revision(desk):
    assert open_session(desk.root, None).desired.revision == desk.git("rev-parse", "HEAD")
    desk.promote("pilot", "10%")
    desk.edit("rollout/new_checkout.yaml", "phase: 10%\n", "phase: 50%\n")
    assert open_session(desk.root, None).desired.revision is None


def test_guardrails_are_lifted_one_by_one_with_a_reason():
    lifted = allowances(["skips_phase", "soak_not_over"], "we talked about it", "ada")
    assert [a.guardrail for a in lifted] == [Guardrail.SKIPS_PHASE, Guardrail.SOAK_NOT_OVER]
    assert {(a.reason, a.approved_by, a.expires) for a in lifted} == {
        ("we talked about it", "ada", None)
    }
