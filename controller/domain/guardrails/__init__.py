"""Guardrails: every reason why a plan is unsafe, all at once, each with a stable name.

One small function a guardrail, registered in `CHECKS`; docs/guardrails.md has one heading for each,
and a test holds that the sets agree. None of them stands in the way of a retreat or a halt: they
look only at what turns merchants on, or off without anybody having asked, and `applicable` lets
retreats through whatever else is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from controller.domain.deploy import DeployChange
from controller.domain.environment import NEVER_LIFTED, Allowance, Guardrail
from controller.domain.guardrails.advance import (
    advance_without_gate,
    freeze_window,
    halted,
    skips_phase,
    soak_not_over,
)
from controller.domain.guardrails.case import Case, Check
from controller.domain.guardrails.disable import bucketing_changed, unexpected_disable
from controller.domain.guardrails.files import missing_schema, partial_release, unknown_merchant
from controller.domain.guardrails.size import max_changed_count, max_changed_percent, never_to_empty
from controller.domain.instants import is_over
from controller.domain.plan import ChangeGroup, Plan, Refusal

CHECKS: Final[Mapping[Guardrail, Check]] = {
    Guardrail.MAX_CHANGED_PERCENT: max_changed_percent,
    Guardrail.MAX_CHANGED_COUNT: max_changed_count,
    Guardrail.NEVER_TO_EMPTY: never_to_empty,
    Guardrail.UNEXPECTED_DISABLE: unexpected_disable,
    Guardrail.BUCKETING_CHANGED: bucketing_changed,
    Guardrail.UNKNOWN_MERCHANT: unknown_merchant,
    Guardrail.SKIPS_PHASE: skips_phase,
    Guardrail.ADVANCE_WITHOUT_GATE: advance_without_gate,
    Guardrail.SOAK_NOT_OVER: soak_not_over,
    Guardrail.FREEZE_WINDOW: freeze_window,
    Guardrail.HALTED: halted,
    Guardrail.PARTIAL_RELEASE: partial_release,
    Guardrail.MISSING_SCHEMA: missing_schema,
}


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Every guardrail that the plan touches, lifted or not.

    In the registry's order, then by flag.
    """
    limits = case.desired.environment.allowances
    return lift((refusal for check in CHECKS.values() for refusal in check(case)), limits, case.now)


def lift(
    found: Iterable[Refusal], allowances: Iterable[Allowance], now: datetime
) -> tuple[Refusal, ...]:
    """Mark the refusals that an allowance in force lifts."""
    in_force = [a for a in allowances if a.expires is None or not is_over(a.expires, now)]
    return tuple(_lifted(refusal, in_force) for refusal in found)


def _lifted(refusal: Refusal, allowances: Iterable[Allowance]) -> Refusal:
    if refusal.lifted_by or refusal.guardrail in NEVER_LIFTED:
        return refusal
    for allowance in allowances:
        if allowance.guardrail is refusal.guardrail and allowance.flag in (None, refusal.flag):
            return replace(refusal, lifted_by=allowance)
    return refusal


@dataclass(frozen=True, slots=True)
class Applicable:
    """The part of a plan that may be applied.

    Attributes:
        withheld: Flags of which something is held back; their definition is not recorded as
            applied.
    """

    groups: tuple[ChangeGroup, ...]
    deploy_changes: tuple[DeployChange, ...]
    withheld: frozenset[str]


def applicable(plan: Plan) -> Applicable:
    """What may be applied.

    Everything of flags that no standing refusal concerns, and every retreat.
    """
    blocked = {refusal.flag for refusal in plan.standing}
    withheld = {flag.flag for flag in plan.flags} if None in blocked else blocked
    return Applicable(
        groups=tuple(g for g in plan.groups() if g.flag not in withheld or g.is_retreat),
        deploy_changes=tuple(
            change
            for change in plan.deploy_changes
            if change.flag not in withheld or not change.enables
        ),
        withheld=frozenset(flag for flag in withheld if flag is not None),
    )
