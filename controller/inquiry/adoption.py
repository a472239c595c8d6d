"""Gathering for `adopt`: which values set by hand can become reviewed overrides.

It reads the world and the files and returns values; writing the file is the command's business.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from controller.config.edit import can_be_named
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.drift import Drift, Origin, find_drift
from controller.domain.flag import Override
from controller.domain.merchant import Merchant
from controller.errors import UsageError
from controller.inquiry.merchant import find_merchant
from controller.ports import Ports
from controller.reconcile import survey


class LeftAlone(StrEnum):
    """Why a value set by hand cannot become an override."""

    HAS_OVERRIDE = "has_override"  # the file has one for the merchant: a person must change it
    HALTED = "halted"  # a halt beats an override, so it would say what is not so
    NO_FILE_NAME = "no_file_name"  # the merchant's id cannot be written into a file


@dataclass(frozen=True, slots=True)
class Adoption:
    """The values of one flag that were set by hand.

    Attributes:
        overrides: What would be added to its file, sorted by merchant.
        left_alone: Merchants that cannot be adopted, and why; sorted.
        merchants: Those among both that exist, by id.
    """

    flag: str
    overrides: tuple[Override, ...]
    left_alone: tuple[tuple[str, LeftAlone], ...]
    merchants: dict[str, Merchant]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to adopt.

    Attributes:
        references: Ids or shop domains; empty for all values that were set by hand.
        reason: For the file; None for one that says when it was adopted.
        expires: The overrides' last day; None for ever.
    """

    references: tuple[str, ...]
    reason: str | None
    expires: date | None


def adopt(ports: Ports, desired: Desired, flag: DesiredFlag, wish: Wish) -> Adoption:
    """Find what can be adopted. Nothing is written.

    Args:
        ports: The outside world; only read. The deploy environment is not asked.
        desired: What git says, of every flag.
        flag: The one whose values are meant.
        wish: What the person wants.

    Raises:
        UsageError: There is no such merchant, its value was not set by hand, or the last day is
            over.
        Stale: The files are older than what was applied; drift cannot be told from change then.
        DatabaseUnreachable: The database did not answer.
    """
    found = survey(ports, desired, with_deploy=False)
    _refuse_past(wish.expires, found.world.now)
    by_hand = _by_hand(find_drift(found.plan, found.world), flag.key)
    with ports.store.snapshot() as snapshot:
        asked = [find_merchant(snapshot, reference).id for reference in wish.references]
        _refuse_others(asked, by_hand, flag.key)
        wanted = sorted(set(asked)) if asked else sorted(by_hand)
        merchants = {merchant.id: merchant for merchant in snapshot.find_merchants(wanted)}
    left = dict(_left_alone(wanted, by_hand, flag))
    reason = wish.reason or _default_reason(found.world.now)
    return Adoption(
        flag=flag.key,
        overrides=tuple(
            Override(merchant, by_hand[merchant][0], reason, wish.expires)
            for merchant in wanted
            if merchant not in left
        ),
        left_alone=tuple(sorted(left.items())),
        merchants=merchants,
    )


def _refuse_past(expires: date | None, now: datetime) -> None:
    if expires is not None and expires < now.date():
        raise UsageError(
            f"an override that expires on {expires} would never count; today is {now:%Y-%m-%d}",
            "give a later day, or leave --expires out",
        )


def _by_hand(drift: Drift, flag: str) -> dict[str, tuple[bool, Origin]]:
    """The value that was set by hand, and how, by merchant."""
    return {
        merchant: (found.value, found.origin)
        for found in drift.merchants
        if found.flag == flag
        for merchant in found.merchants
    }


def _refuse_others(asked: Collection[str], by_hand: Collection[str], flag: str) -> None:
    others = sorted(set(asked) - set(by_hand))
    if others:
        raise UsageError(
            f"nobody has set {flag} by hand for {', '.join(others)}",
            f"rolloutctl drift --flag {flag} shows whose value was",
        )


def _left_alone(
    wanted: Collection[str], by_hand: dict[str, tuple[bool, Origin]], flag: DesiredFlag
) -> Iterator[tuple[str, LeftAlone]]:
    overridden = {override.merchant for override in flag.flag.overrides}
    for merchant in wanted:
        if merchant in overridden:
            yield merchant, LeftAlone.HAS_OVERRIDE
        elif by_hand[merchant][1] is Origin.DURING_HALT:
            yield merchant, LeftAlone.HALTED
        elif not can_be_named(merchant):
            yield merchant, LeftAlone.NO_FILE_NAME


def _default_reason(now: datetime) -> str:
    return f"set by hand, adopted on {now:%Y-%m-%d}"
