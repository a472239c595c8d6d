"""The contract catches adapters that break it: each of these breaks one rule."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from controller.domain.deploy import DeployChange, Deployment, DeployState, Variable
from controller.errors import PartlyApplied, UsageError
from controller.testing.deploy_env_contract import DeployEnvContract

Stored = dict[tuple[str, str], str]
TESTS = [name for name in dir(DeployEnvContract) if name.startswith("test_")]


@dataclass
class Memory:
    """A deploy environment in a dictionary, that can be made to misbehave."""

    stored: Stored
    flaw: str = ""

    @classmethod
    def from_options(
        cls, options: Mapping[str, str], secrets: Mapping[str, str], root: Path
    ) -> Self:
        del secrets, root
        if options:
            raise UsageError("there are no options", "leave them out")
        return cls({})

    def read(self, wanted: Mapping[str, Collection[str]]) -> DeployState:
        variables = tuple(
            Variable(f"{name}/{target}", name, frozenset({target}), value)
            for (name, target), value in self.stored.items()
            if name in wanted or self.flaw == "shows everything"
        )
        return DeployState("memory", variables, needs_redeploy=False, deployment=None)

    def write(self, change: DeployChange) -> None:
        value = change.after.strip() if self.flaw == "mangles values" else change.after
        if self.flaw == "forgets the others":
            self.stored.clear()
        if self.flaw == "never updates" and (change.variable, change.target) in self.stored:
            return
        if self.flaw != "writes nothing":
            self.stored[change.variable, change.target] = value

    def redeploy(self) -> Deployment:
        return Deployment("memory", datetime.now(UTC))

    def wait_until_live(self, deployment: Deployment, timeout: timedelta | None = None) -> None:
        pass

    def verify(self, expected: Mapping[str, str]) -> None:
        wrong = {n: v for n, v in expected.items() if self.stored.get((n, "production")) != v}
        if wrong and self.flaw != "verifies nothing":
            raise PartlyApplied("production has other values", "run it again")

    def close(self) -> None:
        pass


@dataclass
class MemoryWorld:
    flaw: str = ""
    kept: Stored = field(default_factory=dict)
    targets: tuple[str, ...] = ("preview", "production")

    def open(self) -> Memory:
        return Memory(self.kept, self.flaw)

    def open_with(self, **options: str) -> Memory:
        if self.flaw == "ignores options":
            return self.open()
        return Memory.from_options(options, {}, Path())

    def put(self, name: str, value: str, target: str) -> None:
        self.kept[name, target] = value

    def stored(self, name: str, target: str) -> str | None:
        return self.kept.get((name, target))

    def live(self, name: str) -> str | None:
        return self.stored(name, "production")


def _failing(flaw: str) -> set[str]:
    failed = set()
    for name in TESTS:
        test: Callable[[MemoryWorld], None] = getattr(DeployEnvContract(), name)
        try:
            test(MemoryWorld(flaw))
        except (AssertionError, PartlyApplied):
            failed.add(name)
    return failed


def test_a_sound_adapter_passes() -> None:
    assert _failing("") == set()


@pytest.mark.parametrize(
    ("flaw", "caught_by"),
    [
        ("shows everything", "test_shows_only_what_is_wanted"),
        ("mangles values", "test_hostile_values_are_kept_or_refused"),
        ("forgets the others", "test_updates_and_leaves_the_rest_alone"),
        ("never updates", "test_goes_back"),
        ("writes nothing", "test_creates_each_target"),
        ("verifies nothing", "test_verify_sees_another_value"),
        ("ignores options", "test_unknown_options_are_refused"),
    ],
)
def test_a_flaw_is_caught(flaw: str, caught_by: str) -> None:
    assert caught_by in _failing(flaw)
