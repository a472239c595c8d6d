"""What every guardrail may look at. See `controller.domain.guardrails`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.gate_answer import GateAnswer
from controller.domain.ledger import Ledger
from controller.domain.movement import Movement, movement
from controller.domain.plan import FlagPlan, Plan, Refusal


@dataclass(frozen=True, slots=True)
class Case:
    """All that a guardrail may look at.

    Attributes:
        now: The database's clock.
        unknown: Merchants that files name and the database does not have.
        on_by_column: How many merchants are on, by column.
        plan: Without its refusals.
        gate_answers: What the gates said, by flag; of flags that advance.
    """

    desired: Desired
    ledger: Ledger
    now: datetime
    unknown: frozenset[str]
    on_by_column: Mapping[str, int]
    plan: Plan
    gate_answers: Mapping[str, GateAnswer] = field(default_factory=dict)

    def changes(self) -> Iterator[tuple[DesiredFlag, FlagPlan, Movement]]:
        """Each desired flag with what the plan does to it and how its audience moves."""
        plans = {flag.flag: flag for flag in self.plan.flags}
        for flag in self.desired.flags:
            applied = self.ledger.applied.get(flag.key)
            yield flag, plans[flag.key], movement(applied.desired if applied else None, flag)


Check = Callable[[Case], Iterator[Refusal]]
