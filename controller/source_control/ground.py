"""What promotion and rollback both start from: a commit, its files, a flag and where it stands."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.config.configuration import Configuration
from controller.config.loader import examine
from controller.config.problems import ProblemsFound, did_you_mean
from controller.config.sources import Sources
from controller.domain.desired import DesiredFlag
from controller.domain.rollout import Rollout
from controller.errors import UsageError
from controller.source_control import objects
from controller.source_control.proposal import OUR_BRANCHES
from controller.source_control.tree import read_tree

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Ground:
    """A flag in a commit.

    Attributes:
        start: The full id of the commit.
        environments: Those that move together: the one asked for, or all where the file has one
            phase for all of them.
        flag: As of the first of them.
        rollout: As of the first of them.
        is_shared: Whether the file has one phase for all environments.
    """

    root: Path
    start: str
    sources: Sources
    configuration: Configuration
    environments: tuple[str, ...]
    flag: DesiredFlag
    rollout: Rollout
    is_shared: bool

    @property
    def file(self) -> str:
        """The rollout's file."""
        return f"rollout/{self.flag.key}.yaml"

    @property
    def only(self) -> str | None:
        """The one environment that moves; None where all of them do, by one line."""
        return None if len(self.environments) > 1 or self._is_alone else self.environments[0]

    @property
    def _is_alone(self) -> bool:
        return self.is_shared and len(self.configuration.environments) == 1

    @property
    def where(self) -> str:
        """In which environments, in words."""
        return " and ".join(self.environments)

    def text(self, file: str) -> str:
        """A file as of the commit."""
        return self.sources.files[file].decode()

    def branch(self, verb: str, target: str) -> str:
        """The name of the branch for a change: the same change has the same name."""
        words = (verb, self.flag.key, "-".join(self.environments), target)
        return OUR_BRANCHES + "-".join(_UNSAFE.sub("_", word).strip("_") for word in words)


def stand_on(root: Path, revision: str, flag: str, environment: str | None) -> Ground:
    """Read a commit and find the flag in it.

    Args:
        root: The folder that holds `flags/` and `rollout/`.
        revision: What is checked out there and not committed plays no part.
        flag: The flag's key.
        environment: The environment that moves. None for the only one there is, or for all where
            the file has one phase for all.

    Raises:
        ProblemsFound: The commit's files are wrong.
        UsageError: There is no such revision, flag, rollout or environment, or one has to be named.
    """
    start = objects.resolve(root, revision)
    sources = read_tree(root, start)
    examined = examine(sources)
    configuration = examined.configuration
    if configuration is None:
        raise ProblemsFound(examined.problems)
    if flag not in configuration.flags:
        raise UsageError(
            f"{start[:12]} has no flag {flag}", did_you_mean(flag, configuration.flags)
        )
    document = configuration.documents.get(f"rollout/{flag}.yaml")
    if document is None:
        raise UsageError(
            f"flag {flag} has no rollout, and so no phase to change", f"add rollout/{flag}.yaml"
        )
    is_shared = not isinstance(document.value_at("phase"), dict)
    chosen = _environments(configuration, environment, is_shared=is_shared)
    found = configuration.desired(chosen[0], start).find(flag)
    if found is None or found.rollout is None:
        raise AssertionError("a flag and its rollout are there")  # both were looked up above
    return Ground(root, start, sources, configuration, chosen, found, found.rollout, is_shared)


def _environments(
    configuration: Configuration, named: str | None, *, is_shared: bool
) -> tuple[str, ...]:
    known = tuple(configuration.environments)
    if named is not None:
        if named not in known:
            raise UsageError(f"there is no environment {named}", did_you_mean(named, known))
        return (named,)
    if is_shared or len(known) == 1:
        return known
    raise UsageError(
        f"there are several environments: {', '.join(known)}", f"choose one: --env {known[0]}"
    )
