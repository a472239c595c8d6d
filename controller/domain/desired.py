"""Desired: what git says, for one environment.

A `DesiredFlag` is the unit that is compared, applied and remembered: the ledger keeps the one
applied last, so that the next plan can tell a reviewed change from drift. Its JSON form is
canonical: equal values give equal bytes, on every machine and in every version that reads it.
"""

from dataclasses import dataclass

from controller.domain.environment import Environment
from controller.domain.flag import Flag
from controller.domain.gate_policy import GatePolicy, Waiver
from controller.domain.rollout import OFF, Rollout


@dataclass(frozen=True, slots=True)
class DesiredFlag:
    """One flag with its rollout.

    A flag without a rollout has only overrides and its global value.
    """

    flag: Flag
    rollout: Rollout | None

    @property
    def key(self) -> str:
        """The flag's key."""
        return self.flag.key

    @property
    def phase(self) -> str:
        """The name of the phase it is in; off where there is no rollout."""
        return self.rollout.phase if self.rollout else OFF


@dataclass(frozen=True, slots=True)
class Desired:
    """Everything that one revision of git says about one environment.

    Attributes:
        flags: Sorted by key.
        gates: By flag, then by the name that the flag's phases use.
        revision: The full commit id, or None outside a git repository or with local changes.
    """

    environment: Environment
    flags: tuple[DesiredFlag, ...]
    gates: dict[str, dict[str, GatePolicy]]
    waivers: tuple[Waiver, ...]
    revision: str | None

    def find(self, key: str) -> DesiredFlag | None:
        """A flag by its key; None where the files have none."""
        return next((flag for flag in self.flags if flag.key == key), None)
