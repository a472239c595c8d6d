"""Where attacks are tried: a rollout whose runs fail, so that no step up may ever be merged.

Real git, real PostgreSQL, the real check and the real reconciler. An attack is a branch. It has
failed when the check holds it, and when it is merged all the same and nobody gains anything.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from controller.checking import Check, ObstacleKind, check
from controller.domain.bucketing import bucket
from controller.domain.objections import Rule
from controller.domain.rollout import Bucketing
from controller.errors import RolloutError
from controller.ports import Ports
from controller.source_control.comparison import compare
from tests.test_judging import MERCHANTS, PILOT, SMALL, a_while_passes, runs
from tests.workshop import ENVIRONMENT, ENVIRONMENT_FILE, FLAG, FLAG_FILE, Workshop, ladder

GATE_FILE = "rollout/gates/small.yaml"
ROLLOUT_FILE = f"rollout/{FLAG}.yaml"
ENVIRONMENT_NAME = f"rollout/environments/{ENVIRONMENT}.yaml"
CHECK_FILE = ".github/workflows/check.yml"
LEFT_OUT = next(m for m in MERCHANTS[1:] if bucket(Bucketing(FLAG, 1), m) < 1_000)
"""A merchant that is not eligible, whose bucket is in the first tenth."""

PHASES: Sequence[dict[str, Any]] = [{**phase, "gate": "small"} for phase in ladder()]
NO_LIMIT = {"max_changed_percent": "off"}


@dataclass
class Arena:
    """A workshop under attack.

    Attributes:
        before: Who has it before the attack.
    """

    workshop: Workshop
    before: frozenset[str]

    @classmethod
    def build(cls, folder: Path, url: str, phase: str) -> "Arena":
        """A rollout that is live at its pilot or at 10%, and whose runs fail since."""
        workshop = Workshop.create(folder, url)
        workshop.merchants(*MERCHANTS)
        workshop.write(GATE_FILE, SMALL)
        workshop.write(CHECK_FILE, "name: check\n")
        workshop.environment(guardrails=NO_LIMIT)
        rollout(workshop, "pilot")
        workshop.reconcile()
        a_while_passes(workshop, hours=1)
        if phase == "10%":
            runs(workshop, 3)
            rollout(workshop, phase)
            workshop.reconcile()
            a_while_passes(workshop, hours=1)
        for merchant in workshop.on():
            runs(workshop, 3, status="failed", merchant=merchant)
        workshop.git("checkout", "--quiet", "-b", "attack")
        return cls(workshop, frozenset(workshop.on()))

    def copy(self, folder: Path, url: str) -> "Arena":
        """The same as it is now, to attack."""
        shutil.copytree(self.workshop.folder, folder)
        return Arena(Workshop(folder, url), self.before)

    def rollout(self, phase: str, **changes: Any) -> None:
        """Write the rollout's file; nothing is committed."""
        rollout(self.workshop, phase, **changes)

    def gate(self, **changes: Any) -> None:
        """Write the gate's file with some keys changed, and commit."""
        self.workshop.write(GATE_FILE, {**SMALL, **changes})
        self.workshop.commit()

    def environment(self, **changes: Any) -> None:
        """Write the environment's file with some keys changed, and commit."""
        self.workshop.environment(guardrails=NO_LIMIT, **changes)

    def judged(self, base: str = "main", head: str = "attack") -> Check:
        """Commit whatever is not yet, and ask whether it may merge."""

        @contextmanager
        def opened(environment: object) -> Iterator[Ports]:
            yield self.workshop.ports()

        self.workshop.commit("nothing to see here")
        comparison = compare(self.workshop.folder, base, head)
        return check(comparison, opened, datetime.now(UTC), actor="mallory")

    def merged_all_the_same(self) -> frozenset[str]:
        """Merge the attack past every check, and reconcile; who has it then."""
        self.workshop.git("checkout", "--quiet", "main")
        self.workshop.git("merge", "--quiet", "--no-ff", "--no-edit", "attack")
        with suppress(RolloutError):  # refused as a whole: that is as good
            self.workshop.reconcile()
        return frozenset(self.workshop.on())


def rollout(workshop: Workshop, phase: str, **changes: Any) -> str:
    """Write the rollout's file at a phase, and commit."""
    given = {
        "phases": PHASES,
        "eligible": {"min_merchant_age": "0s", "exclude": [LEFT_OUT]},
        **changes,
    }
    return workshop.phase(phase, **given)


def kinds(found: Check) -> set[ObstacleKind]:
    """What stands in its way."""
    return {obstacle.kind for obstacle in found.obstacles}


def rules(found: Check) -> set[Rule]:
    """The names of the objections that stand."""
    return {o.rule for one in found.environments for o in one.meaning.standing}


def codes(found: Check) -> set[str]:
    """The codes of what is wrong with its files."""
    return {problem.code.id for problem in found.problems if problem.is_error}


__all__ = [
    "CHECK_FILE",
    "ENVIRONMENT_FILE",
    "ENVIRONMENT_NAME",
    "FLAG",
    "FLAG_FILE",
    "GATE_FILE",
    "LEFT_OUT",
    "MERCHANTS",
    "PHASES",
    "PILOT",
    "ROLLOUT_FILE",
    "SMALL",
    "Arena",
    "codes",
    "kinds",
    "rules",
]
