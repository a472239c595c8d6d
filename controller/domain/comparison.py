"""Comparison: one flag, held against every merchant in one pass.

Batches come in as the database streams them; only the ids that change are kept. Everything is done
in columns: a merchant that is right already costs no Python object.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from controller.domain.bucketing import buckets
from controller.domain.causes import Causes
from controller.domain.cohort import Audience, Mask
from controller.domain.desired import DesiredFlag
from controller.domain.ledger import Ledger
from controller.domain.merchant import MerchantBatch
from controller.domain.plan import Cause, ChangeGroup

Places: TypeAlias = dict[str, NDArray[np.uint16]]
"""The buckets of one batch, by salt: flags that share a salt hash once."""

_NOBODY = Audience({}, 0, "", None)


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
        applied, then = ledger.applied.get(flag.key), ledger.evaluated_at
        was_halted = flag.key in ledger.halts or flag.key in ledger.resumed
        audience_then = (
            Audience.of(applied.desired, then, halted=was_halted) if applied and then else _NOBODY
        )
        return cls(row, audience, audience_then, causes, Tally())

    def add(self, batch: MerchantBatch, places: Places) -> None:
        """Compare one batch and keep what changes."""
        actual = batch.values[self.row] > 0
        wanted = _reached(self.audience, batch, places)
        self.tally.on_before += int(np.count_nonzero(actual))
        self.tally.on_after += int(np.count_nonzero(wanted))
        changed = np.flatnonzero(actual != wanted)
        if len(changed):
            drifted = actual != _reached(self.audience_then, batch, places)
            self._keep(batch, changed, wanted[changed], drifted[changed])

    def _keep(
        self, batch: MerchantBatch, changed: NDArray[np.intp], values: Mask, drifted: Mask
    ) -> None:
        fresh = self._fresh(batch, changed)
        overridden = self.causes.overridden
        for value, drift, is_fresh in product((False, True), repeat=3):
            alike = changed[(values == value) & (drifted == drift) & (fresh == is_fresh)].tolist()
            merchants = [batch.ids[index] for index in alike]
            named = (
                [merchant for merchant in merchants if merchant in overridden] if overridden else []
            )
            for merchant in named:
                cause = self.causes.of_change(
                    merchant, value=value, drifted=drift, is_fresh=is_fresh
                )
                self.tally.changed[value, cause].append(merchant)
            if len(named) < len(merchants):
                cause = self.causes.of_change("", value=value, drifted=drift, is_fresh=is_fresh)
                rest = [m for m in merchants if m not in overridden] if named else merchants
                self.tally.changed[value, cause].extend(rest)

    def _fresh(self, batch: MerchantBatch, changed: NDArray[np.intp]) -> Mask:
        if batch.created_at is None or self.causes.decided_at is None:
            return np.zeros(len(changed), dtype=np.bool_)
        return batch.created_at[changed] >= self.causes.decided_at


def _reached(audience: Audience, batch: MerchantBatch, places: Places) -> Mask:
    if audience.hashes and audience.salt not in places:
        places[audience.salt] = buckets(audience.salt, batch.ids)
    return audience.reaches(batch, places.get(audience.salt))
