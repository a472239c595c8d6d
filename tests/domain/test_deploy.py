from datetime import timedelta

import pytest

from controller.domain.deploy import Deployment, DeployState, Variable
from tests.domain.strategies import NOW

MINUTE = timedelta(minutes=1)


def has_reached_app(
    *,
    written=NOW,
    deployed=NOW + MINUTE,
    targets=("production",),
    needs_redeploy=True,
):
    variable = Variable("id", "SEQ", frozenset(targets), "1", updated_at=written)
    deployment = Deployment("dpl", deployed) if deployed else None
    return DeployState("any", (variable,), needs_redeploy, deployment).has_reached_app(variable)


def test_a_deployment_carries_what_was_written_before_it():
    assert has_reached_app(deployed=NOW + MINUTE)
    assert not has_reached_app(deployed=NOW - MINUTE)


def test_one_of_the_same_instant_may_have_missed_it():
    assert not has_reached_app(deployed=NOW)


@pytest.mark.parametrize(
    "fields",
    [{"deployed": None}, {"written": None}, {"targets": ["preview"]}, {"needs_redeploy": False}],
    ids=["never deployed", "of unknown age", "another target", "no deployments"],
)
def test_where_there_is_nothing_to_wait_for(fields):
    assert has_reached_app(**{"deployed": NOW - MINUTE, **fields})
