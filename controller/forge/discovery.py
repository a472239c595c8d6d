"""Opening the forge that pull requests live in."""

from collections.abc import Mapping
from importlib.metadata import EntryPoints
from typing import Final, cast

from controller.adapters import Port
from controller.forge.interface import Forge

PORT: Final = Port("rolloutctl.forges", "forge")
"""Where an adapter publishes its class."""

DEFAULT: Final = "github"
"""The forge where none is named."""


def open_forge(
    variables: Mapping[str, str], name: str = DEFAULT, installed: EntryPoints | None = None
) -> Forge:
    """Make the adapter. Nothing outside this process is asked yet.

    Args:
        variables: The process's environment variables.
        name: The adapter's name.
        installed: The adapters to choose from; None for all that are installed.

    Raises:
        UsageError: There is no such adapter, it cannot be imported, or a variable that it needs is
            missing or malformed.
    """
    adapter = cast("type[Forge]", PORT.load(name, installed))
    return adapter.from_environment(variables)
