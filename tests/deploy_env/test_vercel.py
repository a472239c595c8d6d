"""Whatever Vercel does: the next undisturbed run ends in the right state, and no text tells."""

import base64
import contextlib
import itertools
import logging
import traceback
import urllib.parse

import pytest

from controller.deploy_env.vercel import VercelDeployEnv
from controller.deploy_env.vercel_options import VercelOptions
from controller.domain.deploy import DeployState
from controller.errors import DeployEnvUnreachable, PartlyApplied, Refused, RolloutError
from controller.http_calls.caller import Patience
from controller.testing import FakeVercel, Fault
from controller.testing.deploy_env_contract import NAME, change

TARGETS = ("development", "preview", "production")
HARMLESS = {Fault.SLOW}
BY_HOOK = (
    Fault.SERVER_ERROR,
    Fault.FORBIDDEN,
    Fault.RESET,
    Fault.REPLY_LOST,
    Fault.TRUNCATED,
    Fault.DEPLOYMENT_ERROR,
    Fault.DEPLOYMENT_CANCELED,
)


def _open(fake: FakeVercel, **options: str) -> VercelDeployEnv:
    parsed = VercelOptions.parse(fake.options(**options), fake.secrets)
    return VercelDeployEnv(parsed, Patience(clock=fake.clock, timeout=10, chance=lambda: 0.5))


def _value(state: DeployState, target: str) -> str | None:
    return next((v.value for v in state.variables if target in v.targets), None)


def _reconcile(fake: FakeVercel, value: str, **options: str) -> None:
    """What a reconcile does: read, write what differs, redeploy if need be, verify."""
    with contextlib.closing(_open(fake, verify_url=fake.app_url, **options)) as env:
        state = env.read({NAME: TARGETS})
        wrong = [target for target in TARGETS if _value(state, target) != value]
        for target in wrong:
            env.write(change(target, value, TARGETS))
        if "production" in wrong or not all(map(state.has_reached_app, state.variables)):
            env.wait_until_live(env.redeploy())
        env.verify({NAME: value})


def _world() -> FakeVercel:
    """One variable for two targets, none for the third, and somebody else's beside it."""
    fake = FakeVercel(build_seconds=2, alias_seconds=1, hold_seconds=0.005)
    fake.set_variable("SOMEBODY_ELSES", "keep me")
    fake.set_variable(NAME, "0", ("development", "production"))
    fake.deploy()
    return fake


def _shown(error: BaseException) -> str:
    """Everything that a person or a log may get to see of an error."""
    chain = "".join(traceback.format_exception(error))
    hint = error.hint if isinstance(error, RolloutError) else ""
    return f"{error!r} {error} {hint} {chain}"


def _check_tells_nothing(text: str, fake: FakeVercel) -> None:
    for secret in (fake.token, fake.hook_secret):
        raw = secret.encode()
        for form in (
            secret,
            secret[:8],
            raw.hex(),
            base64.b64encode(raw).decode().rstrip("="),
            urllib.parse.quote(secret, safe=""),
            secret[::-1],
        ):
            assert form not in text


def _survives(fault: Fault, path: str, **options: str) -> None:
    """Fail at the first request, then at the second, and so on until nothing fails any more."""
    for at in itertools.count(1):
        with _world() as fake:
            fake.fail(fault, at=at, path=path)
            try:
                _reconcile(fake, "1", **options)
            except RolloutError as error:
                assert fake.faults_happened
                _check_tells_nothing(_shown(error), fake)
            assert fake.stored_value(NAME) in {"0", "1"}
            undisturbed = not fake.faults_happened
            fake.heal()
            _reconcile(fake, "1", **options)
            assert [fake.stored_value(NAME, target) for target in TARGETS] == ["1", "1", "1"]
            assert fake.live_value(NAME) == "1"
            assert fake.stored_value("SOMEBODY_ELSES") == "keep me"
            assert len([stored for stored in fake.variables if stored.key == NAME]) == 2
            if undisturbed:
                _check_is_over(fake, **options)
                return


def _check_is_over(fake: FakeVercel, **options: str) -> None:
    count = len(fake.requests)
    _reconcile(fake, "1", **options)
    assert all(request.method == "GET" for request in fake.requests[count:])


@pytest.mark.parametrize("fault", Fault)
def test_any_request_may_fail(fault: Fault) -> None:
    _survives(fault, "/")


@pytest.mark.parametrize("fault", BY_HOOK)
def test_any_request_for_a_deployment_by_hook_may_fail(fault: Fault) -> None:
    _survives(fault, "/deploy", redeploy="hook", deploy_hook="VERCEL_DEPLOY_HOOK")


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in HARMLESS])
def test_a_failure_that_stays_is_an_error_in_bounded_time(fault: Fault) -> None:
    with _world() as fake:
        fake.fail(fault, times=None)
        began = fake.clock.time()
        with pytest.raises((DeployEnvUnreachable, PartlyApplied, Refused)) as caught:
            _reconcile(fake, "1")
        assert caught.value.hint
        assert fake.clock.time() - began < 1_200
        assert len(fake.requests) < 60
        _check_tells_nothing(_shown(caught.value), fake)


