import subprocess
import sys
from pathlib import Path

import pytest

from controller.deploy_env.discovery import open_deploy_env
from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.deploy_env.vercel import VercelDeployEnv
from controller.domain.environment import DeployEnvSettings
from controller.errors import UsageError


def test_ours_are_installed(tmp_path: Path) -> None:
    dotenv = open_deploy_env(DeployEnvSettings("dotenv", {"path": ".env"}), {}, tmp_path)
    assert isinstance(dotenv, DotenvDeployEnv)
    settings = DeployEnvSettings("vercel", {"project": "shop", "team_id": "team_1"})
    vercel = open_deploy_env(settings, {"VERCEL_TOKEN": "tok_8sKq2Lm9"})
    assert isinstance(vercel, VercelDeployEnv)
    vercel.close()


def test_an_unknown_one_is_told_with_those_that_are_there() -> None:
    with pytest.raises(UsageError, match="no deploy environment named 'vercl'") as caught:
        open_deploy_env(DeployEnvSettings("vercl", {}), {})
    assert "dotenv, vercel" in caught.value.hint


def test_the_http_client_is_imported_only_where_it_is_needed() -> None:
    script = (
        "import sys; from controller.deploy_env.discovery import open_deploy_env;"
        "from controller.domain.environment import DeployEnvSettings;"
        "open_deploy_env(DeployEnvSettings('dotenv', {'path': '.env'}), {});"
        "sys.exit('httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
