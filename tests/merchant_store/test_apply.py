"""Exactly the wanted rows change, and only in the flag's column and "updatedAt"."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from controller.domain.plan import Cause
from controller.errors import Refused, Stale
from tests.merchant_store.builders import COLUMN, FLAG, Shop, group, ids, write
from tests.waiting import until_somebody_waits

ALL = 'SELECT * FROM "MerchantConfig" ORDER BY "merchantId"'


def test_rows_that_are_right_already_are_not_touched(shop: Shop):
    shop.add(*ids(3))
    shop.configure({"m000000": True, "m000001": False})
    before = shop.execute(ALL)

    done = shop.store().commit(write(group(*ids(2))))

    assert done.changed == {FLAG: 1}
    after = shop.execute(ALL)
    assert after[0] == before[0]
    assert after[1][:2] == before[1][:2]
    assert shop.history() == [(1, FLAG, "m000001", True, "phase")]


def test_only_the_flag_and_the_time_of_the_update_change(shop: Shop):
    shop.add("m1")
    shop.configure({"m1": False})
    shop.execute("ALTER TABLE \"MerchantConfig\" ADD COLUMN note TEXT DEFAULT 'mine'")
    [before] = shop.execute(ALL)
    shop.store().commit(write(group("m1")))
    [after] = shop.execute(ALL)
    changed = [
        number for number, pair in enumerate(zip(before, after, strict=True)) if len(set(pair)) > 1
    ]
    assert changed == [2, 4]  # the flag and "updatedAt"
    assert abs(after[4].replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_missing_row_is_made_as_prisma_would(shop: Shop):
    shop.add("m1")
    shop.store().commit(write(group("m1")))
    [(key, merchant, value, created, updated)] = shop.execute(ALL)
    assert (merchant, value) == ("m1", True)
    assert len(key) == 25
    assert key.startswith("c")
    assert created == updated


def test_no_row_is_made_to_say_off(shop: Shop):
    shop.add("m1")
    assert shop.store().commit(write(group("m1", value=False))).changed == {}
    assert shop.values() == {}


def test_a_null_is_neither_on_nor_off_and_becomes_what_is_wanted(shop: Shop):
    shop.add("m1", "m2")
    shop.configure({"m1": True, "m2": True})
    shop.execute(
        'ALTER TABLE "MerchantConfig" ALTER "enableSequentialWorkflow" DROP NOT NULL; '
        'UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = NULL'
    )
    done = shop.store().commit(write(group("m1"), group("m2", value=False)))
    assert done.changed == {FLAG: 2}
    assert shop.values() == {"m1": True, "m2": False}


def test_merchants_deleted_since_the_plan_are_skipped(shop: Shop):
    shop.add("m1", "m2", "m3")
    shop.configure({"m1": False})
    plan = write(group("m1", "m2", "m3"))
    shop.execute("DELETE FROM \"Merchant\" WHERE id IN ('m1', 'm2')")
    assert shop.store().commit(plan).changed == {FLAG: 1}
    assert shop.history() == [(1, FLAG, "m3", True, "phase")]


def test_a_row_made_by_the_app_since_the_plan_is_kept(shop: Shop):
    shop.add("m1")
    plan = write(group("m1"))
    shop.configure({"m1": False})
    shop.store().commit(plan)
    assert shop.execute('SELECT id FROM "MerchantConfig"') == [("config-m1",)]
    assert shop.on() == {"m1"}


def test_a_unique_constraint_serves_as_well_as_prismas_index(shop: Shop):
    shop.execute("""
        DROP INDEX "MerchantConfig_merchantId_key";
        ALTER TABLE "MerchantConfig" ADD CONSTRAINT only_one UNIQUE ("merchantId")
    """)
    shop.add("m1")
    assert shop.store().commit(write(group("m1"))).changed == {FLAG: 1}


def test_causes_and_values_may_differ_within_a_flag(shop: Shop):
    shop.add(*ids(4))
    shop.configure({"m000000": True, "m000001": True})
    shop.store().commit(
        write(
            group("m000000", value=False, cause=Cause.OVERRIDE_EXPIRED),
            group("m000001", value=False, cause=Cause.DRIFT),
            group("m000002", cause=Cause.NEW_MERCHANT),
            group("m000003", cause=Cause.ELIGIBILITY),
        )
    )
    assert shop.history() == [
        (1, FLAG, "m000000", False, "override_expired"),
        (1, FLAG, "m000001", False, "drift"),
        (1, FLAG, "m000002", True, "new_merchant"),
        (1, FLAG, "m000003", True, "eligibility"),
    ]
    assert shop.on() == {"m000002", "m000003"}


def test_a_merchant_deleted_while_its_row_is_made_is_stale_and_leaves_nothing(shop: Shop):
    """The app deletes one in a transaction that is still open when the row is made."""
    shop.add("m1", "m2")
    store = shop.store(lock_timeout=timedelta(seconds=20))
    with psycopg.connect(shop.url) as app, ThreadPoolExecutor(1) as pool:
        app.execute("DELETE FROM \"Merchant\" WHERE id = 'm1'")
        committed = pool.submit(store.commit, write(group("m1", "m2")))
        until_somebody_waits(shop.url)
        app.commit()
        with pytest.raises(Stale, match="deleted meanwhile"):
            committed.result(30)
    assert shop.values() == {}
    assert store.commit(write(group("m1", "m2"))).changed == {FLAG: 1}
    assert shop.on() == {"m2"}


def test_a_merchant_whose_deletion_is_taken_back_keeps_its_row(shop: Shop):
    shop.add("m1", "m2")
    store = shop.store(lock_timeout=timedelta(seconds=20))
    with psycopg.connect(shop.url) as app, ThreadPoolExecutor(1) as pool:
        app.execute("DELETE FROM \"Merchant\" WHERE id = 'm1'")
        committed = pool.submit(store.commit, write(group("m1", "m2")))
        until_somebody_waits(shop.url)
        app.rollback()
        assert committed.result(30).changed == {FLAG: 2}


def test_a_table_with_more_that_must_be_filled_is_refused_with_its_name(shop: Shop):
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN plan TEXT NOT NULL')
    shop.add("m1")
    with pytest.raises(Refused, match='null value in column "plan"'):
        shop.store().commit(write(group("m1")))


def test_many_merchants_with_and_without_rows(shop: Shop):
    merchants = ids(25_000)
    shop.execute(
        'INSERT INTO "Merchant" (id, "shopDomain") SELECT m, m FROM unnest(%s::text[]) m',
        merchants,
    )
    shop.execute(
        'INSERT INTO "MerchantConfig" (id, "merchantId", "updatedAt") '
        "SELECT 'c' || m, m, now() FROM unnest(%s::text[]) m",
        merchants[::2],
    )
    done = shop.store().commit(write(group(*merchants)))
    assert done.changed == {FLAG: 25_000}
    assert len(shop.on()) == 25_000
    [(rows, distinct)] = shop.execute(
        "SELECT count(*), count(DISTINCT merchant_id) FROM rollout.change"
    )
    assert (rows, distinct) == (25_000, 25_000)
    [(made, unique)] = shop.execute(
        'SELECT count(*), count(DISTINCT id) FROM "MerchantConfig" WHERE length(id) = 25'
    )
    assert made == unique == 12_500


def test_the_column_that_is_changed_is_the_flags(shop: Shop):
    shop.add("m1")
    shop.configure({"m1": False})
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN "OTHER" BOOLEAN')
    shop.store().commit(write(group("m1"), columns={FLAG: "OTHER"}))
    assert shop.values("OTHER") == {"m1": True}
    assert shop.values(COLUMN) == {"m1": False}
