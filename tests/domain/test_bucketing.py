"""Buckets against mmh3, against a MurmurHash3 written here from its description, and the docs."""

import re
from collections.abc import Iterable
from pathlib import Path

import mmh3
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controller.domain.bucketing import BUCKETS, bucket, buckets
from tests.domain.strategies import any_id, salts

DOCS = Path(__file__).parents[2] / "docs" / "bucketing.md"
_ROW = re.compile(r'\| `"(.*)"` \| `"(.*)"` \| `0x([0-9a-f]{8})` \| (\d+) \|')
MANY = st.lists(any_id, min_size=64, max_size=150)


def vectors() -> list[tuple[str, str, int, int]]:
    """Salt, merchant, hash and bucket of each row of the table in the docs."""
    rows = (_ROW.fullmatch(line) for line in DOCS.read_text("utf-8").splitlines())
    return [
        (_unescaped(row[1]), _unescaped(row[2]), int(row[3], 16), int(row[4]))
        for row in rows
        if row
    ]


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def murmur3(data: bytes) -> int:
    """MurmurHash3 x86 32-bit with seed 0, as its description reads."""

    def rotated(value: int, bits: int) -> int:
        return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF

    def scrambled(block: bytes) -> int:
        value = int.from_bytes(block, "little") * 0xCC9E2D51 & 0xFFFFFFFF
        return rotated(value, 15) * 0x1B873593 & 0xFFFFFFFF

    state, whole = 0, len(data) // 4 * 4
    for start in range(0, whole, 4):
        state = rotated(state ^ scrambled(data[start : start + 4]), 13)
        state = (state * 5 + 0xE6546B64) & 0xFFFFFFFF
    state ^= scrambled(data[whole:]) ^ len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    state = (state ^ state >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return state ^ state >> 16


def one_by_one(salt: str, merchants: Iterable[str]) -> list[int]:
    return [bucket(salt, merchant) for merchant in merchants]


@given(salts, any_id)
@example("", "")
@example("a", "\0")
@example("ä", "\n")
def test_a_bucket_is_what_the_formula_says(salt, merchant):
    key = f"{salt}/{merchant}".encode()
    assert murmur3(key) == mmh3.hash(key, seed=0, signed=False)
    assert bucket(salt, merchant) == (murmur3(key) * 10_000) >> 32
    assert 0 <= bucket(salt, merchant) < BUCKETS


@given(salts, MANY)
def test_many_at_once_are_the_same_as_one_by_one(salt, merchants):
    found = buckets(salt, merchants)
    assert found.dtype == np.uint16
    assert found.tolist() == one_by_one(salt, merchants)


@given(salts, st.integers(0, 80), st.integers(64, 80), st.data())
def test_many_ids_of_one_length_are_the_same_as_one_by_one(salt, length, count, data):
    alphabet = data.draw(st.sampled_from(["abc123", "ab\n", "aé", "a\0", "日本"]))
    ids = st.text(alphabet, min_size=length, max_size=length)
    merchants = data.draw(st.lists(ids, min_size=count, max_size=count))
    assert buckets(salt, merchants).tolist() == one_by_one(salt, merchants)


@pytest.mark.parametrize("salt", ["", "a", "ab", "abc", "abcd", "sequential_workflow", "ä", "\n"])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1_000])
def test_every_way_of_hashing_agrees(salt, count):
    for merchants in (
        [f"m{number:05}" for number in range(count)],
        [f"m{number}" for number in range(count)],
        ["x" * (number % 9) for number in range(count)],
        [f"m{number:05}" if number % 7 else f"kaffeeß{number}" for number in range(count)],
        [f"m{number:05}" if number % 7 else f"two\nlines{number}" for number in range(count)],
        ["" for _ in range(count)],
    ):
        assert buckets(salt, merchants).tolist() == one_by_one(salt, merchants)


def test_lengths_that_only_look_alike_from_afar():
    """The line ends stand where they should, but one of them belongs to an id."""
    merchants = ["ab\nd", "e", *["abc"] * 70]
    assert buckets("abc", merchants).tolist() == one_by_one("abc", merchants)
    swapped = ["abcd", "ab", *["abc"] * 70]
    assert buckets("abc", swapped).tolist() == one_by_one("abc", swapped)


def test_a_very_long_id_among_short_ones():
    merchants = ["x" * 100_000, *(f"m{number}" for number in range(100))]
    assert buckets("seq", merchants).tolist() == one_by_one("seq", merchants)


def test_the_ids_are_not_changed_by_being_hashed():
    merchants = [f"m{number:04}" for number in range(200)]
    before = list(merchants)
    assert buckets("seq", merchants).tolist() == buckets("seq", merchants).tolist()
    assert merchants == before


def test_text_that_utf_8_cannot_carry_is_refused_either_way():
    with pytest.raises(UnicodeEncodeError):
        bucket("seq", "\ud800")
    with pytest.raises(UnicodeEncodeError):
        buckets("seq", ["\ud800"] * 100)


@pytest.mark.parametrize("salt", ["seq", "new_checkout", "a"])
def test_buckets_are_spread_evenly(salt):
    """Chi-square over 100 classes; the bound is the 1 - 1e-9 quantile at 99 degrees of freedom."""
    count = 100_000
    found = buckets(salt, [f"c{number:024}" for number in range(count)])
    sizes = np.bincount(found // 100, minlength=100)
    assert float(((sizes - count / 100) ** 2 / (count / 100)).sum()) < 207


def test_two_salts_spread_independently():
    merchants = [f"c{number:024}" for number in range(100_000)]
    in_both = ((buckets("one", merchants) < 1_000) & (buckets("two", merchants) < 1_000)).sum()
    assert 850 < in_both < 1_150  # 10 % of 10 %


@pytest.mark.parametrize(("salt", "merchant", "hashed", "expected"), vectors())
def test_the_published_vectors_hold(salt, merchant, hashed, expected):
    assert murmur3(f"{salt}/{merchant}".encode()) == hashed
    assert bucket(salt, merchant) == expected
    assert buckets(salt, [merchant] * 100).tolist() == [expected] * 100


def test_the_published_vectors_are_enough_and_of_every_kind():
    found = vectors()
    assert len(found) >= 12
    assert len(set(found)) == len(found)
    lengths = {len(f"{salt}/{merchant}".encode()) % 4 for salt, merchant, _, _ in found}
    assert lengths == {0, 1, 2, 3}
    assert any(not merchant.isascii() for _, merchant, _, _ in found)
    assert any(hashed == 0 or expected == 0 for _, _, hashed, expected in found)
    assert any(expected == BUCKETS - 1 for _, _, _, expected in found)


def test_the_published_vectors_hold_at_once():
    by_salt: dict[str, list[tuple[str, int]]] = {}
    for salt, merchant, _, expected in vectors():
        by_salt.setdefault(salt, []).append((merchant, expected))
    for salt, rows in by_salt.items():
        merchants = [merchant for merchant, _ in rows] * 64
        assert buckets(salt, merchants).tolist() == [expected for _, expected in rows] * 64
