"""The fake is true: Vercel's own client is content with it. And it does what a test needs of it."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from controller.testing import FakeVercel, Fault
from controller.testing.fake_vercel import FakeVercel as FromItsModule
from tests.node_packages import installed

SDK = "@vercel/sdk"
VERSION = "1.28.35"


class MachineClock:
    def time(self) -> float:
        return time.time()


def _client() -> Path:
    """Vercel's own client."""
    return installed(f"vercel-sdk-{VERSION}", f"{SDK}@{VERSION}") / SDK


def test_vercels_own_client_is_content_with_it() -> None:
    """One test, so that the client is installed and loaded once."""
    with FakeVercel(clock=MachineClock(), build_seconds=0.1, alias_seconds=0.05) as vercel:
        for number in range(25):
            vercel.set_variable(f"PLAIN_{number}", "x", ("production", "preview"), type="plain")
        vercel.set_variable("SYSTEM", "", type="system")
        vercel.set_variable("OF_A_BRANCH", "x", ("preview",), branch="feature")
        sensitive = vercel.set_variable("SENSITIVE", "hush", type="sensitive")
        vercel.deploy()
        vercel.fail(Fault.CREATE_FAILED, at=4)
        given = {
            "url": vercel.url,
            "token": vercel.token,
            "teamId": vercel.team_id,
            "project": "shop",
            "sensitive": sensitive,
        }
        script = Path(__file__).with_name("vercel_sdk.mjs")
        done = subprocess.run(
            ["node", str(script), str(_client()), json.dumps(given)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    _check_list(seen)
    _check_writes(seen)
    _check_refusals(seen)
    _check_deployments(seen)


def _check_list(seen: dict[str, Any]) -> None:
    assert len(seen["listed"]["envs"]) == 20
    assert seen["listed"]["pagination"]["count"] == 20
    assert isinstance(seen["listed"]["pagination"]["next"], int)
    kinds = {entry["type"] for entry in seen["listed"]["envs"]}
    assert kinds == {"plain", "system", "sensitive", "encrypted"}
    assert "hush" not in json.dumps(seen["listed"])


def _check_writes(seen: dict[str, Any]) -> None:
    assert seen["created"]["created"]["value"] == "1"
    assert seen["created"]["failed"] == []
    assert seen["again"]["created"]["id"] == seen["created"]["created"]["id"]
    assert seen["read"]["value"] == "2"
    assert seen["edited"]["value"] == "3"
    assert seen["removed"]["key"] == "MADE"
    assert "value" not in seen["sensitive"]
    assert seen["sensitive"]["decrypted"] is False


def _check_refusals(seen: dict[str, Any]) -> None:
    assert seen["conflict"] == {"status": 400, "code": "ENV_CONFLICT"}
    assert seen["gone"] == {"status": 404, "code": "NOT_FOUND"}
    assert seen["stranger"] == {"status": 403, "code": "forbidden"}
    (failed,) = seen["failed"]["failed"]
    assert failed["error"]["code"] == "ENV_ALREADY_EXISTS"


def _check_deployments(seen: dict[str, Any]) -> None:
    (live,) = seen["deployments"]["deployments"]
    assert live["readyState"] == "READY"
    assert seen["project"]["targets"]["production"]["id"] == live["uid"]
    assert seen["redeployed"]["id"] != live["uid"]
    assert seen["redeployed"]["name"] == "shop"  # only the full view has it, not the public one
    assert seen["states"][-1] == "READY true"
    assert seen["states"][0].endswith("false")


def _get(vercel: FakeVercel, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {vercel.token}"}
    query = {"teamId": vercel.team_id}
    with httpx.Client(trust_env=False, headers=headers) as client:
        return client.get(f"{vercel.url}{path}", params=query)


def test_the_app_tells_what_it_runs_with() -> None:
    with FakeVercel() as vercel:
        identifier = vercel.set_variable("A", "0")
        assert vercel.live_value("A") is None
        vercel.deploy()
        vercel.edit_variable(identifier, value="1")
        assert (vercel.stored_value("A"), vercel.live_value("A")) == ("1", "0")
        with httpx.Client(trust_env=False) as client:
            assert client.get(vercel.app_url).json() == {"A": "0"}


def test_the_hook_needs_its_secret_and_nothing_else() -> None:
    with FakeVercel() as vercel, httpx.Client(trust_env=False) as client:
        assert client.post(f"{vercel.hook_url}x").status_code == 404
        assert client.get(vercel.hook_url).status_code == 404
        assert vercel.deployments == ()
        assert client.post(vercel.hook_url).json()["job"]["state"] == "PENDING"
        assert [deployment.source for deployment in vercel.deployments] == ["git-deploy-hook"]


def test_hidden_variables_are_only_counted() -> None:
    with FakeVercel() as vercel:
        vercel.set_variable("A", "0")
        vercel.hide_production(1)
        body = _get(vercel, "/v10/projects/shop/env").json()
        assert body == {"envs": [], "hiddenProductionEnvCount": 1}


def test_a_deployment_may_be_made_to_fail() -> None:
    with FakeVercel() as vercel, httpx.Client(trust_env=False) as client:
        vercel.fail(Fault.DEPLOYMENT_CANCELED)
        client.post(vercel.hook_url)
        vercel.clock.advance(60)
        (deployment,) = vercel.deployments
        body = _get(vercel, f"/v13/deployments/{deployment.id}").json()
        assert (body["readyState"], body["aliasAssigned"]) == ("CANCELED", False)


def test_removing_and_healing() -> None:
    with FakeVercel() as vercel:
        identifier = vercel.set_variable("A", "0")
        vercel.fail(Fault.SERVER_ERROR, times=None)
        assert _get(vercel, "/v10/projects/shop/env").status_code == 500
        vercel.heal()
        vercel.remove_variable(identifier)
        assert _get(vercel, "/v10/projects/shop/env").json()["envs"] == []
        assert vercel.faults_happened == (Fault.SERVER_ERROR,)


def test_it_is_gone_after_its_block() -> None:
    with FakeVercel() as vercel:
        url = vercel.url
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(url)


def test_its_name_is_public() -> None:
    assert FakeVercel is FromItsModule
