"""Merchants, one at a time for `explain` and in columns for planning over a million."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.int8]
Seconds: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant of the app (a tenant).

    Attributes:
        created_at: With a zone (UTC); Prisma's zoneless columns are read as UTC.
    """

    id: str
    shop_domain: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class MerchantBatch:
    """Some thousand merchants, in columns.

    Attributes:
        ids: The merchants' ids, `n` of them.
        values: Shape `(flags, n)`: 1 on, 0 off, -1 where the merchant has no row, no column or a
            NULL; in the order of the columns asked for.
        created_at: Shape `(n,)`: seconds since 1970 UTC, rounded down; None when it was not asked
            for.
    """

    ids: list[str]
    values: Values
    created_at: Seconds | None
