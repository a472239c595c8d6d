"""What is made is what the app's own migration would have made."""

import pytest

from controller.domain.plan import SchemaChange, SchemaStep
from controller.errors import Stale
from tests.merchant_store.builders import COLUMN, Shop, group, write

TABLE = SchemaStep(SchemaChange.CREATE_TABLE, "MerchantConfig")
COLUMNS = """
    SELECT column_name, data_type, datetime_precision, is_nullable, column_default
    FROM information_schema.columns WHERE table_name = 'MerchantConfig' ORDER BY column_name
"""
KEYS = """
    SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = '"MerchantConfig"'::regclass AND contype IN ('p', 'f') ORDER BY conname
"""
UNIQUE = """
    SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid = '"MerchantConfig"'::regclass AND indisunique ORDER BY 1
"""


def _column(name: str) -> SchemaStep:
    return SchemaStep(SchemaChange.ADD_COLUMN, name)


def test_the_table_is_the_one_that_prisma_makes(young_shop: Shop, prisma_database: str):
    young_shop.store().commit(write(schema_steps=(TABLE, _column(COLUMN))))
    prisma = Shop(prisma_database)
    for looked_at in (COLUMNS, KEYS, UNIQUE):
        assert young_shop.execute(looked_at) == prisma.execute(looked_at)


def test_a_missing_column_is_added_and_off_for_everyone(shop: Shop):
    shop.add("m1", "m2")
    shop.configure({"m1": True})
    shop.store().commit(write(schema_steps=(_column('a "new" one'),)))
    assert shop.values('a "new" one') == {"m1": False}
    assert shop.on() == {"m1"}


def test_a_column_that_has_come_since_the_plan_makes_it_stale(shop: Shop):
    with pytest.raises(Stale, match="already exists"):
        shop.store().commit(write(schema_steps=(_column(COLUMN),)))


def test_a_table_and_its_first_values_come_together(young_shop: Shop):
    young_shop.add("m1")
    young_shop.store().commit(write(group("m1"), schema_steps=(TABLE, _column(COLUMN))))
    assert young_shop.on() == {"m1"}
