"""Deploy environments: strict for the built-in adapters, handed on as the adapters read them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from controller.config.deploy_env_keys import DeployEnvironmentKeys, to_deploy_env

KEYS = TypeAdapter(DeployEnvironmentKeys)


def options(adapter, **given):
    keys = KEYS.validate_python({"adapter": adapter, "options": given})
    return dict(to_deploy_env(keys).options)


def test_the_shortest_vercel():
    assert options("vercel", project="shop", team_id="team_1") == {
        "project": "shop",
        "team_id": "team_1",
        "token": "VERCEL_TOKEN",
        "redeploy": "auto",
        "redeploy_timeout": "10m",
    }


def test_options_of_other_adapters_are_handed_on_as_written():
    assert options("acme", region="eu-1", count="010") == {"region": "eu-1", "count": "010"}


@pytest.mark.parametrize(
    ("adapter", "given"),
    [
        ("vercel", {}),
        ("vercel", {"project": "shop", "api_url": "http://example.com"}),
        ("vercel", {"project": "shop", "api_url": "https://user:pw@example.com"}),
        ("vercel", {"project": "../shop"}),
        ("vercel", {"project": "shop", "redeploy_timeout": "0s"}),
        ("dotenv", {}),
        ("dotenv", {"path": ".env", "mode": "600"}),
        ("acme", {"Region": "eu"}),
        ("acme", {"region": ["eu"]}),
        ("Acme", {}),
    ],
)
def test_what_is_refused(adapter, given):
    with pytest.raises(ValidationError):
        options(adapter, **given)


@pytest.mark.parametrize("address", ["https://api.vercel.com", "http://127.0.0.1:8080/x?y=1"])
def test_addresses(address):
    found = options("vercel", project="shop", team_id="t", api_url=address)
    assert found["api_url"] == address
