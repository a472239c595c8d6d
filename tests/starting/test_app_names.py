"""What an app's database calls merchants, proposed for the environment's file."""

from controller.starting.app_names import read, recognise

MERCHANT = {"id": "text", "shopDomain": "text", "isActive": "boolean", "createdAt": "timestamp"}
CONFIG = {
    "id": "text",
    "merchantId": "text",
    "enableA": "boolean",
    "createdAt": "t",
    "updatedAt": "t",
}


def test_prismas_names_need_no_line():
    found = recognise({"public": {"Merchant": MERCHANT, "MerchantConfig": CONFIG}})
    assert (found.tables, found.schema, found.flag_columns) == ({}, "public", ("enableA",))


def test_other_spellings_are_proposed():
    found = recognise(
        {
            "audit": {"merchants": {"id": "text"}},
            "shop": {"x": {}},
            "app": {
                "merchants": {"id": "t", "domain": "t", "is_active": "t", "created_at": "t"},
                "merchant_settings": {
                    "id": "t",
                    "merchant_id": "t",
                    "created_at": "t",
                    "updated_at": "t",
                    "beta": "boolean",
                },
            },
        }
    )
    assert found.schema == "app"
    assert found.tables == {
        "merchant": "merchants",
        "merchant_config": "merchant_settings",
        "shop_domain": "domain",
        "is_active": "is_active",
        "merchant_created_at": "created_at",
        "config_merchant_id": "merchant_id",
        "config_created_at": "created_at",
        "config_updated_at": "updated_at",
    }
    assert found.flag_columns == ("beta",)


def test_the_usual_name_comes_before_another_spelling():
    found = recognise({"public": {"merchant": {}, "Merchant": MERCHANT, "shops": {}}})
    assert found.tables == {}


def test_no_merchants_is_told():
    assert not recognise({"public": {"users": {}}}).has_merchants


def test_a_real_database(prisma_database: str):
    found = read(prisma_database)
    assert found.has_merchants
    assert found.tables == {}
    assert found.flag_columns == ("enableSequentialWorkflow",)
