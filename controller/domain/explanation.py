"""Explanation: why one merchant has a flag or not, and what comes next. Pure.

The chain of `targeting` for one merchant, held against what the database and the deploy environment
really hold, with the same causes that a plan would give: an explanation never disagrees with the
next plan, and a property test tries to make it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from controller.domain.authorship import Authorship
from controller.domain.causes import Causes
from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.global_value import GlobalValue
from controller.domain.halt import Halt
from controller.domain.instants import whole_seconds
from controller.domain.ledger import Ledger
from controller.domain.merchant import Merchant
from controller.domain.plan import Cause
from controller.domain.rollout import Rollout
from controller.domain.targeting import Decision, Ineligible, decide
from controller.domain.units import Percent


class Agreement(StrEnum):
    """Whether the merchant's value is what the files say."""

    IN_SYNC = "in_sync"
    PENDING = "pending"  # the files, the clock or a halt changed what is right; a reconcile is due
    DRIFT = "drift"  # somebody else wrote it


@dataclass(frozen=True, slots=True)
class Found:
    """What the world holds for one merchant and one flag.

    Attributes:
        value: The column's value; None where there is no row, no column, or a NULL.
        authorship: Who wrote it last.
        globals: The flag's global values, production first.
    """

    value: bool | None
    authorship: Authorship
    globals: tuple[GlobalValue, ...] = ()


@dataclass(frozen=True, slots=True)
class LaterPhase:
    """What another phase of the ladder would do for the merchant, were it in force now."""

    phase: str
    decision: Decision
    percent: Percent | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one merchant has one flag or not.

    Attributes:
        phase: The phase that the files say.
        percent: Its share of the merchants; None where it has none.
        named_in: The first phase, of any, that turns the merchant on by name.
        decision: What the merchant should have, and the rule that decided.
        old_enough_at: When a merchant that is too young now may be swept in.
        halt: The halt in force.
        expired: An override of the merchant that counts no longer.
        later: Every later phase, in order; what would be without a halt.
        column: The per-merchant home; None where the flag has only a global one.
        found: What is really there.
        agreement: Of the column with the decision; None without a column.
        cause: Why the next reconcile changes the column; None where it does not.
    """

    flag: str
    phase: str
    percent: Percent | None
    named_in: str | None
    decision: Decision
    old_enough_at: datetime | None
    halt: Halt | None
    expired: Override | None
    later: tuple[LaterPhase, ...]
    globally_on: bool
    column: str | None
    found: Found
    agreement: Agreement | None
    cause: Cause | None

    @property
    def global_value(self) -> GlobalValue | None:
        """The one that the app people use runs with; another target's where production is none."""
        return next(iter(self.found.globals), None)

    @property
    def should_have(self) -> bool:
        """What the files, or a halt, ask for: on for everyone, or on for this merchant."""
        return self.decision.value or (self.globally_on and self.halt is None)

    @property
    def app_has(self) -> bool | None:
        """What the app computes: the variable is the enabled value, or the column is true.

        None where the deploy environment leaves it open.
        """
        if self.found.value:
            return True
        return self.global_value.is_on if self.global_value else False


def explain(
    desired: DesiredFlag, ledger: Ledger, merchant: Merchant, now: datetime, found: Found
) -> Explanation:
    """Explain one flag for one merchant at an instant of the database's clock."""
    halt, home, rollout = (
        ledger.halts.get(desired.key),
        desired.flag.merchant_config,
        desired.rollout,
    )
    cause = _cause(desired, ledger, merchant, now, actual=bool(found.value)) if home else None
    decision = decide(desired, merchant, now, halted=halt is not None)
    return Explanation(
        flag=desired.key,
        phase=desired.phase,
        percent=rollout.percent_at(rollout.position) if rollout else None,
        named_in=_named_in(rollout, merchant) if rollout else None,
        decision=decision,
        old_enough_at=_old_enough_at(desired, merchant, decision),
        halt=halt,
        expired=_expired(desired, merchant, now),
        later=_later(desired, merchant, now),
        globally_on=desired.flag.globally_on,
        column=home.column if home else None,
        found=found,
        agreement=_agreement(cause, halted=halt is not None) if home else None,
        cause=cause,
    )


def _cause(
    desired: DesiredFlag, ledger: Ledger, merchant: Merchant, now: datetime, *, actual: bool
) -> Cause | None:
    """Why the next plan would change the merchant's value; None if it would not."""
    wanted = decide(desired, merchant, now, halted=desired.key in ledger.halts).value
    if actual is wanted:
        return None
    causes = Causes.of(desired, ledger, now)
    created = whole_seconds(merchant.created_at)
    return causes.of_change(
        merchant.id,
        value=wanted,
        drifted=actual is not _right_then(desired, ledger, merchant),
        is_fresh=causes.decided_at is not None and created >= causes.decided_at,
    )


def _right_then(desired: DesiredFlag, ledger: Ledger, merchant: Merchant) -> bool:
    """What was right for the merchant when the ledger last decided."""
    before, then = ledger.last_applied(desired), ledger.decided_at(desired.key)
    if before is None or then is None:
        return False
    return decide(before, merchant, then, halted=ledger.was_off(desired.key)).value


def _agreement(cause: Cause | None, *, halted: bool) -> Agreement:
    if cause is None:
        return Agreement.IN_SYNC
    # The halt itself has turned everyone off: whoever is on now was turned on by hand since.
    return Agreement.DRIFT if halted or cause is Cause.DRIFT else Agreement.PENDING


def _expired(desired: DesiredFlag, merchant: Merchant, now: datetime) -> Override | None:
    for override in desired.flag.overrides:
        if override.merchant == merchant.id and not override.active_at(now):
            return override
    return None


def _named_in(rollout: Rollout, merchant: Merchant) -> str | None:
    return next((phase.name for phase in rollout.phases if merchant.id in phase.merchants), None)


def _old_enough_at(desired: DesiredFlag, merchant: Merchant, decision: Decision) -> datetime | None:
    if desired.rollout is None or decision.ineligible is not Ineligible.TOO_YOUNG:
        return None
    return merchant.created_at + desired.rollout.eligible.min_merchant_age


def _later(desired: DesiredFlag, merchant: Merchant, now: datetime) -> tuple[LaterPhase, ...]:
    rollout = desired.rollout
    if rollout is None:
        return ()
    return tuple(
        LaterPhase(
            phase.name,
            decide(
                replace(desired, rollout=replace(rollout, phase=phase.name)),
                merchant,
                now,
                halted=False,
            ),
            phase.percent,
        )
        for phase in rollout.phases[rollout.position :]
    )
