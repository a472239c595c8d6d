"""Opening the deploy environment that an environment file names."""

from collections.abc import Mapping
from importlib.metadata import EntryPoints
from pathlib import Path
from typing import Final, cast

from controller.adapters import Port
from controller.deploy_env.interface import DeployEnv
from controller.domain.environment import DeployEnvSettings

PORT: Final = Port("rolloutctl.deploy_env", "deploy environment")
"""Where an adapter publishes its class."""


def open_deploy_env(
    settings: DeployEnvSettings,
    secrets: Mapping[str, str],
    root: Path = Path(),
    installed: EntryPoints | None = None,
) -> DeployEnv:
    """Make the adapter that an environment names. Nothing outside this process is asked yet.

    Args:
        settings: What the environment file says.
        secrets: The process's environment variables.
        root: The folder of the repository; a relative path in an option starts there.
        installed: The adapters to choose from; None for all that are installed.

    Raises:
        UsageError: There is no such adapter, it cannot be imported, or its options are wrong.
    """
    adapter = cast("type[DeployEnv]", PORT.load(settings.adapter, installed))
    return adapter.from_options(settings.options, secrets, root)
