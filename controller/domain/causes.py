"""Causes: why one merchant's value changes.

Decided by comparing three things: what the merchant has now, what was right when the ledger last
decided, and what is right now. A value that differs from what was right then was written by
somebody else: drift. Otherwise the files, the clock or a halt have changed what is right.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.ledger import Ledger
from controller.domain.movement import Movement, movement
from controller.domain.plan import Cause


@dataclass(frozen=True, slots=True)
class Causes:
    """Tells the causes of one flag's changes apart.

    Attributes:
        decided_at: Seconds since 1970 UTC when the ledger last decided; None before its first run.
        halted: Whether a halt is in force.
        resumed: Whether a halt has ended since the flag was applied last.
    """

    move: Movement
    is_new: bool
    halted: bool
    resumed: bool
    decided_at: int | None
    overrides_before: dict[str, Override]
    overrides_after: dict[str, Override]
    overrides_kept: frozenset[str]

    @classmethod
    def of(cls, desired: DesiredFlag, ledger: Ledger, now: datetime) -> Self:
        """Prepare for one flag."""
        applied = ledger.applied.get(desired.key)
        before = applied.desired if applied else None
        then = ledger.evaluated_at
        return cls(
            move=movement(before, desired),
            is_new=applied is None,
            halted=desired.key in ledger.halts,
            resumed=desired.key in ledger.resumed,
            decided_at=int(then.timestamp()) if then else None,
            overrides_before=_active(before, then) if before and then else {},
            overrides_after=_active(desired, now),
            overrides_kept=frozenset(o.merchant for o in desired.flag.overrides),
        )

    @property
    def overridden(self) -> frozenset[str]:
        """The merchants whose cause depends on who they are, not only on what happens."""
        return frozenset(self.overrides_before) | frozenset(self.overrides_after)

    def of_change(self, merchant: str, *, value: bool, drifted: bool, is_fresh: bool) -> Cause:
        """Why a merchant gets a value.

        Args:
            merchant: Its id.
            value: The value it gets.
            drifted: Whether the value it has is not the one that was right when the ledger last
                decided.
            is_fresh: Whether it was created after the ledger last decided.
        """
        if self.halted and not value:
            return Cause.HALT  # also against a hand that turned it on again: the halt must hold
        if is_fresh and value and not self.is_new:
            return Cause.NEW_MERCHANT
        if drifted:
            return Cause.DRIFT
        if self.resumed:
            return Cause.HALT
        return self._by_override(merchant, value=value) or self._by_rollout(value=value)

    def _by_override(self, merchant: str, *, value: bool) -> Cause | None:
        after = self.overrides_after.get(merchant)
        if after is not None and after.value is value:
            return Cause.OVERRIDE
        before = self.overrides_before.get(merchant)
        if before is None or before.value is value:
            return None
        return Cause.OVERRIDE_EXPIRED if merchant in self.overrides_kept else Cause.OVERRIDE

    def _by_rollout(self, *, value: bool) -> Cause:
        moved = self.move.widened if value else self.move.narrowed
        return Cause.PHASE if moved else Cause.ELIGIBILITY


def _active(desired: DesiredFlag, at: datetime) -> dict[str, Override]:
    return {o.merchant: o for o in desired.flag.overrides if o.active_at(at)}
