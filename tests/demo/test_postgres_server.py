"""Databases come from a server that is there, by URL."""

import psycopg
import pytest

from controller.demo.postgres_server import PostgresServer
from controller.errors import DatabaseUnreachable, UsageError


@pytest.mark.parametrize(
    ("admin", "expected"),
    [
        (
            "postgresql://u:p@h:5433/postgres?sslmode=require",
            "postgresql://u:p@h:5433/a%2Fb%20c?sslmode=require",
        ),
        ("postgres://postgres@/postgres?host=/tmp/x", "postgres://postgres@/a%2Fb%20c?host=/tmp/x"),
    ],
)
def test_the_url_of_a_database_differs_in_its_name_only(admin: str, expected: str):
    assert PostgresServer(admin).url("a/b c") == expected


def test_other_spellings_of_a_connection_string_are_refused():
    with pytest.raises(UsageError, match="not a postgresql:// URL"):
        PostgresServer("host=/tmp dbname=postgres")


def test_a_server_that_is_gone_is_unreachable():
    with pytest.raises(DatabaseUnreachable):
        PostgresServer("postgresql://u@/postgres?host=/nowhere").create_database("x")


def test_names_are_quoted_and_dropping_is_harmless(server: PostgresServer):
    name = 'rolloutctl_test "; DROP'
    url = server.create_database(name)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == (name,)
    server.drop_database(name)
    server.drop_database(name)
