"""Actual: what the database really has, of what the controller needs."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActualSchema:
    """The app's table and columns as they are.

    Attributes:
        has_merchant_config: Whether the `"MerchantConfig"` table exists.
        columns: The boolean columns of that table.
        other_columns: Columns of that table with another type, and that type; a flag cannot live
            there.
    """

    has_merchant_config: bool
    columns: frozenset[str]
    other_columns: Mapping[str, str]
