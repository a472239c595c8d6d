"""A flag's rules as flagd's targeting: the chain of `controller.domain.targeting` in JSON logic.

    override -> named -> (100 %: on) -> eligible and bucket below: on -> off

Every part of the chain has its counterpart, also what depends on time: flagd knows the present
second. Two things the evaluator must bring along: the age of a merchant, as an attribute of the
context, and the second generation of `fractional`, whose buckets are ours. Nothing else depends on
when the file was written, so that it stays true until a file or a halt changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from controller.domain.bucketing import BUCKETS
from controller.domain.desired import DesiredFlag
from controller.domain.flag import Override
from controller.domain.rollout import Eligibility, Rollout
from controller.domain.units import EVERYONE

Logic: TypeAlias = dict[str, Any]

AGE_ATTRIBUTE: Final = "merchantCreatedAt"
"""The attribute of the evaluation context that holds when the merchant was created: seconds since
1970 UTC, as a number."""

GENERATION: Final = 2
"""Of flagd's `fractional`: MurmurHash3 over the UTF-8 of the key, unsigned, multiplied and shifted.
The first took its absolute value, the third hashes canonical CBOR."""

ON: Final = "on"
OFF: Final = "off"
KEY: Final[Logic] = {"var": "targetingKey"}

_NOW: Final[Logic] = {"var": "$flagd.timestamp"}
_CREATED: Final[Logic] = {"var": AGE_ATTRIBUTE}
_DAY_ZERO: Final = date(1970, 1, 1).toordinal()
_SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Rules:
    """One flag for an evaluator.

    Attributes:
        usual: The variant where no targeting decides otherwise.
        targeting: None where it is the same for everyone.
        hashes: Whether the answer depends on `fractional`.
        needs_age: Whether it depends on `AGE_ATTRIBUTE`.
    """

    usual: str
    targeting: Logic | None = None
    hashes: bool = False
    needs_age: bool = False


def variant(value: bool) -> str:  # noqa: FBT001 -- a value of the flag, not a switch
    """The name of the variant of a value."""
    return ON if value else OFF


def is_listed(merchants: Sequence[str]) -> Logic:
    """Whether the merchant at hand is among these. Always a list: in a text, `in` finds parts."""
    return {"in": [KEY, list(merchants)]}


def rules_of(desired: DesiredFlag, now: datetime, *, halted: bool) -> Rules:
    """The rules of a flag as they stand; overrides that have expired are left out."""
    if halted:
        return Rules(OFF)
    if desired.flag.globally_on:
        return Rules(ON)
    rollout = desired.rollout
    percent = rollout.percent_at(rollout.position) if rollout else None
    steps: list[tuple[Logic, Any]] = list(
        _overrides(o for o in desired.flag.overrides if o.active_at(now))
    )
    if rollout is None or percent is None or not percent.basis_points:
        steps += _named(rollout) if rollout else ()
        return _first_of(steps, Rules(OFF))
    if percent == EVERYONE:
        return _first_of(steps, Rules(ON))
    steps += _named(rollout)
    steps += [*_eligible(rollout.eligible), _share(rollout, percent.basis_points)]
    needs_age = bool(rollout.eligible.min_merchant_age)
    return _first_of(steps, Rules(OFF, hashes=True, needs_age=needs_age))


def _first_of(steps: Iterable[tuple[Logic, Any]], otherwise: Rules) -> Rules:
    chain = [part for step in steps for part in step]
    if not chain:
        return otherwise
    targeting = {"if": [*chain, otherwise.usual]}
    return Rules(otherwise.usual, targeting, otherwise.hashes, otherwise.needs_age)


def _overrides(active: Iterable[Override]) -> Iterator[tuple[Logic, str]]:
    """One step for all that have the same value and the same last day."""
    alike = defaultdict(list)
    for override in active:
        alike[override.value, override.expires].append(override.merchant)
    for value, expires in sorted(alike, key=str):
        listed = is_listed(sorted(alike[value, expires]))
        if expires is not None:
            days = expires.toordinal() + 1 - _DAY_ZERO
            listed = {"and": [{"<": [_NOW, days * _SECONDS_A_DAY]}, listed]}
        yield listed, variant(value)


def _named(rollout: Rollout) -> Iterator[tuple[Logic, str]]:
    named = rollout.named_up_to(rollout.position)
    if named:
        yield is_listed(sorted(named)), ON


def _eligible(eligible: Eligibility) -> Iterator[tuple[Logic, str]]:
    if eligible.exclude:
        yield is_listed(sorted(eligible.exclude)), OFF
    if eligible.min_merchant_age:
        yield {"!": [_is_old_enough(eligible.min_merchant_age)]}, OFF


def _is_old_enough(age: timedelta) -> Logic:
    """Without the attribute nobody is: nothing would be below any number in JSON logic."""
    seconds = age // timedelta(seconds=1)
    return {"and": [{"!==": [_CREATED, None]}, {"<=": [_CREATED, {"-": [_NOW, seconds]}]}]}


def _share(rollout: Rollout, basis_points: int) -> tuple[Logic, Logic]:
    """An evaluation that names no merchant at all is in no share."""
    bucketed = {"cat": [f"{rollout.bucketing.salt}/", KEY]}
    share = [bucketed, [ON, basis_points], [OFF, BUCKETS - basis_points]]
    return {"!==": [KEY, None]}, {"fractional": share}
