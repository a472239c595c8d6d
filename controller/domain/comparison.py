"""Comparison: one flag, held against every merchant in one pass.

Batches come in as the database streams them; only the ids that change are kept. Everything is done
in columns: a merchant that is right already costs no Python object.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from controller.domain.bucketing import buckets
from controller.domain.causes import Causes
from controller.domain.cohort import Audience, Mask
from controller.domain.desired import DesiredFlag
from controller.domain.ledger import Ledger
from controller.domain.merchant import MerchantBatch
from controller.domain.plan import Cause, ChangeGroup

_NOBODY: Final = Audience({}, 0, "", None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One batch, with what every flag needs of it worked out once.

    Attributes:
        found: Where in the batch the merchants stand that some file names.
        places: The buckets, by salt: flags that share a salt hash once.
    """

    batch: MerchantBatch
    found: Mapping[str, int]
    places: dict[str, NDArray[np.uint16]] = field(default_factory=dict)

    def reached_by(self, audience: Audience) -> Mask:
        """Which merchants of the batch an audience reaches."""
        salt = audience.salt
        if audience.hashes and salt not in self.places:
            self.places[salt] = buckets(salt, self.batch.ids)
        return audience.reaches(self.batch, self.places.get(salt), self.found)


@dataclass(slots=True)
class Tally:
    """What the pass finds for one flag. The one thing in planning that grows while it runs."""

    on_before: int = 0
    on_after: int = 0
    changed: dict[tuple[bool, Cause], list[str]] = field(default_factory=lambda: defaultdict(list))

    def groups(self, flag: str) -> tuple[ChangeGroup, ...]:
        """The changes found, sorted."""
        return tuple(
            ChangeGroup(flag, value, cause, tuple(sorted(merchants)))
            for (value, cause), merchants in sorted(self.changed.items())
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One flag, prepared for the pass.

    Attributes:
        row: Which row of `MerchantBatch.values` holds the flag.
        audience: Who should have it now.
        audience_then: Who should have had it when the ledger last decided; nobody before that.
    """

    row: int
    audience: Audience
    audience_then: Audience
    causes: Causes
    tally: Tally

    @classmethod
    def of(
        cls, flag: DesiredFlag, ledger: Ledger, causes: Causes, audience: Audience, row: int
    ) -> Self:
        """Prepare one flag."""
        before, then = ledger.last_applied(flag), ledger.decided_at(flag.key)
        audience_then = (
            Audience.of(before, then, halted=ledger.was_off(flag.key))
            if before and then
            else _NOBODY
        )
        return cls(row, audience, audience_then, causes, Tally())

    @property
    def named(self) -> frozenset[str]:
        """The merchants that must be looked up one by one."""
        return (
            self.causes.singled_out | self.audience.named.keys() | self.audience_then.named.keys()
        )

    def add(self, sheet: Sheet) -> None:
        """Compare one batch and keep what changes."""
        actual = sheet.batch.values[self.row] > 0
        wanted = sheet.reached_by(self.audience)
        self.tally.on_before += int(np.count_nonzero(actual))
        self.tally.on_after += int(np.count_nonzero(wanted))
        changed = np.flatnonzero(actual != wanted)
        if len(changed):
            drifted = actual != sheet.reached_by(self.audience_then)
            self._keep(sheet, changed, wanted[changed], drifted[changed])

    def _keep(self, sheet: Sheet, changed: NDArray[np.intp], values: Mask, drifted: Mask) -> None:
        """Tell the causes apart: of the many once for all that are alike, of the named singly."""
        ids, fresh = sheet.batch.ids, self._fresh(sheet.batch, changed)
        singled_out = self.causes.singled_out & sheet.found.keys()
        for value, drift, is_fresh in product((False, True), repeat=3):
            alike = changed[(values == value) & (drifted == drift) & (fresh == is_fresh)].tolist()
            merchants = [ids[index] for index in alike]
            for merchant in singled_out.intersection(merchants):
                self._add([merchant], value=value, drifted=drift, is_fresh=is_fresh)
            many = [m for m in merchants if m not in singled_out] if singled_out else merchants
            if many:
                self._add(many, value=value, drifted=drift, is_fresh=is_fresh)

    def _add(self, merchants: list[str], *, value: bool, drifted: bool, is_fresh: bool) -> None:
        cause = self.causes.of_change(merchants[0], value=value, drifted=drifted, is_fresh=is_fresh)
        self.tally.changed[value, cause].extend(merchants)

    def _fresh(self, batch: MerchantBatch, changed: NDArray[np.intp]) -> Mask:
        if batch.created_at is None or self.causes.decided_at is None:
            return np.zeros(len(changed), dtype=np.bool_)
        return batch.created_at[changed] >= self.causes.decided_at
