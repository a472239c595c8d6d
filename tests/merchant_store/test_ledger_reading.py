"""The ledger is read as one value, or refused; never half."""

import pytest

from controller.errors import Refused
from controller.merchant_store.connection import Database
from controller.merchant_store.ledger_reading import NO_LEDGER, read_ledger
from tests.merchant_store.builders import FLAG, NOW, Shop, desired, environment, write


def _read(shop: Shop, name: str = "demo"):
    with Database.of(environment().database, shop.url).reading() as connection:
        return read_ledger(connection, name)


def test_no_ledger_and_no_environment_read_alike(shop: Shop):
    assert _read(shop) == NO_LEDGER
    shop.store().commit(write())
    assert _read(shop, "staging") == NO_LEDGER


def test_everything_of_one_environment(shop: Shop):
    shop.store().commit(write(record=(desired(),), revision="a" * 40))
    shop.store(name="staging").commit(write(environment="staging"))
    shop.store().halt(FLAG, reason="r", actor="night")

    ledger = _read(shop)

    assert (ledger.generation, ledger.revision, ledger.evaluated_at) == (2, "a" * 40, NOW)
    assert set(ledger.applied) == {FLAG}
    assert ledger.applied[FLAG].desired == desired()
    assert ledger.halts[FLAG].actor == "night"
    assert _read(shop, "staging").halts == {}


def test_a_definition_of_a_newer_program_is_refused(shop: Shop):
    shop.store().commit(write(record=(desired(),)))
    shop.execute("UPDATE rollout.flag SET definition = replace(definition, '\"v\":1', '\"v\":99')")
    with pytest.raises(Refused, match=f"definition of {FLAG} cannot be read"):
        _read(shop)
