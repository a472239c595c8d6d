"""Targeting: who has it. For one merchant and one flag, the first rule that matches wins.

    1. halted                                            the disabled value
    2. override, not expired                             its value
    3. named in the current or an earlier phase          on
    4. the phase has a percentage, the merchant is
       eligible (or it is 100) and its bucket is below   on
    5. otherwise                                         off

`decide` answers for one merchant and says why; `controller.domain.cohort` answers for thousands at
once. A property test holds that both always agree.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from controller.domain.bucketing import bucket
from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.instants import whole_seconds
from controller.domain.merchant import Merchant
from controller.domain.rollout import Eligibility, Rollout
from controller.domain.units import EVERYONE


class Rule(StrEnum):
    """The rule that decided."""

    HALTED = "halted"
    OVERRIDE = "override"
    NAMED = "named"
    PERCENT = "percent"
    OFF = "off"


class Ineligible(StrEnum):
    """Why a percentage below 100 does not sweep a merchant in."""

    EXCLUDED = "excluded"
    TOO_YOUNG = "too_young"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one merchant should have, and why.

    Attributes:
        bucket: 0..9999; None where the flag has no rollout.
        ineligible: Why a percentage does not reach the merchant, whether or not that decided.
        override: The override that decided.
    """

    value: bool
    rule: Rule
    bucket: int | None
    ineligible: Ineligible | None
    override: Override | None = None


def decide(desired: DesiredFlag, merchant: Merchant, now: datetime, *, halted: bool) -> Decision:
    """Which value a merchant should have at an instant, by the chain above."""
    rollout = desired.rollout
    place = bucket(rollout.bucketing.salt, merchant.id) if rollout else None
    ineligible = ineligibility(rollout.eligible, merchant, now) if rollout else None
    if halted:
        return Decision(value=False, rule=Rule.HALTED, bucket=place, ineligible=ineligible)
    override = active_override(desired, merchant.id, now)
    if override:
        return Decision(override.value, Rule.OVERRIDE, place, ineligible, override)
    rule = (
        _rule_at(rollout, rollout.position, merchant.id, place, ineligible) if rollout else Rule.OFF
    )
    return Decision(rule is not Rule.OFF, rule, place, ineligible)


def rule_at(rollout: Rollout, position: int, merchant: Merchant, now: datetime) -> Rule:
    """Which rule of the rollout would decide at another position of the ladder; overrides aside."""
    place = bucket(rollout.bucketing.salt, merchant.id)
    return _rule_at(
        rollout, position, merchant.id, place, ineligibility(rollout.eligible, merchant, now)
    )


def active_override(desired: DesiredFlag, merchant: str, now: datetime) -> Override | None:
    """The override of a merchant that counts at an instant."""
    for override in desired.flag.overrides:
        if override.merchant == merchant and override.active_at(now):
            return override
    return None


def ineligibility(eligible: Eligibility, merchant: Merchant, now: datetime) -> Ineligible | None:
    """Why a percentage below 100 does not sweep the merchant in; None if it may."""
    if merchant.id in eligible.exclude:
        return Ineligible.EXCLUDED
    youngest = whole_seconds(now - eligible.min_merchant_age)
    if whole_seconds(merchant.created_at) > youngest:
        return Ineligible.TOO_YOUNG
    return None


def _rule_at(
    rollout: Rollout, position: int, merchant: str, place: int | None, ineligible: Ineligible | None
) -> Rule:
    if merchant in rollout.named_up_to(position):
        return Rule.NAMED
    percent = rollout.percent_at(position)
    if percent is None or place is None or place >= percent.basis_points:
        return Rule.OFF
    return Rule.PERCENT if percent == EVERYONE or ineligible is None else Rule.OFF
