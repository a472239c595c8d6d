from datetime import UTC, datetime, timedelta

import pytest

from controller.domain.deploy import Deployment
from controller.errors import DeployEnvUnreachable, PartlyApplied, Refused
from controller.testing import FakeVercel, Fault
from controller.testing.deploy_env_contract import NAME, change

HOOK = {"redeploy": "hook", "deploy_hook": "VERCEL_DEPLOY_HOOK"}
TARGETS = ("production",)


@pytest.fixture
def written(vercel: FakeVercel, open_vercel):
    """A project with a live deployment and a variable that was written after it."""

    def write(**options: str):
        vercel.deploy()
        env = open_vercel(**options)
        env.write(change("production", "1", TARGETS))
        return env

    return write


def test_it_waits_until_it_is_ready_and_aliased(vercel: FakeVercel, written) -> None:
    env = written()
    began = vercel.clock.time()
    env.wait_until_live(env.redeploy())
    assert 35 <= vercel.clock.time() - began < 45
    assert vercel.live_value(NAME) == "1"


def test_it_redeploys_what_is_live(vercel: FakeVercel, written) -> None:
    env = written()
    env.redeploy()
    (started,) = [request for request in vercel.requests if request.path == "/v13/deployments"]
    assert started.body["deploymentId"] == vercel.deployments[0].id


def test_a_hook_deploys_the_newest_commit(vercel: FakeVercel, written) -> None:
    env = written(**HOOK)
    env.wait_until_live(env.redeploy())
    assert vercel.deployments[-1].source == "git-deploy-hook"
    assert vercel.live_value(NAME) == "1"
    (called,) = [request for request in vercel.requests if "integrations" in request.path]
    assert not called.authorized


def test_a_hook_that_is_not_known_is_refused(vercel: FakeVercel, open_vercel) -> None:
    vercel.deploy()
    address = f"{vercel.url}/v1/integrations/deploy/prj_shop/wrong-hkSecret"
    secrets = {**vercel.secrets, "VERCEL_DEPLOY_HOOK": address}
    env = open_vercel(secrets=secrets, **HOOK)
    with pytest.raises(Refused, match="refused the deploy hook") as caught:
        env.redeploy()
    assert "hkSecret" not in f"{caught.value} {caught.value.hint}"


def test_where_others_deploy_it_only_says_so(vercel: FakeVercel, written) -> None:
    with pytest.raises(PartlyApplied, match="redeploy: never"):
        written(redeploy="never").redeploy()
    assert len(vercel.deployments) == 1


@pytest.mark.parametrize("options", [{}, HOOK])
def test_there_must_be_something_to_redeploy(
    vercel: FakeVercel, open_vercel, options: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="no production deployment to redeploy"):
        open_vercel(**options).redeploy()


@pytest.mark.parametrize(
    ("fault", "what", "remedy"),
    [
        (Fault.DEPLOYMENT_ERROR, "its build failed; Vercel says: BUILD_FAILED", "vercel inspect"),
        (Fault.DEPLOYMENT_CANCELED, "it was cancelled", "Ignored Build Step"),
        (Fault.DEPLOYMENT_BLOCKED, "Vercel blocked it", "dashboard"),
    ],
)
@pytest.mark.parametrize("options", [{}, HOOK])
def test_a_deployment_that_fails_says_what_to_do(
    vercel: FakeVercel, written, fault: Fault, what: str, remedy: str, options: dict[str, str]
) -> None:
    env = written(**options)
    vercel.fail(fault)
    started = env.redeploy()
    with pytest.raises(PartlyApplied, match=what) as caught:
        env.wait_until_live(started)
    assert remedy in caught.value.hint
    assert "rolloutctl reconcile" in caught.value.hint
    env.wait_until_live(env.redeploy())
    assert vercel.live_value(NAME) == "1"


def test_a_deployment_that_takes_too_long_is_told(vercel: FakeVercel, written) -> None:
    env = written(redeploy_timeout="25s")
    began = vercel.clock.time()
    with pytest.raises(PartlyApplied, match=r"after 25s .* is still BUILDING"):
        env.wait_until_live(env.redeploy())
    assert vercel.clock.time() - began == 25
    started = env.redeploy()
    env.wait_until_live(started, timedelta(minutes=5))
    assert len(vercel.deployments) == 2


def test_one_that_is_ready_but_has_no_alias_is_not_live(vercel: FakeVercel, written) -> None:
    env = written()
    with pytest.raises(PartlyApplied, match="ready, but not yet what people use"):
        env.wait_until_live(env.redeploy(), timedelta(seconds=34))


def test_a_deployment_that_nobody_knows_is_an_error(vercel: FakeVercel, open_vercel) -> None:
    with pytest.raises(DeployEnvUnreachable, match="404"):
        open_vercel().wait_until_live(Deployment("dpl_1", datetime.now(UTC)))


def test_a_redeployment_that_may_not_be_is_refused(vercel: FakeVercel, written) -> None:
    env = written()
    vercel.fail(Fault.FORBIDDEN, method="POST")
    with pytest.raises(Refused, match="refused to redeploy"):
        env.redeploy()


def test_one_that_never_arrives_is_tried_a_few_times(vercel: FakeVercel, written) -> None:
    env = written()
    vercel.fail(Fault.RESET, method="POST", times=None)
    with pytest.raises(DeployEnvUnreachable, match="was lost"):
        env.redeploy()
    assert len([r for r in vercel.requests if r.path == "/v13/deployments"]) == 3
    assert len(vercel.deployments) == 1


def test_a_hook_without_effect_is_told(vercel: FakeVercel, written) -> None:
    """As where its branch is not the production branch."""
    env = written(**HOOK)
    vercel.ignore_hooks = True
    with pytest.raises(DeployEnvUnreachable, match="no production deployment has appeared"):
        env.redeploy()
    assert len([r for r in vercel.requests if "integrations" in r.path]) == 1
