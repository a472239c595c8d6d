"""Bucketing: a merchant's fixed place, 0..9999, in a rollout.

    bucket = (murmur3_x86_32(utf8(salt + "/" + merchant_id), seed 0) * 10000) >> 32

The arithmetic is that of flagd's second-generation `fractional`, so that a rollout can be exported.
It is versioned in every rollout file: another version would reshuffle everyone. Test vectors:
docs/bucketing.md.

`bucket` hashes one merchant with mmh3; `buckets` hashes thousands at once in numpy, five times
faster a key. Both give the same number for every input, which the tests try to break.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 10_000
VERSION: Final = 1
"""The only version there is. A rollout file pins it."""

_U32 = np.uint32
_C1: Final = _U32(0xCC9E2D51)
_C2: Final = _U32(0x1B873593)
_BLOCK: Final = 4


def bucket(salt: str, merchant: str) -> int:
    """The bucket of one merchant, 0..9999."""
    import mmh3  # noqa: PLC0415 -- only this scalar path needs it

    return (mmh3.hash(f"{salt}/{merchant}", seed=0, signed=False) * BUCKETS) >> 32


def buckets(salt: str, merchants: Sequence[str]) -> NDArray[np.uint16]:
    """The buckets of many merchants, in their order. Shape `(n,)`, each 0..9999."""
    if not merchants:
        return np.empty(0, dtype=np.uint16)
    ids = _table_of(merchants)
    if ids is not None:  # the ids of one app are all of one length, as cuids are
        return _buckets_of_one_length(salt, ids)
    return _buckets_of_many_lengths(salt, [merchant.encode() for merchant in merchants])


def _table_of(merchants: Sequence[str]) -> NDArray[np.uint8] | None:
    """The ids as a table of bytes, one row each; None unless all have the same length in UTF-8.

    Measuring every id costs more than hashing it. Instead all are joined by line ends: they have
    one length if the line ends stand at equal distances and nowhere else.
    """
    joined = ("\n".join(merchants) + "\n").encode()
    width = len(merchants[0].encode()) + 1
    if len(joined) != width * len(merchants) or joined.count(b"\n") != len(merchants):
        return None
    table = np.frombuffer(joined, dtype=np.uint8).reshape(len(merchants), width)
    return table[:, :-1] if (table[:, -1] == ord("\n")).all() else None


def _buckets_of_many_lengths(salt: str, keys: list[bytes]) -> NDArray[np.uint16]:
    lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    out = np.empty(len(keys), dtype=np.uint16)
    for length in np.unique(lengths):
        chosen = np.flatnonzero(lengths == length)
        same = b"".join(keys[i] for i in chosen)
        table = np.frombuffer(same, dtype=np.uint8).reshape(len(chosen), length)
        out[chosen] = _buckets_of_one_length(salt, table)
    return out


def _buckets_of_one_length(salt: str, ids: NDArray[np.uint8]) -> NDArray[np.uint16]:
    prefix = f"{salt}/".encode()
    shared = len(prefix) // _BLOCK * _BLOCK  # whole blocks that all keys share are hashed once
    rest = prefix[shared:]
    count, width = ids.shape
    tail = len(rest) + width
    padded = np.zeros((count, -(-tail // _BLOCK) * _BLOCK), dtype=np.uint8)
    padded[:, : len(rest)] = np.frombuffer(rest, dtype=np.uint8)
    padded[:, len(rest) : tail] = ids
    state = np.zeros(1, dtype=_U32)
    _mix(state, _scramble(np.frombuffer(prefix[:shared], dtype="<u4").reshape(-1, 1)))
    by_column = np.ascontiguousarray(padded.view("<u4").T)
    hashes = np.repeat(state, count)
    _murmur3(hashes, by_column, tail // _BLOCK, shared + tail)
    return ((hashes.astype(np.uint64) * BUCKETS) >> np.uint64(32)).astype(np.uint16)


def _murmur3(
    hashes: NDArray[np.uint32], blocks: NDArray[np.uint32], full: int, length: int
) -> None:
    """Finish MurmurHash3 x86 32-bit in place, from the state that the shared prefix left.

    Args:
        hashes: The state of each key, shape `(n,)`.
        blocks: The blocks still to hash, shape `(blocks, n)`; the last one may be a zero-padded
            tail.
        full: How many of the blocks are whole.
        length: The length of the whole key, in bytes.
    """
    scrambled = _scramble(blocks)
    _mix(hashes, scrambled[:full])
    for tail in scrambled[full:]:  # zero padding makes the tail one more block, without the mixing
        hashes ^= tail
    hashes ^= _U32(length)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes ^= hashes >> _U32(shift)
        hashes *= _U32(factor)
    hashes ^= hashes >> _U32(16)


def _mix(hashes: NDArray[np.uint32], scrambled: NDArray[np.uint32]) -> None:
    high = np.empty_like(hashes)  # in place: allocating a column an operation costs a third more
    for block in scrambled:
        hashes ^= block
        np.left_shift(hashes, _U32(13), out=high)
        hashes >>= _U32(19)
        hashes |= high
        hashes *= _U32(5)
        hashes += _U32(0xE6546B64)


def _scramble(blocks: NDArray[np.uint32]) -> NDArray[np.uint32]:
    scrambled = blocks * _C1
    high = scrambled << _U32(15)
    scrambled >>= _U32(17)
    scrambled |= high
    scrambled *= _C2
    return scrambled
