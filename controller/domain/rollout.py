"""A rollout: the ladder of phases for one flag, and the phase it is in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from controller.domain.units import Percent

OFF: Final = "off"
"""The implied phase below the first: nobody has the feature."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the ladder.

    Attributes:
        merchants: Merchant ids turned on by name, sorted.
        percent: The share of eligible merchants turned on, or None for a phase by name only.
        soak: How long the phase must have been applied before it may be left upwards.
        gate: The name of the gate that must be passed to leave the phase upwards.
    """

    name: str
    merchants: tuple[str, ...]
    percent: Percent | None
    soak: timedelta
    gate: str | None


@dataclass(frozen=True, slots=True)
class Bucketing:
    """How merchants are spread over the buckets 0..9999. Fixed for the life of a rollout."""

    salt: str
    version: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be swept in by a percentage below 100.

    Merchants turned on by name need not be eligible.
    """

    min_merchant_age: timedelta
    exclude: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rollout:
    """The ladder of phases for one flag, in one environment.

    Attributes:
        phase: The name of the phase the rollout is in; `OFF` or one of `phases`.
        phases: From the narrowest to the widest; a merchant in one is in every later one.
    """

    flag: str
    phase: str
    bucketing: Bucketing
    eligible: Eligibility
    phases: tuple[Phase, ...]

    @property
    def position(self) -> int:
        """Where the rollout stands: 0 for off, 1 for the first phase, and so on."""
        return self.position_of(self.phase)

    @property
    def last_position(self) -> int:
        """The position of the widest phase."""
        return len(self.phases)

    def position_of(self, name: str) -> int:
        """The position of a phase by name.

        Raises:
            KeyError: The ladder has no phase of that name.
        """
        if name == OFF:
            return 0
        for position, phase in enumerate(self.phases, start=1):
            if phase.name == name:
                return position
        raise KeyError(name)

    def phase_at(self, position: int) -> Phase | None:
        """The phase at a position; None for off."""
        return self.phases[position - 1] if position else None

    def named_up_to(self, position: int) -> frozenset[str]:
        """The merchants turned on by name at a position.

        Those of this phase and of every earlier one.
        """
        return frozenset(m for phase in self.phases[:position] for m in phase.merchants)

    def percent_at(self, position: int) -> Percent | None:
        """The percentage in force at a position, or None where the phase works by name only."""
        phase = self.phase_at(position)
        return phase.percent if phase else None
