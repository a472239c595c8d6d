"""A halt: the emergency stop of one flag. Part of what the ledger remembers and a plan shows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Halt:
    """The emergency stop of one flag, in force until it is resumed or a merged retreat ends it.

    Attributes:
        phase: The phase that was applied when the flag was halted.
    """

    flag: str
    reason: str
    actor: str
    since: datetime
    phase: str
