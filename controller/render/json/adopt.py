"""What was adopted, for machines."""

from typing import Any

from controller.inquiry.adoption import Adoption


def adopted(adoption: Adoption, file: str, *, is_written: bool) -> dict[str, Any]:
    """What was written to a file, or would be.

    Args:
        adoption: The values that were set by hand.
        file: The flag's file, relative to the repository.
        is_written: Whether it was written; otherwise it was only looked at.
    """
    return {
        "format": "rolloutctl-adopt/1",
        "flag": adoption.flag,
        "file": file,
        "written": is_written,
        "overrides": [
            {
                "merchant": override.merchant,
                "shop_domain": _shop_domain(adoption, override.merchant),
                "value": override.value,
                "reason": override.reason,
                "expires": override.expires.isoformat() if override.expires else None,
            }
            for override in adoption.overrides
        ],
        "left_alone": [
            {
                "merchant": merchant,
                "shop_domain": _shop_domain(adoption, merchant),
                "why": why,
            }
            for merchant, why in adoption.left_alone
        ],
    }


def _shop_domain(adoption: Adoption, merchant: str) -> str | None:
    known = adoption.merchants.get(merchant)
    return known.shop_domain if known else None
