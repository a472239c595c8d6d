"""A snapshot is one moment, in UTC, whatever the server's zone."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from controller.domain.plan import Cause
from controller.errors import DatabaseUnreachable
from tests.merchant_store.builders import COLUMN, FLAG, NOW, Shop, group, write

NASTY = ["o'hare", 'qu"ote', "back\\slash", "tab\tline\nfeed\r", "ünï🙂", "%s", "\\N", "-- ;", " "]


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kolkata"])
def zoned(shop: Shop, request: pytest.FixtureRequest) -> Shop:
    name = shop.execute("SELECT quote_ident(current_database())")[0][0]
    shop.execute(f"ALTER DATABASE {name} SET timezone = '{request.param}'")
    return shop


def test_times_are_utc_whatever_zone_the_database_has(zoned: Shop):
    zoned.add("m1", at=NOW)
    store = zoned.store()
    store.commit(write(group("m1")))
    with store.snapshot() as snapshot:
        assert snapshot.now.utcoffset() == timedelta()
        assert abs(snapshot.now - datetime.now(UTC)) < timedelta(minutes=1)
        [merchant] = snapshot.find_merchants(["m1"])
        assert merchant.created_at == NOW
        written = snapshot.config_updated_at(["m1"])["m1"]
        assert abs(written - snapshot.now) < timedelta(minutes=1)
        assert abs(snapshot.last_changes("m1")[FLAG].at - snapshot.now) < timedelta(minutes=1)
        [batch] = snapshot.batches([], with_age=True)
        assert batch.created_at.tolist() == [round(NOW.timestamp())]
    [(created, updated)] = zoned.execute('SELECT "createdAt", "updatedAt" FROM "MerchantConfig"')
    assert created == updated
    assert abs(created.replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(minutes=1)


def test_nothing_that_happens_later_is_seen(shop: Shop):
    shop.add("m1")
    store = shop.store()
    with store.snapshot() as snapshot:
        shop.add("m2")
        store.commit(write(group("m1")))
        assert snapshot.ledger.generation == 0
        assert [m.id for m in snapshot.find_merchants(["m1", "m2"])] == ["m1"]
        assert snapshot.values_of("m1", [COLUMN]) == (None,)
        [batch] = snapshot.batches([COLUMN], with_age=False)
        assert batch.ids == ["m1"]


def test_merchants_are_found_by_id_and_shop_domain(shop: Shop):
    shop.add("m1", "m2", "m3")
    with shop.store().snapshot() as snapshot:
        found = snapshot.find_merchants(["shop-of-m2", "m1", "m1", "nobody", "a\0b", "\udcff"])
    assert [merchant.id for merchant in found] == ["m1", "m2"]
    assert found[0].is_active


def test_values_of_one_merchant(shop: Shop):
    shop.add("m1", "m2")
    shop.configure({"m1": True})
    with shop.store().snapshot() as snapshot:
        assert snapshot.values_of("m1", ["nothing", COLUMN]) == (None, True)
        assert snapshot.values_of("m2", [COLUMN]) == (None,)
        assert snapshot.values_of("a\0b", [COLUMN]) == (None,)
        assert snapshot.values_of("m1", ["nothing"]) == (None,)


def test_last_changes_are_the_newest_of_each_flag(shop: Shop):
    shop.add("m1", "m2")
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN other BOOLEAN')
    columns = {FLAG: COLUMN, "other": "other"}
    store = shop.store()
    store.commit(write(group("m1"), group("m1", "m2", flag="other"), columns=columns))
    store.commit(write(group("m1", value=False, cause=Cause.DRIFT), generation=1))
    with store.snapshot() as snapshot:
        changes = snapshot.last_changes("m1")
        assert snapshot.last_changes("nobody") == {}
        assert snapshot.last_changes("a\0b") == {}
    assert (changes[FLAG].generation, changes[FLAG].cause, changes[FLAG].value) == (
        2,
        Cause.DRIFT,
        False,
    )
    assert changes["other"].generation == 1


def test_a_row_written_by_somebody_else_shows(shop: Shop):
    shop.add("m1", "m2")
    store = shop.store()
    store.commit(write(group("m1")))
    shop.execute(
        'UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = false, '
        "\"updatedAt\" = now() AT TIME ZONE 'UTC' + interval '1 hour'"
    )
    with store.snapshot() as snapshot:
        written = snapshot.config_updated_at(["m1", "m2", "a\0b"])
        assert set(written) == {"m1"}
        assert written["m1"] > snapshot.last_changes("m1")[FLAG].at


@pytest.mark.parametrize("merchant", NASTY)
def test_ids_of_any_spelling_come_and_go_unharmed(shop: Shop, merchant: str):
    shop.add(merchant)
    store = shop.store()
    assert store.commit(write(group(merchant))).changed == {FLAG: 1}
    with store.snapshot() as snapshot:
        [batch] = snapshot.batches([COLUMN], with_age=False)
        assert (batch.ids, batch.values.tolist()) == ([merchant], [[1]])
        assert snapshot.last_changes(merchant)[FLAG].merchant == merchant
        assert snapshot.values_of(merchant, [COLUMN]) == (True,)


def test_a_snapshot_only_reads(shop: Shop):
    with shop.store().snapshot():
        pass
    assert shop.execute("SELECT to_regnamespace('rollout')") == [(None,)]


def test_a_merchant_of_unknown_age_counts_as_old(shop: Shop):
    shop.execute('ALTER TABLE "Merchant" ALTER "createdAt" DROP NOT NULL')
    shop.add("m1")
    shop.execute('UPDATE "Merchant" SET "createdAt" = NULL')
    with shop.store().snapshot() as snapshot:
        [batch] = snapshot.batches([], with_age=True)
        [merchant] = snapshot.find_merchants(["m1"])
    assert batch.created_at.tolist() == [0]
    assert merchant.created_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_lost_connection_inside_a_snapshot_is_not_psycopgs_error(shop: Shop):
    def look() -> None:
        with shop.store().snapshot() as snapshot:
            shop.cut_others_off()
            snapshot.find_merchants(["m1"])

    with pytest.raises(DatabaseUnreachable) as caught:
        look()
    assert isinstance(caught.value.__cause__, psycopg.Error)
