"""The default names are Prisma's, and the domain's own defaults agree."""

from controller.config.app_names import MerchantTableKeys, RunColumnKeys, RunTableKeys
from controller.domain.environment import MerchantTables


def test_merchant_tables_are_those_of_the_domain():
    assert MerchantTables(**MerchantTableKeys().model_dump()) == MerchantTables()


def test_columns_of_the_app_are_no_place_for_flags():
    keys = MerchantTableKeys(config_id="pk")
    assert keys.config_columns == {"pk", "merchantId", "createdAt", "updatedAt"}


def test_every_column_belongs_to_a_table():
    tables = set(RunTableKeys.model_fields)
    aliases = [field.alias for field in RunColumnKeys.model_fields.values()]
    assert {alias.split(".")[0] for alias in aliases} == tables
    assert [alias.replace(".", "_") for alias in aliases] == list(RunColumnKeys.model_fields)
