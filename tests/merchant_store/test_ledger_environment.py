"""An environment good enough to halt with, from nothing but a connection string."""

import pytest

from controller.domain.environment import MerchantTables
from controller.errors import DatabaseUnreachable, UsageError
from controller.merchant_store.ledger_environment import environment_from_ledger
from tests.merchant_store.builders import Shop, write


def test_a_name_is_taken_without_asking_the_database():
    found = environment_from_ledger("postgresql://nowhere.invalid/shop", "production")
    assert found.name == "production"
    assert found.database.tables == MerchantTables()
    assert found.deploy_env is None


def test_the_only_environment_of_the_ledger_needs_no_name(shop: Shop):
    shop.store(name="production").commit(write(environment="production"))
    assert environment_from_ledger(shop.url, None).name == "production"


def test_several_must_be_chosen_from(shop: Shop):
    for name in ("production", "demo"):
        shop.store(name=name).commit(write(environment=name))
    with pytest.raises(UsageError, match="several environments: demo, production") as caught:
        environment_from_ledger(shop.url, None)
    assert caught.value.hint == "choose one: --env demo"


def test_without_a_ledger_it_must_be_named(shop: Shop):
    with pytest.raises(UsageError, match="no ledger yet"):
        environment_from_ledger(shop.url, None)


def test_no_database_is_unreachable(shop: Shop):
    with pytest.raises(DatabaseUnreachable):
        environment_from_ledger(shop.url.replace("rolloutctl_test", "no_such"), None)
