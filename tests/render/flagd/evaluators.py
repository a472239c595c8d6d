"""What reads flagd's definitions: the official evaluators, and the older hash that one of them had.

Everything is asked for the variant of a merchant at an instant.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import mmh3
from json_logic import jsonLogic
from openfeature.contrib.tools.flagd.core.targeting.targeting import OPERATORS

from controller.domain.instants import whole_seconds


def second_generation(data: dict[str, Any], key: str, *shares: tuple[str, int]) -> str | None:
    """`fractional` as it was before it hashed CBOR, written from its specification."""
    whole = sum(weight for _, weight in shares)
    place, end = (mmh3.hash(key.encode(), 0, signed=False) * whole) >> 32, 0
    for variant, weight in shares:
        end += weight
        if place < end:
            return variant
    return None


def value(
    definition: Mapping[str, Any],
    key: str,
    merchant: str | None,
    now: datetime,
    **attributes: Any,
) -> bool:
    """What a flag is for a merchant, by flagd's own Python operators at any instant."""
    flag = definition["flags"][key]
    assert flag["state"] == "ENABLED"
    variant = flag["defaultVariant"]
    if "targeting" in flag:
        context = {
            **attributes,
            "$flagd": {"flagKey": key, "timestamp": whole_seconds(now)},
            "targetingKey": merchant,
        }
        operators = {**OPERATORS, "fractional": second_generation}
        variant = jsonLogic(flag["targeting"], context, operators) or variant
    return flag["variants"][variant]
