"""Finding a deploy environment's adapter by its name, among those that are installed.

Adapters are entry points, so that a company can publish its own without a fork; ours are found in
the same way. Only the one that is asked for is imported.
"""

import difflib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import Final, cast

from controller.deploy_env.interface import DeployEnv
from controller.domain.environment import DeployEnvSettings
from controller.errors import UsageError

GROUP: Final = "rolloutctl.deploy_env"
"""The entry point group in which an adapter publishes its class."""


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
    known = entry_points(group=GROUP) if installed is None else installed
    adapter = cast("type[DeployEnv]", _load(_find(settings.adapter, known)))
    return adapter.from_options(settings.options, secrets, root)


def _find(name: str, known: EntryPoints) -> EntryPoint:
    found = {entry.value: entry for entry in known if entry.name == name}
    if len(found) > 1:
        raise UsageError(
            f"more than one deploy environment named {name!r} is installed: "
            f"{', '.join(sorted(found))}",
            "uninstall all but one of the packages they come from",
        )
    if not found:
        names = sorted({entry.name for entry in known})
        close = difflib.get_close_matches(name, names, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else ""
        raise UsageError(
            f"there is no deploy environment named {name!r}{meant}",
            f"installed are: {', '.join(names) or 'none'}; another one comes with its package",
        )
    return next(iter(found.values()))


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"the deploy environment {entry.name!r} cannot be imported ({entry.value}): {error}",
            "reinstall the package that it comes from",
        ) from error
