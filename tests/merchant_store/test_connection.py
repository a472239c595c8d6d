"""Sessions: safe settings for one transaction, and clear words when there is none."""

import socket
from datetime import timedelta

import pytest

from controller.errors import DatabaseUnreachable, Refused
from controller.merchant_store.connection import Connection, Database, fetch_one
from tests.merchant_store.builders import Shop, environment


def _database(shop: Shop, **more: object) -> Database:
    return Database.of(environment(**more).database, shop.url)


def _settings(connection: Connection) -> dict[str, str]:
    names = ("timezone", "lock_timeout", "statement_timeout", "transaction_isolation")
    return {name: fetch_one(connection, f"SHOW {name}")[0] for name in names}


def test_a_reading_session_is_one_view_in_utc(shop: Shop):
    with _database(shop).reading() as connection:
        assert _settings(connection) == {
            "timezone": "UTC",
            "lock_timeout": "5s",
            "statement_timeout": "5min",
            "transaction_isolation": "repeatable read",
        }
        with pytest.raises(Refused, match="can only be read"), _database(shop).reading() as other:
            other.execute("CREATE TABLE no (no int)")


def test_a_writing_session_is_rolled_back_unless_committed(shop: Shop):
    with _database(shop).writing(patience=timedelta(minutes=1)) as connection:
        assert _settings(connection)["lock_timeout"] == "1min"
        connection.execute("INSERT INTO \"Merchant\" (id, \"shopDomain\") VALUES ('m1', 's')")
    assert shop.execute('SELECT count(*) FROM "Merchant"') == [(0,)]


def test_settings_end_with_the_transaction(shop: Shop):
    with _database(shop).writing() as connection:
        connection.commit()
        assert fetch_one(connection, "SHOW lock_timeout") == ("0",)
        assert fetch_one(connection, "SHOW work_mem") == ("4MB",)


def test_it_says_who_it_is(shop: Shop):
    with _database(shop).reading() as connection:
        assert fetch_one(connection, "SHOW application_name") == ("rolloutctl",)
        assert fetch_one(connection, "SHOW client_encoding") == ("UTF8",)


def test_what_the_connection_string_says_wins(shop: Shop):
    named = Shop(shop.url + "&application_name=rollout-workflow")
    with _database(named).reading() as connection:
        assert fetch_one(connection, "SHOW application_name") == ("rollout-workflow",)


def test_a_database_that_is_not_there_is_unreachable_and_the_password_is_kept():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        nowhere = Shop(f"postgresql://u:s3cr3t@127.0.0.1:{port}/shop")
        with pytest.raises(DatabaseUnreachable) as caught, _database(nowhere).reading():
            pass
    assert "s3cr3t" not in caught.value.message
    assert caught.value.hint


def test_a_login_that_is_refused_is_unreachable(shop: Shop):
    stranger = Shop(shop.url.replace("postgres@", "nobody_knows:s3cr3t@"))
    with (
        pytest.raises(DatabaseUnreachable, match="nobody_knows") as caught,
        _database(stranger).reading(),
    ):
        pass
    assert "s3cr3t" not in caught.value.message
