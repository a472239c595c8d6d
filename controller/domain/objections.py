"""Objections: what a change may not do at once, whatever the gate says. Pure.

They are judged by the base: a pull request cannot soften what it has to pass. None of them ever
stands in the way of a retreat; one that retreats a flag and touches its policy has no objection.
Two bear the names of guardrails, and what lifts the guardrail in the base lifts them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from controller.domain.change import (
    AudienceMoved,
    BucketingChanged,
    Change,
    FlagRenamed,
    PolicyTouched,
    advances,
)
from controller.domain.environment import Allowance, Guardrail
from controller.domain.instants import is_over
from controller.domain.wording import counted

_SHOWN: Final = 4


class Rule(StrEnum):
    """The stable names of what a change may not do at once. docs/pull-requests.md explains each."""

    SPLIT_IN_TWO = "split_in_two"
    SKIPS_PHASE = "skips_phase"
    STARTS_WIDE = "starts_wide"
    RENAMED_WHILE_LIVE = "renamed_while_live"
    BUCKETING_CHANGED = "bucketing_changed"


_LIFTED_WITH: Final = {
    Rule.SKIPS_PHASE: Guardrail.SKIPS_PHASE,
    Rule.BUCKETING_CHANGED: Guardrail.BUCKETING_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why a change may not be merged as it is.

    Attributes:
        flag: The flag it is about.
        message: What is wrong with it.
        remedy: What to do instead.
        lifted_by: The allowance of the base that lifts it; None while it stands.
    """

    rule: Rule
    flag: str
    message: str
    remedy: str
    lifted_by: Allowance | None = None


def objections(
    changes: Iterable[Change], allowances: Iterable[Allowance], now: datetime
) -> tuple[Objection, ...]:
    """Every objection to a change, lifted or not; by rule, then by flag.

    Args:
        changes: Of one environment.
        allowances: Those of the base's environment; the head's play no part.
        now: For allowances that expire.
    """
    changes = tuple(changes)
    in_force = [a for a in allowances if a.expires is None or not is_over(a.expires, now)]
    return tuple(_lifted(found, in_force) for check in _CHECKS for found in check(changes))


def _lifted(objection: Objection, allowances: Iterable[Allowance]) -> Objection:
    guardrail = _LIFTED_WITH.get(objection.rule)
    for allowance in allowances:
        if allowance.guardrail is guardrail and allowance.flag in (None, objection.flag):
            return replace(objection, lifted_by=allowance)
    return objection


def _split_in_two(changes: tuple[Change, ...]) -> Iterator[Objection]:
    touched = [change for change in changes if isinstance(change, PolicyTouched)]
    for moved in _advances(changes):
        own = [t for t in touched if t.flag in (None, moved.flag)]
        if own:
            yield Objection(
                Rule.SPLIT_IN_TWO,
                moved.flag,
                f"{moved.flag} advances and its policy changes at once: {_named(own)}",
                "split it in two: first the policy, and when that is merged the advance, which is "
                "then judged by it",
            )


def _named(touched: list[PolicyTouched]) -> str:
    names = [f"{t.part.replace('_', ' ')} {t.name}".strip() for t in touched]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _skips_phase(changes: tuple[Change, ...]) -> Iterator[Objection]:
    for moved in _advances(changes):
        if moved.skipped:
            yield Objection(
                Rule.SKIPS_PHASE,
                moved.flag,
                f"{moved.flag}: from {moved.from_phase} to {_target(moved)} skips "
                f"{counted(moved.skipped, 'phase')} of its ladder",
                f"go one phase at a time: rolloutctl promote {moved.flag}",
            )


def _target(moved: AudienceMoved) -> str:
    return "global: true" if moved.movement.global_step > 0 else moved.to_phase


def _starts_wide(changes: tuple[Change, ...]) -> Iterator[Objection]:
    for moved in _advances(changes):
        by_share = moved.movement.share > 0 or moved.movement.global_step > 0
        if moved.is_first and by_share:
            yield Objection(
                Rule.STARTS_WIDE,
                moved.flag,
                f"{moved.flag} is new and starts beyond merchants that it names, at "
                f"{_target(moved)}",
                "add it at phase: off, or with a first phase that names its merchants; advance it "
                "when that is merged",
            )


def _renamed_while_live(changes: tuple[Change, ...]) -> Iterator[Objection]:
    for change in changes:
        if isinstance(change, FlagRenamed) and change.was_live:
            yield Objection(
                Rule.RENAMED_WHILE_LIVE,
                change.flag,
                f"{change.before} is called {change.flag} while merchants have it; the ledger "
                "knows it by its key and would take it for a new flag",
                f"keep the key, or bring {change.before} to off first: rolloutctl rollback "
                f"{change.before}",
            )


def _bucketing_changed(changes: tuple[Change, ...]) -> Iterator[Objection]:
    for change in changes:
        if isinstance(change, BucketingChanged) and change.is_live:
            yield Objection(
                Rule.BUCKETING_CHANGED,
                change.flag,
                f"{change.flag}: another salt or version reshuffles who has it",
                "leave bucketing as it is while a percentage below 100 is in force",
            )


def _advances(changes: tuple[Change, ...]) -> Iterator[AudienceMoved]:
    for change in changes:
        if isinstance(change, AudienceMoved) and advances(change):
            yield change


_CHECKS: Final[tuple[Callable[[tuple[Change, ...]], Iterator[Objection]], ...]] = (
    _split_in_two,
    _skips_phase,
    _starts_wide,
    _renamed_while_live,
    _bucketing_changed,
)
