import mmh3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.murmur3 import BLOCK, begin, finish


def hashed(shared: bytes, keys: list[bytes], noise: int) -> list[int]:
    length = len(keys[0])
    width = (length // BLOCK + 1) * BLOCK
    rows = np.full((len(keys), width), noise, dtype=np.uint8)
    for row, key in zip(rows, keys, strict=True):
        row[:length] = np.frombuffer(key, dtype=np.uint8)
    return finish(begin(shared), rows, length, len(shared)).tolist()


@given(
    st.integers(0, 6).flatmap(lambda blocks: st.binary(min_size=4 * blocks, max_size=4 * blocks)),
    st.integers(0, 40).flatmap(
        lambda length: st.lists(st.binary(min_size=length, max_size=length), min_size=1, max_size=5)
    ),
    st.integers(0, 255),
)
def test_it_is_mmh3_whatever_is_shared_and_whatever_follows_a_key(shared, keys, noise):
    expected = [mmh3.hash(shared + key, seed=0, signed=False) for key in keys]
    assert hashed(shared, keys, noise) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"", 0x00000000),
        (b"\x00\x00\x00\x00", 0x2362F9DE),
        (b"\xff\xff\xff\xff", 0x76293B50),
        (b"\x21\x43\x65\x87", 0xF55B516B),
        (b"\x21\x43\x65", 0x7E4A8634),
        (b"\x21\x43", 0xA0F7B07A),
        (b"\x21", 0x72661CF4),
    ],
)
def test_known_answers(key, expected):
    assert hashed(b"", [key, key], 0) == [expected, expected]
