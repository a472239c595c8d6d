"""The ledger comes about by itself, once, and moves with its program."""

import re
import threading
import uuid

import pytest

from controller.domain.plan import Cause
from controller.errors import Refused, Stale
from controller.merchant_store.connection import Database
from controller.merchant_store.ledger_schema import (
    CAUSE_CODES,
    CAUSES,
    MIGRATIONS,
    VERSION,
    bring_up_to_date,
    version,
)
from tests.merchant_store.builders import Shop, environment, write


def _database(shop: Shop) -> Database:
    return Database.of(environment().database, shop.url)


def test_every_cause_has_a_code_of_its_own():
    assert set(CAUSE_CODES) == set(Cause)
    assert len(CAUSES) == len(CAUSE_CODES)


def test_codes_in_the_database_are_the_ones_in_the_program(shop: Shop):
    shop.store().commit(write())
    found = shop.execute("SELECT code, name FROM rollout.cause")
    assert dict(found) == {code: cause.value for code, cause in CAUSES.items()}


def test_a_later_migration_runs_once(shop: Shop):
    shop.store().commit(write())
    more = (*MIGRATIONS, "CREATE TABLE rollout.news (news text)")
    for _ in range(2):
        with _database(shop).writing() as connection:
            bring_up_to_date(connection, more)
            assert shop.execute("SELECT 1") == [(1,)]
            connection.commit()
    assert shop.execute("SELECT max(version) FROM rollout.ledger_version") == [(VERSION + 1,)]


def test_a_newer_ledger_is_refused_by_readers_and_writers(shop: Shop):
    store = shop.store()
    store.commit(write())
    shop.execute("INSERT INTO rollout.ledger_version VALUES (%s)", VERSION + 1)
    with pytest.raises(Refused, match="newer rolloutctl"), store.snapshot():
        pass
    with pytest.raises(Refused, match="newer rolloutctl"):
        store.commit(write(generation=1))


def test_no_ledger_is_version_zero(shop: Shop):
    with _database(shop).reading() as connection:
        assert version(connection) == 0


def test_a_schema_made_by_the_administrator_is_enough(shop: Shop):
    """A role without the right to create schemas can still be given an empty one."""
    name = f"rolloutctl_test_{uuid.uuid4().hex[:8]}"
    shop.execute(f"CREATE ROLE {name} LOGIN; CREATE SCHEMA rollout AUTHORIZATION {name}")
    shop.execute(f'GRANT SELECT ON "Merchant" TO {name}')
    limited = Shop(re.sub(r"//[^@/]*@", f"//{name}@", shop.url))
    assert limited.store().commit(write()).generation == 1
    shop.execute(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}")


def test_two_first_runs_at_once_make_one_ledger(shop: Shop):
    shop.add("m1")
    start = threading.Barrier(4)
    outcomes: list[object] = []

    def run() -> None:
        start.wait()
        try:
            outcomes.append(shop.store().commit(write()).generation)
        except Stale as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(1) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 3
