"""The configuration of one revision, when every file of it is right: frozen, complete, usable."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.config.document import Document
from controller.config.problems import Place, Problem, did_you_mean, shown
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import Environment
from controller.domain.flag import Flag
from controller.domain.gate_policy import GatePolicy, Waiver
from controller.domain.rollout import Rollout
from controller.errors import UsageError


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """Everything that one revision says. Mappings are sorted by name.

    Attributes:
        flags: By key.
        rollouts: By environment, then by flag.
        gates: By flag, then by the name that its phases use.
        environments: By name.
        waivers: Sorted by flag, phase and criterion; those that have expired are among them.
        documents: By file, for the place of anything.
        warnings: What should be looked at, and does not make anything unusable.
    """

    flags: Mapping[str, Flag]
    rollouts: Mapping[str, Mapping[str, Rollout]]
    gates: Mapping[str, Mapping[str, GatePolicy]]
    environments: Mapping[str, Environment]
    waivers: tuple[Waiver, ...]
    documents: Mapping[str, Document]
    warnings: tuple[Problem, ...]

    def desired(self, environment: str, revision: str | None = None) -> Desired:
        """What this revision says about one environment.

        Args:
            environment: Its name.
            revision: The full commit id the files come from, where there is one.

        Raises:
            UsageError: There is no such environment.
        """
        if environment not in self.environments:
            raise UsageError(
                f"there is no environment {shown(environment)}",
                did_you_mean(environment, self.environments),
            )
        rollouts = self.rollouts[environment]
        return Desired(
            environment=self.environments[environment],
            flags=tuple(DesiredFlag(flag, rollouts.get(key)) for key, flag in self.flags.items()),
            gates={flag: dict(gates) for flag, gates in self.gates.items()},
            waivers=self.waivers,
            revision=revision,
        )

    def place(self, file: str, *path: str | int) -> Place:
        """Where a value stands, for texts that point to it.

        Args:
            file: Relative to the root, for example `rollout/sequential_workflow.yaml`.
            path: Keys and list positions, for example `"phase"`; what is not there is left out.
        """
        document = self.documents.get(file)
        return document.key_place(*path) if document else Place(file)
