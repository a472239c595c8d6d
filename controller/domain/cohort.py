"""The cohort in bulk: the rules of `controller.domain.targeting` for thousands at once.

An `Audience` is made once for a flag and an instant; it then answers batch after batch. Merchants
that a file names (overrides, named, excluded) are looked up one by one; everyone else goes through
numpy.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from controller.domain.bucketing import buckets
from controller.domain.desired import DesiredFlag
from controller.domain.instants import whole_seconds
from controller.domain.merchant import MerchantBatch
from controller.domain.rollout import Rollout
from controller.domain.units import EVERYONE

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who has a flag at an instant.

    Attributes:
        named: The value of each merchant that a file names; it beats the percentage.
        threshold: Buckets below it are on: 0 for nobody, 10,000 for everyone.
        salt: Of the buckets.
        created_by: Seconds since 1970 UTC: merchants created later are too young; None where age
            does not matter.
    """

    named: Mapping[str, bool]
    threshold: int
    salt: str
    created_by: int | None

    @classmethod
    def of(cls, desired: DesiredFlag, now: datetime, *, halted: bool) -> Self:
        """The audience of a flag at an instant."""
        rollout = desired.rollout
        if halted:
            return cls({}, 0, "", None)
        overrides = {o.merchant: o.value for o in desired.flag.overrides if o.active_at(now)}
        if rollout is None:
            return cls(overrides, 0, "", None)
        threshold = _threshold(rollout)
        swept_in = 0 < threshold < EVERYONE.basis_points
        excluded = dict.fromkeys(rollout.eligible.exclude, False) if swept_in else {}
        named = dict.fromkeys(rollout.named_up_to(rollout.position), True)
        youngest = now - rollout.eligible.min_merchant_age
        return cls(
            named={**excluded, **named, **overrides},
            threshold=threshold,
            salt=rollout.bucketing.salt,
            created_by=whole_seconds(youngest) if swept_in else None,
        )

    @property
    def hashes(self) -> bool:
        """Whether the answer depends on buckets at all."""
        return 0 < self.threshold < EVERYONE.basis_points

    def reaches(
        self,
        batch: MerchantBatch,
        places: NDArray[np.uint16] | None = None,
        found: Mapping[str, int] | None = None,
    ) -> Mask:
        """Which merchants of a batch have it. Shape `(n,)`.

        Args:
            batch: With `created_at` where `created_by` is not None.
            places: The merchants' buckets for this salt, if they are known already.
            found: Where in the batch the merchants of `named` stand, and others, if that is known
                already; see `positions`.
        """
        reached = self._by_percent(batch, places)
        if found is None:
            found = positions(self.named.keys(), batch.ids)
        for merchant in found.keys() & self.named.keys():
            reached[found[merchant]] = self.named[merchant]
        return reached

    def _by_percent(self, batch: MerchantBatch, places: NDArray[np.uint16] | None) -> Mask:
        if not self.hashes:
            return np.full(len(batch.ids), self.threshold > 0)
        if places is None:
            places = buckets(self.salt, batch.ids)
        reached = places < self.threshold
        if self.created_by is not None:
            if batch.created_at is None:
                raise ValueError("the audience depends on the merchants' age, which was not read")
            reached &= batch.created_at <= self.created_by
        return reached


def _threshold(rollout: Rollout) -> int:
    percent = rollout.percent_at(rollout.position)
    return percent.basis_points if percent is not None else 0


def referenced(desired: DesiredFlag) -> frozenset[str]:
    """Every merchant that the files of a flag name: in an override, in any phase, as excluded."""
    overridden = frozenset(override.merchant for override in desired.flag.overrides)
    rollout = desired.rollout
    if rollout is None:
        return overridden
    return overridden | rollout.named_up_to(rollout.last_position) | rollout.eligible.exclude


def positions(names: AbstractSet[str], ids: Sequence[str]) -> dict[str, int]:
    """Where the merchants of a set stand in a batch; those that are not in it are left out.

    Most batches hold none of them, and the set finds that out fastest.
    """
    found = frozenset(names).intersection(ids) if names else names
    if not found:
        return {}
    where = compress(range(len(ids)), map(found.__contains__, ids))
    return {ids[index]: index for index in where}
