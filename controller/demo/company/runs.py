"""What happened: runs in columns, drawn from a profile.

Before the way of a change. A run is one `"WorkflowExecution"` row; its order and line items follow
in `orders.py`.
"""

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from controller.demo.company.behaviour import GOOD, Profile
from controller.demo.company.cuid import Instants

STAGES: Final = (
    "ai_parsing",
    "database_save",
    "supplier_matching",
    "product_drafts",
    "image_attachment",
    "shopify_sync",
)
"""The six stages of a purchase order, in order."""

_STAGE_TROUBLE: Final = (0.40, 0.08, 0.07, 0.10, 0.10, 0.25)
_LONGEST_WAIT_SECONDS: Final = 20.0
_MOST_TROUBLED: Final = 0.95
_MINUTE: Final = 60_000.0


class Fate(IntEnum):
    """How a run ends, as `"WorkflowExecution".status` shows it."""

    COMPLETED = 0
    FAILED = 1
    PROCESSING = 2  # stuck: it will never end


STATUSES: Final = tuple(fate.name.lower() for fate in Fate)
"""The status of each fate, by its number."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs in columns, `n` of them.

    Attributes:
        merchant: Which merchant of the roster. Shape `(n,)`.
        created: When the run was made; its purchase order was uploaded a moment before.
        completed: When it ended; NaT where it has not.
        fate: A `Fate`.
        stage: The stage it has reached, an index of `STAGES`.
        synced: Whether its order reached the shop.
        corrupt: Whether it leaves wrong data.
    """

    merchant: NDArray[np.intp]
    created: Instants
    started: Instants
    completed: Instants
    fate: NDArray[np.int8]
    stage: NDArray[np.int8]
    synced: NDArray[np.bool_]
    corrupt: NDArray[np.bool_]

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """Some of them, by a mask or by places."""
        return type(self)(*(getattr(self, column.name)[which] for column in fields(self)))

    def joined(self, other: Self) -> Self:
        """These and others, oldest first."""
        columns = (
            np.concatenate([getattr(self, column.name), getattr(other, column.name)])
            for column in fields(self)
        )
        both = type(self)(*columns)
        return both.chosen(np.argsort(both.created, kind="stable"))

    def as_of(self, at: np.datetime64) -> Self:
        """The same as one saw them at an instant: what ends later is still being processed."""
        ahead = self.completed > at
        share = (at - self.created[ahead]) / (self.completed[ahead] - self.created[ahead])
        completed, fate, stage = self.completed.copy(), self.fate.copy(), self.stage.copy()
        completed[ahead] = np.datetime64("NaT")
        fate[ahead] = Fate.PROCESSING
        stage[ahead] = np.minimum(stage[ahead], share * len(STAGES))
        done = fate == Fate.COMPLETED
        return replace(
            self,
            completed=completed,
            fate=fate,
            stage=stage,
            synced=self.synced & done,
            corrupt=self.corrupt & done,
        )


def draw_runs(
    profile: Profile,
    merchant: NDArray[np.intp],
    created: Instants,
    trouble: NDArray[np.float64],
    rng: np.random.Generator,
) -> Runs:
    """Decide what becomes of runs that were made.

    Args:
        profile: The odds.
        merchant: Whose run each is.
        created: When each was made.
        trouble: How troubled the merchant of each run is; 1 on average.
        rng: Where chance comes from.
    """
    if not profile.runs:
        merchant, created, trouble = merchant[:0], created[:0], trouble[:0]
    count = len(merchant)
    fate = _fates(profile, merchant, trouble, rng)
    minutes = profile.minutes * rng.lognormal(sigma=profile.spread, size=count)
    stage = rng.choice(len(STAGES), size=count, p=_STAGE_TROUBLE).astype(np.int8)
    minutes[fate == Fate.FAILED] *= (stage[fate == Fate.FAILED] + 1) / len(STAGES)
    stage[fate == Fate.COMPLETED] = len(STAGES) - 1
    started = created + _milliseconds(1_000 * _LONGEST_WAIT_SECONDS * rng.random(count))
    completed = created + _milliseconds(minutes * _MINUTE)
    completed[fate == Fate.PROCESSING] = np.datetime64("NaT")
    done = fate == Fate.COMPLETED
    return Runs(
        merchant=merchant,
        created=created,
        started=started,
        completed=completed,
        fate=fate,
        stage=stage,
        synced=done & (rng.random(count) >= profile.unsynced),
        corrupt=done & (rng.random(count) < profile.corrupt),
    )


def _fates(
    profile: Profile,
    merchant: NDArray[np.intp],
    trouble: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.int8]:
    count = len(merchant)
    fate = np.full(count, Fate.COMPLETED, dtype=np.int8)
    afflicted = _afflicted(profile, merchant)
    failed = np.where(afflicted, profile.failed, GOOD.failed) * trouble
    chance = rng.random(count)
    fate[chance < np.minimum(failed, _MOST_TROUBLED)] = Fate.FAILED
    fate[afflicted & (chance > 1 - profile.stuck * trouble)] = Fate.PROCESSING
    return fate


def _afflicted(profile: Profile, merchant: NDArray[np.intp]) -> NDArray[np.bool_]:
    every = max(1, round(1 / profile.afflicted))
    hit: NDArray[np.bool_] = merchant % every == 0
    return hit


def _milliseconds(amount: NDArray[np.float64]) -> NDArray[np.timedelta64]:
    return amount.astype("timedelta64[ms]")
