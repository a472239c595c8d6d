"""Names are always quoted, whatever a company calls its tables."""

import pytest

from controller.domain.environment import MerchantTables
from controller.merchant_store.app_tables import AppTables
from tests.merchant_store.builders import COLUMN, FLAG, Shop, group, write

HOSTILE = MerchantTables(
    merchant='Mer"chant; DROP',
    merchant_id="select",
    shop_domain="shop domain",
    merchant_config="merchant config",
    config_merchant_id="{merchant}",
    config_updated_at="it's",
)


def test_names_are_quoted():
    text = AppTables("s p", HOSTILE).sql("SELECT {merchant_id} FROM {merchant}").as_string()
    assert text == 'SELECT "select" FROM "s p"."Mer""chant; DROP"'


def test_a_whole_run_works_on_tables_of_any_name(shop: Shop):
    shop.execute("""
        CREATE SCHEMA "s p";
        CREATE TABLE "s p"."Mer""chant; DROP" ("select" varchar(30) PRIMARY KEY, "shop domain" text,
            "isActive" boolean DEFAULT true, "createdAt" timestamptz DEFAULT now());
        CREATE TABLE "s p"."merchant config" (id text PRIMARY KEY, "{merchant}" varchar(30) UNIQUE,
            "enableSequentialWorkflow" boolean, "createdAt" timestamptz, "it's" timestamptz);
        INSERT INTO "s p"."Mer""chant; DROP" VALUES ('m1', 'one'), ('m2', 'two');
        INSERT INTO "s p"."merchant config" VALUES ('c2', 'm2', false)
    """)
    store = shop.store(schema="s p", tables=HOSTILE)

    done = store.commit(write(group("m1", "m2")))

    assert done.changed == {FLAG: 2}
    with store.snapshot() as snapshot:
        assert [m.shop_domain for m in snapshot.find_merchants(["m1", "two"])] == ["one", "two"]
        assert snapshot.values_of("m1", [COLUMN]) == (True,)
        [batch] = snapshot.batches([COLUMN], with_age=True)
        assert sorted(batch.ids) == ["m1", "m2"]
    assert store.halt(FLAG, reason="r", actor="a", column=COLUMN).changed == {FLAG: 2}


UUIDS = ["00000000-0000-4000-8000-00000000000a", "f0000000-0000-4000-8000-00000000000b"]


@pytest.mark.parametrize(("kind", "merchants"), [("uuid", UUIDS), ("bigint", ["7", "12"])])
def test_ids_need_not_be_text(shop: Shop, kind: str, merchants: list[str]):
    shop.execute(f"""
        CREATE SCHEMA other;
        CREATE TABLE other."Merchant" (id {kind} PRIMARY KEY, "shopDomain" text,
            "isActive" boolean DEFAULT true, "createdAt" timestamptz DEFAULT now());
        CREATE TABLE other."MerchantConfig" (id text PRIMARY KEY, "merchantId" {kind} UNIQUE
            REFERENCES other."Merchant", "enableSequentialWorkflow" boolean,
            "createdAt" timestamp(3), "updatedAt" timestamp(3));
        INSERT INTO other."Merchant" VALUES ('{merchants[0]}', 'one'), ('{merchants[1]}', 'two');
        INSERT INTO other."MerchantConfig" VALUES ('c', '{merchants[0]}', false)
    """)
    store = shop.store(schema="other")
    store.commit(write())
    assert store.commit(write(group(*merchants), generation=1)).changed == {FLAG: 2}
    with store.snapshot() as snapshot:
        [batch] = snapshot.batches([COLUMN], with_age=True)
        assert sorted(batch.ids) == sorted(merchants)
        assert batch.values.tolist() == [[1, 1]]
        assert snapshot.values_of(merchants[1], [COLUMN]) == (True,)
        assert snapshot.last_changes(merchants[0])[FLAG].value
    assert store.halt(FLAG, reason="r", actor="a", column=COLUMN).changed == {FLAG: 2}
