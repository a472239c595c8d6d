import re

import numpy as np

from controller.demo.company.cuid import cuids


def test_ids_have_the_shape_of_a_cuid_and_are_distinct():
    created = np.full(5_000, np.datetime64("2026-06-10T12:00", "ms"))
    ids = cuids(created, np.random.default_rng(1))
    assert all(re.fullmatch(r"c[0-9a-z]{24}", one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_later_rows_get_ids_that_sort_later():
    created = np.datetime64("2024-06-01", "ms") + np.arange(1_000) * np.timedelta64(61_001, "ms")
    ids = cuids(created, np.random.default_rng(1))
    assert ids == sorted(ids)


def test_the_same_chance_gives_the_same_ids():
    created = np.full(3, np.datetime64("2026-06-10", "ms"))
    assert cuids(created, np.random.default_rng(1)) == cuids(created, np.random.default_rng(1))
    assert cuids(created[:0], np.random.default_rng(1)) == []