@pytest.mark.parametrize("fault", [Fault.REPLY_LOST, Fault.GATEWAY_TIMEOUT, Fault.TRUNCATED])
@pytest.mark.parametrize("mode", ["auto", "hook"])
def test_a_lost_reply_starts_no_second_deployment(fault: Fault, mode: str) -> None:
    with _world() as fake:
        fake.fail(fault, method="POST", path="deploy")
        _reconcile(fake, "1", redeploy=mode, deploy_hook="VERCEL_DEPLOY_HOOK")
        assert fake.faults_happened == (fault,)
        assert len(fake.deployments) == 2
        assert fake.live_value(NAME) == "1"


@pytest.mark.parametrize("fault", [Fault.REPLY_LOST, Fault.GATEWAY_TIMEOUT, Fault.WRONG_SHAPE])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_lost_reply_to_a_write_is_not_written_again(fault: Fault, method: str) -> None:
    with _world() as fake:
        fake.fail(fault, method=method, path="/env")
        _reconcile(fake, "1")
        assert fake.faults_happened == (fault,)
        writes = [r for r in fake.requests if r.method == method and "/env" in r.path]
        assert len(writes) == 1


def test_a_run_that_was_killed_after_its_redeploy_starts_no_second_one() -> None:
    with _world() as fake:
        with contextlib.closing(_open(fake)) as killed:
            killed.read({NAME: TARGETS})
            killed.write(change("production", "1", TARGETS))
            started = killed.redeploy()
        with contextlib.closing(_open(fake)) as env:
            env.read({NAME: TARGETS})
            assert env.redeploy().id == started.id
            env.wait_until_live(started)
            env.verify({NAME: "1"})
        assert len(fake.deployments) == 2


def test_a_deployment_by_somebody_else_after_the_write_is_as_good() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        env.write(change("production", "1", TARGETS))
        pushed = fake.deploy(live=False)
        assert env.redeploy().id == pushed


def test_one_stored_before_the_write_is_not() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        pushed = fake.deploy(live=False)
        env.write(change("production", "1", TARGETS))
        assert env.redeploy().id != pushed


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        assert env.read({}).variables == ()
        env.verify({})
        assert fake.requests == ()


def test_verify_tells_each_variable_that_is_wrong() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        fake.set_variable("HIDDEN", "1", type="sensitive")
        expected = {NAME: "1", "HIDDEN": "1", "MISSING": "1", "SOMEBODY_ELSES": "keep me"}
        with pytest.raises(PartlyApplied) as caught:
            env.verify(expected)
        message = caught.value.message
        assert "HIDDEN cannot be read back" in message
        assert "MISSING is not set" in message
        assert f"{NAME} holds another value than '1'" in message
        assert "SOMEBODY_ELSES" not in message


def test_verify_sees_that_a_redeploy_is_pending() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        env.write(change("production", "1", TARGETS))
        with pytest.raises(PartlyApplied, match="pending redeploy"):
            env.verify({NAME: "1"})


def test_verify_sees_that_the_redeployment_kept_the_old_variables() -> None:
    """One half of Vercel's documentation says so; only the app itself can tell."""
    with FakeVercel(keeps_variables=True) as fake:
        fake.set_variable(NAME, "0", TARGETS)
        fake.deploy()
        with pytest.raises(PartlyApplied, match="is '0' there, not '1'") as caught:
            _reconcile(fake, "1")
        assert "redeploy: hook" in caught.value.hint
        assert fake.live_value(NAME) == "0"


def test_after_an_instant_rollback_the_live_deployment_is_the_one_that_counts() -> None:
    with _world() as fake:
        first = fake.deployments[0].id
        _reconcile(fake, "1")
        fake.roll_back(first)
        with contextlib.closing(_open(fake)) as env:
            state = env.read({NAME: TARGETS})
            assert state.deployment
            assert state.deployment.id == first
            assert not all(map(state.has_reached_app, state.variables))
            started = env.redeploy()
            with pytest.raises(PartlyApplied, match="gives its production domains") as caught:
                env.wait_until_live(started)
            assert f"vercel promote {started.id}" in caught.value.hint


def test_the_log_of_the_http_client_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with _world() as fake:
        _reconcile(fake, "1", redeploy="hook", deploy_hook="VERCEL_DEPLOY_HOOK")
        assert caplog.records
        _check_tells_nothing(caplog.text, fake)


def test_no_part_of_the_adapter_shows_its_secrets() -> None:
    with _world() as fake, contextlib.closing(_open(fake)) as env:
        parsed = VercelOptions.parse(
            fake.options(redeploy="hook", deploy_hook="VERCEL_DEPLOY_HOOK"), fake.secrets
        )
        shown = f"{parsed} {parsed!r} {vars(env)} {env!r}"
        _check_tells_nothing(shown, fake)


def test_the_token_goes_to_vercel_only() -> None:
    with _world() as fake, FakeVercel() as app:
        fake.set_variable(NAME, "1", ("preview",))
        env = _open(fake, verify_url=app.app_url)
        with contextlib.closing(env), pytest.raises(PartlyApplied):
            env.verify({"SOMEBODY_ELSES": "keep me"})
        assert not any(request.authorized for request in app.requests)
        assert len(app.requests) == 5
