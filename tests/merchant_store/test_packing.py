"""Any number of columns comes back as it went in."""

import numpy as np
import pytest

from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.packing import Packing
from tests.merchant_store.builders import NOW, Shop, environment


@pytest.mark.parametrize("count", [1, 2, 31, 32, 70])
@pytest.mark.parametrize("with_age", [False, True])
def test_values_survive_packing(shop: Shop, *, count: int, with_age: bool):
    columns = [f"flag{number}" for number in range(count)]
    added = ", ".join(f'ADD COLUMN "{column}" BOOLEAN' for column in columns)
    shop.execute(f'ALTER TABLE "MerchantConfig" {added}')
    shop.add("m1", "m2", at=NOW)
    shop.configure({"m1": False})
    values = {column: (True, False, None)[number % 3] for number, column in enumerate(columns)}
    for column, value in values.items():
        shop.execute(f'UPDATE "MerchantConfig" SET "{column}" = %s', value)

    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches(columns, with_age=with_age)

    expected = {True: 1, False: 0, None: -1}
    by_merchant = dict(zip(batch.ids, batch.values.T.tolist(), strict=True))
    assert by_merchant["m1"] == [expected[values[column]] for column in columns]
    assert by_merchant["m2"] == [-1] * count
    if with_age:
        assert batch.created_at.tolist() == [round(NOW.timestamp())] * 2
    else:
        assert batch.created_at is None


def test_width_counts_the_numbers_of_a_merchant():
    columns = tuple(f"c{number}" for number in range(32))
    assert Packing((), frozenset(), with_age=False).width == 1
    assert Packing(columns, frozenset(columns), with_age=True).width == 3
    assert Packing(columns, frozenset(columns[:3]), with_age=True).width == 2


def test_the_highest_flag_of_a_number_does_not_touch_its_sign():
    columns = tuple(f"c{number}" for number in range(31))
    packing = Packing(columns, frozenset(columns), with_age=False)
    text = packing.expressions(AppTables.of(environment().database)).as_string()
    assert str(2 << 60) in text
    assert packing.values([np.array([2 << 60])])[30].tolist() == [1]
