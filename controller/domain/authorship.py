"""Authorship: who wrote a merchant's value last, as far as anybody can tell.

The app's table keeps no author, only `"updatedAt"` of the whole row; the ledger keeps our own
writes. A row written later than our newest write was written by somebody else. A hand-made UPDATE
that leaves `"updatedAt"` alone leaves no trace, and then the answer is "not known".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from controller.domain.ledger import ChangeRecord

_ROUNDING: Final = timedelta(milliseconds=1)
"""Prisma's columns keep milliseconds, the ledger microseconds: one instant may differ by this."""


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote one merchant's value of one flag.

    Attributes:
        ours: Our newest change of this flag for this merchant.
        ours_any: When we last wrote any flag of this merchant; the row has one `"updatedAt"`.
        row_written: When the row was last written, by whoever; None without a row.
    """

    ours: ChangeRecord | None
    ours_any: datetime | None
    row_written: datetime | None

    @classmethod
    def of(
        cls, flag: str, last_changes: Mapping[str, ChangeRecord], row_written: datetime | None
    ) -> Self:
        """From a merchant's newest recorded change of each flag."""
        newest = max((change.at for change in last_changes.values()), default=None)
        return cls(last_changes.get(flag), newest, row_written)

    @property
    def somebody_else(self) -> datetime | None:
        """When somebody else wrote the row, if that is certain."""
        if self.row_written is None:
            return None
        if self.ours_any is not None and self.row_written <= self.ours_any + _ROUNDING:
            return None
        return self.row_written
