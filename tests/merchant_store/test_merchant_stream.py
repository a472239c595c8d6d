"""Every merchant is streamed once, with its values; an empty table is never an answer."""

from datetime import UTC, datetime

import pytest

from controller.errors import DatabaseUnreachable, Refused
from controller.merchant_store.merchant_stream import BATCH
from tests.merchant_store.builders import COLUMN, NOW, Shop, ids


def test_more_than_a_batch(shop: Shop):
    shop.execute(
        "INSERT INTO \"Merchant\" (id, \"shopDomain\") SELECT 'm' || n, 's' || n "
        "FROM generate_series(1, %s) n",
        2 * BATCH + 5,
    )
    with shop.store().snapshot() as snapshot:
        batches = list(snapshot.batches([COLUMN], with_age=False))
    assert [len(batch.ids) for batch in batches] == [BATCH, BATCH, 5]
    assert [batch.values.shape for batch in batches] == [(1, BATCH), (1, BATCH), (1, 5)]
    assert len({merchant for batch in batches for merchant in batch.ids}) == 2 * BATCH + 5


def test_on_off_and_no_row_in_the_callers_order(shop: Shop):
    shop.add(*ids(3))
    shop.configure({"m000000": True, "m000001": False})
    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches(["no_such_column", COLUMN], with_age=False)
    found = dict(zip(batch.ids, batch.values.T.tolist(), strict=True))
    assert found == {"m000000": [-1, 1], "m000001": [-1, 0], "m000002": [-1, -1]}


def test_a_column_of_another_type_reads_as_absent(shop: Shop):
    shop.add("m1")
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN wrong TEXT')
    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches(["wrong"], with_age=False)
    assert batch.values.tolist() == [[-1]]


def test_without_merchant_config_everything_is_absent(young_shop: Shop):
    young_shop.add("m1")
    with young_shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches([COLUMN], with_age=True)
    assert batch.values.tolist() == [[-1]]
    assert batch.created_at.tolist() == [round(NOW.timestamp())]


def test_no_columns_at_all(shop: Shop):
    shop.add("m1")
    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches([], with_age=False)
    assert batch.values.shape == (0, 1)


@pytest.mark.parametrize(
    "at",
    [
        datetime(1948, 1, 26, 23, 59, 59, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    ],
)
def test_times_of_creation_are_whole_seconds_before_and_after_2000(shop: Shop, at: datetime):
    shop.add("m1", at=at)
    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches([], with_age=True)
    assert batch.created_at.tolist() == [int(at.timestamp() // 1)]


def test_an_empty_table_is_refused(shop: Shop):
    with pytest.raises(Refused, match="no merchant at all"), shop.store().snapshot() as snapshot:
        list(snapshot.batches([COLUMN], with_age=False))


def test_a_connection_lost_in_the_middle_is_unreachable(shop: Shop):
    shop.execute(
        "INSERT INTO \"Merchant\" (id, \"shopDomain\") SELECT repeat('m', 900) || n, 's' || n "
        "FROM generate_series(1, %s) n",
        3 * BATCH,
    )

    def read() -> None:
        with shop.store().snapshot() as snapshot:
            for _ in snapshot.batches([COLUMN], with_age=False):
                shop.cut_others_off()

    with pytest.raises(DatabaseUnreachable):
        read()
