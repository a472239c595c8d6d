"""A wrong database is told as such; the right one says which columns a flag can live in."""

import pytest

from controller.domain.environment import MerchantTables
from controller.errors import Refused
from tests.merchant_store.builders import COLUMN, Shop


def test_columns_are_told_apart_by_type(shop: Shop):
    shop.execute("""
        CREATE DOMAIN switch AS boolean;
        ALTER TABLE "MerchantConfig" ADD COLUMN a TEXT, ADD COLUMN b switch, ADD COLUMN "C" BOOLEAN;
        ALTER TABLE "MerchantConfig" ADD COLUMN gone BOOLEAN;
        ALTER TABLE "MerchantConfig" DROP COLUMN gone
    """)
    with shop.store().snapshot() as snapshot:
        schema = snapshot.schema
    assert schema.has_merchant_config
    assert schema.columns == {COLUMN, "C"}
    assert schema.other_columns["a"] == "text"
    assert schema.other_columns["b"] == "switch"
    assert schema.other_columns["updatedAt"] == "timestamp without time zone"


def test_a_database_without_merchants_is_refused(shop: Shop):
    other = shop.store(schema="no_such_schema")
    with pytest.raises(Refused, match=r'no table "no_such_schema"."Merchant"'), other.snapshot():
        pass


def test_missing_columns_are_named_all_at_once(shop: Shop):
    store = shop.store(tables=MerchantTables(shop_domain="domain", is_active="active"))
    with pytest.raises(Refused, match='no column "domain", "active"'), store.snapshot():
        pass
