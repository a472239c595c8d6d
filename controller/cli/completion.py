"""What the shell may complete: keys of flags, environments, phases, guardrails.

Read off the names of files, and of a rollout's file the lines that name its phases: pressing Tab
must be quick, and must never print or fail, whatever the files hold.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from controller.cli.root import find_root
from controller.errors import UsageError

_PHASE: Final = re.compile(r"""^\s*-\s*\{?\s*name:\s*["']?([^\s,"'}#]+)""", re.MULTILINE)
_MOST: Final = 1 << 16
"""Characters of a file that are looked at."""


def flags(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Keys of flags that begin so."""
    return _beginning(begun, _stems(context, "flags"))


def environments(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Names of environments that begin so."""
    return _beginning(begun, _stems(context, "rollout/environments"))


def phases(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Names of the phases that begin so, of the flag that was typed before, or of all flags."""
    typed = context.params.get("flag")
    keys = [typed] if isinstance(typed, str) else _stems(context, "flags")
    found = {name: None for key in keys for name in _phases_of(context, key)}
    return _beginning(begun, found)


def guardrails(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Names of the guardrails that begin so and can be lifted."""
    from controller.domain.environment import (  # noqa: PLC0415 -- only where somebody presses Tab
        NEVER_LIFTED,
        Guardrail,
    )

    return _beginning(begun, sorted(set(Guardrail) - NEVER_LIFTED))


def _beginning(begun: str, names: Iterable[str]) -> list[str]:
    return [str(name) for name in names if name.startswith(begun)]


def _phases_of(context: click.Context, key: str) -> list[str]:
    try:
        path = _root(context) / "rollout" / f"{key}.yaml"
        with path.open(encoding="utf-8", errors="replace") as file:
            return _PHASE.findall(file.read(_MOST))
    except (OSError, ValueError, UsageError):
        return []


def _stems(context: click.Context, folder: str) -> list[str]:
    """The names of the files in a folder of the repository, without what they end with."""
    try:
        return sorted(path.stem for path in (_root(context) / folder).glob("*.yaml"))
    except (OSError, ValueError, UsageError):
        return []


def _root(context: click.Context) -> Path:
    return find_root(Path(context.params.get("root") or "."))
