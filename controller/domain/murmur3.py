"""MurmurHash3 (x86, 32 bits, seed 0) of many keys of one length at once, in numpy.

Under `controller.domain.bucketing`, which lays the keys out as a table. Every step works on one
column of all keys, so that the arithmetic runs at the processor's vector width, and in place: a
fresh array for each step would double the time.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 4
"""The hash eats keys in blocks of four bytes."""

_U32 = np.uint32
_C1: Final = _U32(0xCC9E2D51)
_C2: Final = _U32(0x1B873593)

_Column = NDArray[np.uint32]


def begin(shared: bytes) -> _Column:
    """The state after the bytes that all keys begin with: whole blocks only. Shape `(1,)`."""
    state = np.zeros(1, dtype=_U32)
    _mix(state, np.frombuffer(shared, dtype="<u4").reshape(1, -1))
    return state


def finish(state: _Column, rows: NDArray[np.uint8], length: int, shared: int) -> _Column:
    """The hash of each key. Shape `(n,)`.

    Args:
        state: What `begin` left.
        rows: What is left of the keys, a row each, in whole blocks. What follows a key in its row
            does not count.
        length: How many bytes of each row belong to the key.
        shared: How many bytes `begin` has hashed.
    """
    blocks = rows.view("<u4")
    full, tail = divmod(length, BLOCK)
    hashes = np.repeat(state, len(rows))
    _mix(hashes, blocks[:, :full])
    if tail:
        last = blocks[:, full] & _U32((1 << 8 * tail) - 1)
        _scramble(last, np.empty_like(last))
        hashes ^= last
    hashes ^= _U32(shared + length)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes ^= hashes >> _U32(shift)
        hashes *= _U32(factor)
    hashes ^= hashes >> _U32(16)
    return hashes


def _mix(hashes: _Column, blocks: NDArray[np.uint32]) -> None:
    scrambled, spare = np.empty_like(hashes), np.empty_like(hashes)
    for block in blocks.T:
        scrambled[:] = block
        _scramble(scrambled, spare)
        hashes ^= scrambled
        _rotate_left(hashes, 13, spare)
        hashes *= _U32(5)
        hashes += _U32(0xE6546B64)


def _scramble(block: _Column, spare: _Column) -> None:
    block *= _C1
    _rotate_left(block, 15, spare)
    block *= _C2


def _rotate_left(column: _Column, bits: int, spare: _Column) -> None:
    np.left_shift(column, _U32(bits), out=spare)
    column >>= _U32(32 - bits)
    column |= spare
