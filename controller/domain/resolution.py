"""Resolution: who has which flag, all merchants at once, as sorted lists of the few who differ.

Beside the way of a change, for whoever serves the same truth elsewhere. Merchants come in batches,
as the database streams them; of a million only the ids of those stay in memory that some flag
treats unlike the rest, and a bit for each of them and each flag.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from controller.domain.cohort import Audience, Mask, positions
from controller.domain.comparison import Sheet
from controller.domain.desired import DesiredFlag
from controller.domain.merchant import MerchantBatch
from controller.domain.units import EVERYONE

_Bits: TypeAlias = NDArray[np.uint8]
_EVERYBODY: Final = Audience({}, EVERYONE.basis_points, "", None)


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedFlag:
    """Who has one flag.

    Attributes:
        halted: Whether a halt is in force; then nobody has it.
        usual: What a merchant has that is no exception, those yet to come included: on where the
            flag is on for everyone, else off.
        count: How many exceptions there are.
    """

    desired: DesiredFlag
    halted: bool
    usual: bool
    count: int
    _ids: Sequence[str]
    _bits: _Bits

    @property
    def exceptions(self) -> Iterator[str]:
        """The merchants that have the opposite of `usual`, sorted."""
        chosen = np.unpackbits(self._bits, count=len(self._ids))
        return compress(self._ids, chosen.tolist())


def audience_of(desired: DesiredFlag, now: datetime, *, halted: bool) -> Audience:
    """Who should have a flag, its global value included; unlike a column, that reaches everyone."""
    if desired.flag.globally_on and not halted:
        return _EVERYBODY
    return Audience.of(desired, now, halted=halted)


def resolve(
    flags: Iterable[DesiredFlag],
    halts: Collection[str],
    now: datetime,
    batches: Iterable[MerchantBatch],
) -> tuple[ResolvedFlag, ...]:
    """Resolve flags for every merchant at an instant, by the rules of `targeting`.

    Args:
        flags: As desired.
        halts: The keys of those that are halted.
        now: The database's clock.
        batches: Every merchant once, with its age.
    """
    flags = tuple(flags)
    audiences = [audience_of(flag, now, halted=flag.key in halts) for flag in flags]
    ids, rows = _exceptions(audiences, batches)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ids = [ids[place] for place in order]
    return tuple(
        ResolvedFlag(
            flag,
            flag.key in halts,
            _usual(audience),
            int(np.count_nonzero(row)),
            ids,
            np.packbits(row[order]),
        )
        for flag, audience, row in zip(flags, audiences, rows, strict=True)
    )


def _usual(audience: Audience) -> bool:
    return audience.threshold == EVERYONE.basis_points


def _exceptions(
    audiences: Sequence[Audience], batches: Iterable[MerchantBatch]
) -> tuple[list[str], Iterator[Mask]]:
    """The ids that are an exception for some flag, and for each flag which of them are."""
    named = frozenset[str]().union(*(audience.named for audience in audiences))
    ids: list[str] = []
    blocks: list[tuple[int, _Bits]] = []
    for batch in batches:
        masks = _masks(audiences, Sheet(batch, positions(named, batch.ids)))
        unlike: Mask = np.logical_or.reduce(masks, axis=0)
        ids += compress(batch.ids, unlike.tolist())
        blocks.append((int(np.count_nonzero(unlike)), np.packbits(masks[:, unlike], axis=1)))
    return ids, (_row(blocks, number) for number in range(len(audiences)))


def _masks(audiences: Sequence[Audience], sheet: Sheet) -> Mask:
    """Which merchants of a batch are exceptions. Shape `(audiences, n)`."""
    masks = np.zeros((len(audiences), len(sheet.batch.ids)), dtype=np.bool_)
    for number, audience in enumerate(audiences):
        masks[number] = sheet.reached_by(audience) != _usual(audience)
    return masks


def _row(blocks: Sequence[tuple[int, _Bits]], number: int) -> Mask:
    """One flag's bits of all batches, one after the other."""
    parts = [np.unpackbits(bits[number], count=count) for count, bits in blocks]
    return np.concatenate([np.zeros(0, np.uint8), *parts]).astype(np.bool_)
