"""Bucketing: a merchant's fixed place, 0..9999, in a rollout.

    bucket = (murmur3_x86_32(utf8(salt + "/" + merchant_id), seed 0) * 10000) >> 32

The arithmetic is that of flagd's second-generation `fractional`, so that a rollout can be exported.
It is versioned in every rollout file: another version would reshuffle everyone. Test vectors:
docs/bucketing.md.

`bucket` hashes one merchant with mmh3; `buckets` hashes thousands at once in numpy, several
times faster a key. Both give the same number for every input, which the tests try to break.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import mmh3
import numpy as np
from numpy.typing import NDArray

from controller.domain.murmur3 import BLOCK, begin, finish

BUCKETS: Final = 10_000
VERSION: Final = 1
"""The only version there is. A rollout file pins it."""

_FEW: Final = 64
"""So few merchants are hashed quicker one by one."""
_UNKNOWN: Final = np.uint16(65_535)
_LINE_END: Final = ord("\n")

_Table: TypeAlias = tuple[NDArray[np.intp] | slice, NDArray[np.uint8], int]
"""Which merchants; a row for each, as `murmur3.finish` wants it; how long the key in it is."""


def bucket(salt: str, merchant: str) -> int:
    """The bucket of one merchant, 0..9999."""
    key = f"{salt}/{merchant}".encode()  # given text, mmh3 crashes on what UTF-8 cannot carry
    return (mmh3.hash(key, seed=0, signed=False) * BUCKETS) >> 32


def buckets(salt: str, merchants: Sequence[str]) -> NDArray[np.uint16]:
    """The buckets of many merchants, in their order. Shape `(n,)`, each 0..9999."""
    prefix = f"{salt}/"
    shared = len(prefix) // BLOCK * BLOCK  # whole blocks that all keys share are hashed once
    out = np.full(len(merchants), _UNKNOWN)
    if len(merchants) >= _FEW and prefix.isascii():
        state = begin(prefix[:shared].encode())
        for chosen, rows, length in _tables(prefix[shared:], merchants):
            hashes = finish(state, rows, length, shared).astype(np.uint64)
            out[chosen] = (hashes * BUCKETS) >> np.uint64(32)
    for index in np.flatnonzero(out == _UNKNOWN).tolist():
        out[index] = bucket(salt, merchants[index])
    return out


def _tables(lead: str, merchants: Sequence[str]) -> list[_Table]:
    """The keys as tables of bytes: those whose lengths many share; none if one has a line end.

    Measuring every id in Python costs more than hashing it. Instead all are joined by line ends,
    at the pitch that the first id gives. The ids of one app are of one length, as cuids are: if the
    line ends stand where they should and nowhere else, the text is the table.

    Args:
        lead: What every key begins with, in ASCII; the ids follow it.
        merchants: Not empty.
    """
    count, length = len(merchants), len(lead) + len(merchants[0].encode())
    pitch = _whole_blocks(length)
    gap = "\n" + "\0" * (pitch - length - 1)
    spare = "\0" * BLOCK  # so that the last row of any width ends within the text
    joined = f"{lead}{(gap + lead).join(merchants)}{gap}{spare}".encode()
    text = np.frombuffer(joined, dtype=np.uint8)
    line_ends = text == _LINE_END
    if np.count_nonzero(line_ends) != count:
        return []
    if len(text) == count * pitch + BLOCK and line_ends[length::pitch].all():
        return [(slice(None), text[:-BLOCK].reshape(count, pitch), length)]
    return _table_of_each_length(text, np.flatnonzero(line_ends), len(gap))


def _table_of_each_length(
    text: NDArray[np.uint8], ends: NDArray[np.intp], gap: int
) -> list[_Table]:
    starts = np.concatenate(([0], ends[:-1] + gap))
    lengths = ends - starts
    tables: list[_Table] = []
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        chosen = np.flatnonzero(lengths == length)
        if len(chosen) < _FEW:
            continue
        width = _whole_blocks(length)
        windows = np.ndarray(len(text) - width + 1, f"V{width}", text, strides=1)
        rows = windows[starts[chosen]].view(np.uint8).reshape(len(chosen), width)
        tables.append((chosen, rows, length))
    return tables


def _whole_blocks(length: int) -> int:
    return (length // BLOCK + 1) * BLOCK
