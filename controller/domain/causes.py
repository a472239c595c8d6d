"""Causes: why one merchant's value changes.

Decided by comparing three things: what the merchant has now, what was right when the ledger last
decided, and what is right now. A value that differs from what was right then was written by
somebody else: drift. Otherwise the files, the clock or a halt have changed what is right. What
somebody asks for now, by a new override or a retreat, is the cause even where a hand was there too:
nothing may hold that back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.instants import whole_seconds
from controller.domain.ledger import Ledger
from controller.domain.movement import Movement, movement
from controller.domain.plan import Cause


@dataclass(frozen=True, slots=True)
class Causes:
    """Tells the causes of one flag's changes apart.

    Attributes:
        halted: Whether a halt is in force.
        resumed: Whether a halt has ended since the flag was applied last.
        decided_at: Seconds since 1970 UTC when the ledger last decided; None before its first run.
        overrides_kept: The merchants that the files name in an override, expired or not.
        singled_out: The merchants whose cause depends on who they are, not only on what happens.
    """

    move: Movement
    halted: bool
    resumed: bool
    decided_at: int | None
    overrides_before: dict[str, Override]
    overrides_after: dict[str, Override]
    overrides_kept: frozenset[str]
    singled_out: frozenset[str]

    @classmethod
    def of(cls, desired: DesiredFlag, ledger: Ledger, now: datetime) -> Self:
        """Prepare for one flag."""
        before, then = ledger.last_applied(desired), ledger.decided_at(desired.key)
        move = movement(before, desired)
        active_before = _active(before, then) if before and then else {}
        active_after = _active(desired, now)
        return cls(
            move=move,
            halted=desired.key in ledger.halts,
            resumed=desired.key in ledger.resumed,
            decided_at=whole_seconds(then) if then else None,
            overrides_before=active_before,
            overrides_after=active_after,
            overrides_kept=frozenset(o.merchant for o in desired.flag.overrides),
            singled_out=move.gained | move.lost | active_before.keys() | active_after.keys(),
        )

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
        if self._newly_overridden(merchant):
            return Cause.OVERRIDE
        if is_fresh and value:
            return self._of_newcomer(merchant)
        if drifted:
            return self._of_drifted(value=value)
        if self.resumed:
            return Cause.HALT
        return self._by_files(merchant, value=value)

    def _of_newcomer(self, merchant: str) -> Cause:
        return Cause.PHASE if self.move.turns_on(merchant) else Cause.NEW_MERCHANT

    def _of_drifted(self, *, value: bool) -> Cause:
        # A retreat turns off everyone outside the smaller audience, whoever turned them on.
        return Cause.PHASE if self.move.goes_down and not value else Cause.DRIFT

    def _newly_overridden(self, merchant: str) -> bool:
        before, after = self.overrides_before.get(merchant), self.overrides_after.get(merchant)
        return after is not None and (before is None or before.value is not after.value)

    def _by_files(self, merchant: str, *, value: bool) -> Cause:
        if merchant in self.overrides_before:
            return Cause.OVERRIDE_EXPIRED if merchant in self.overrides_kept else Cause.OVERRIDE
        moved = self.move.turns_on(merchant) if value else self.move.turns_off(merchant)
        return Cause.PHASE if moved else Cause.ELIGIBILITY


def _active(desired: DesiredFlag, at: datetime) -> dict[str, Override]:
    return {o.merchant: o for o in desired.flag.overrides if o.active_at(at)}
