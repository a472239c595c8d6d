"""Prisma's connection strings are taken as they are; a password never shows."""

import pytest

from controller.errors import UsageError
from controller.merchant_store.database_url import for_psycopg, without_password


def test_what_only_prisma_understands_is_left_out():
    url = "postgresql://u:p%40ss@h:6432/shop?schema=public&pgbouncer=true&connect_timeout=7&sslmode=require"
    assert (
        for_psycopg(url, "DATABASE_URL")
        == "postgresql://u:p%40ss@h:6432/shop?connect_timeout=7&sslmode=require"
    )


@pytest.mark.parametrize(
    "url", ["host=/tmp dbname=shop", "postgresql://u@/shop?host=%2Ftmp%2Fa%20b", ""]
)
def test_other_spellings_stay(url):
    assert for_psycopg(url, "DATABASE_URL") == url


@pytest.mark.parametrize(
    "url",
    [
        "prisma://accelerate.example/?api_key=s3cr3t",
        "postgresql://u:s3cr3t@h/shop?no_such_option=1",
        "postgresql:/u:s3cr3t@h/shop",
        "postgresql://u:s3cr3t@[h/shop",
        "s3cr3t",
    ],
)
def test_a_string_that_cannot_be_understood_is_not_repeated(url):
    with pytest.raises(UsageError, match="DATABASE_URL does not hold") as caught:
        for_psycopg(url, "DATABASE_URL")
    assert "s3cr3t" not in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.__cause__ is None


def test_the_password_is_blotted_out_in_every_spelling():
    url = "postgresql://u:p%40ss%2Fword@h/shop"
    text = "no p@ss/word, no p%40ss%2Fword, no p%40ss/word"
    assert without_password(text, url) == "no ***, no ***, no ***"
    assert without_password("nothing to hide", "postgresql://u@h/shop") == "nothing to hide"
