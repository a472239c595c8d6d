"""Gathering for `history`: the runs of an environment, or what happened to one merchant."""

from dataclasses import dataclass

from controller.domain.ledger import ChangeRecord, RunRecord
from controller.errors import UsageError
from controller.inquiry.merchant import find_merchant
from controller.merchant_store.interface import MerchantStore


@dataclass(frozen=True, slots=True)
class MerchantHistory:
    """What happened to one merchant, the newest change first.

    Attributes:
        shop_domain: None where the merchant has been deleted since.
    """

    merchant: str
    shop_domain: str | None
    changes: tuple[ChangeRecord, ...]


def runs(store: MerchantStore, *, flag: str | None, limit: int) -> tuple[RunRecord, ...]:
    """The newest runs first, optionally only those that touched a flag.

    Raises:
        DatabaseUnreachable: The database did not answer.
    """
    return store.runs(flag=flag, limit=limit)


def of_merchant(
    store: MerchantStore, reference: str, *, flag: str | None, limit: int
) -> MerchantHistory:
    """What happened to a merchant, also to one that has been deleted since.

    Args:
        store: The database; only read.
        reference: The merchant's id, or the shop domain of one that still exists.
        flag: Only changes of this flag.
        limit: At most so many changes.

    Raises:
        UsageError: There is no such merchant, and never was one that changed.
        DatabaseUnreachable: The database did not answer.
    """
    try:
        with store.snapshot() as snapshot:
            merchant = find_merchant(snapshot, reference)
    except UsageError:
        changes = store.changes(flag=flag, merchant=reference, limit=limit)
        if not changes:
            raise
        return MerchantHistory(reference, None, changes)
    changes = store.changes(flag=flag, merchant=merchant.id, limit=limit)
    return MerchantHistory(merchant.id, merchant.shop_domain, changes)
