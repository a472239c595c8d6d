"""Addresses as people have them."""

import pytest

from controller.errors import UsageError
from controller.workflow_data.address import for_libpq, for_sqlalchemy, is_postgres


@pytest.mark.parametrize(
    "address",
    [
        "postgres://h/d",
        "postgresql://h/d",
        "postgresql+psycopg://h/d",
        "postgresql+asyncpg://h/d",
        "host=h dbname=d",
    ],
)
def test_postgresql_in_all_its_spellings(address):
    assert is_postgres(address)
    assert for_libpq(address, "X") in {("postgresql://h/d", ""), ("host=h dbname=d", "")}


@pytest.mark.parametrize("address", ["duckdb:///x", "hive://h:1/d", "snowflake://u@a/d"])
def test_other_engines(address):
    assert not is_postgres(address)
    assert str(for_sqlalchemy(address, "X")) == address


def test_what_only_prisma_understands_is_left_out():
    address = "postgresql://u:p%40@h/d?schema=public&pgbouncer=true&sslmode=require"
    assert for_libpq(address, "X") == ("postgresql://u:p%40@h/d?sslmode=require", "p@")


def test_a_broken_address_is_not_repeated():
    with pytest.raises(UsageError) as caught:
        for_sqlalchemy("secret no address", "WORKFLOW_DATABASE_URL")
    assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "address", ["secret no address", "postgresql://u:sec/ret@h/d", "postgresql://u@h/d?secret=1"]
)
def test_nor_is_one_that_postgresql_does_not_understand(address):
    with pytest.raises(UsageError) as caught:
        for_libpq(address, "DATABASE_URL")
    assert "sec" not in caught.value.message + caught.value.hint
    assert caught.value.__suppress_context__
