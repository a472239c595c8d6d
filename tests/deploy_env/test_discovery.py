import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from controller.deploy_env.discovery import GROUP, open_deploy_env
from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.deploy_env.vercel import VercelDeployEnv
from controller.domain.environment import DeployEnvSettings
from controller.errors import UsageError


def _entries(**values: str) -> EntryPoints:
    return EntryPoints(EntryPoint(name, value, GROUP) for name, value in values.items())


def test_ours_are_installed(tmp_path: Path) -> None:
    dotenv = open_deploy_env(DeployEnvSettings("dotenv", {"path": ".env"}), {}, tmp_path)
    assert isinstance(dotenv, DotenvDeployEnv)
    settings = DeployEnvSettings("vercel", {"project": "shop", "team_id": "team_1"})
    vercel = open_deploy_env(settings, {"VERCEL_TOKEN": "tok_8sKq2Lm9"})
    assert isinstance(vercel, VercelDeployEnv)
    vercel.close()


def test_an_unknown_one_is_told_with_those_that_are_there() -> None:
    with pytest.raises(UsageError, match="'vercl'; did you mean 'vercel'") as caught:
        open_deploy_env(DeployEnvSettings("vercl", {}), {})
    assert "dotenv, vercel" in caught.value.hint


def test_without_any_it_says_so() -> None:
    with pytest.raises(UsageError) as caught:
        open_deploy_env(DeployEnvSettings("vercel", {}), {}, installed=EntryPoints())
    assert "none" in caught.value.hint


@pytest.mark.parametrize("value", ["no_such_package:Adapter", "controller.errors:NoSuchClass"])
def test_a_broken_one_is_told(value: str) -> None:
    with pytest.raises(UsageError, match="cannot be imported") as caught:
        open_deploy_env(DeployEnvSettings("acme", {}), {}, installed=_entries(acme=value))
    assert caught.value.__cause__ is not None


def test_two_of_one_name_are_told() -> None:
    installed = EntryPoints((*_entries(acme="a:A"), *_entries(acme="b:B")))
    with pytest.raises(UsageError, match="a:A, b:B"):
        open_deploy_env(DeployEnvSettings("acme", {}), {}, installed=installed)


def test_one_that_is_listed_twice_is_one(tmp_path: Path) -> None:
    """As an editable install beside a stale one lists it."""
    value = "controller.deploy_env.dotenv:DotenvDeployEnv"
    installed = EntryPoints((*_entries(dotenv=value), *_entries(dotenv=value)))
    settings = DeployEnvSettings("dotenv", {"path": ".env"})
    assert open_deploy_env(settings, {}, tmp_path, installed)


def test_the_http_client_is_imported_only_where_it_is_needed() -> None:
    script = (
        "import sys; from controller.deploy_env.discovery import open_deploy_env;"
        "from controller.domain.environment import DeployEnvSettings;"
        "open_deploy_env(DeployEnvSettings('dotenv', {'path': '.env'}), {});"
        "sys.exit('httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
