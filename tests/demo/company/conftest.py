"""One generated company for all tests of the session that only look at it."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from controller.demo.company import Company, generate
from controller.demo.postgres_server import PostgresServer

_AT = datetime(2026, 6, 10, 14, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def company_url(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"rolloutctl_company_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name, template=template)
    server.drop_database(name)


@pytest.fixture(scope="session")
def named() -> tuple[str, ...]:
    return ("clx7pilotpilotpilotpilot1", "clx8secondsecondsecondsec")


@pytest.fixture(scope="session")
def company(company_url: str, named: tuple[str, ...]) -> Company:
    with psycopg.connect(company_url) as connection:
        return generate(connection, merchants=300, days=60, named=named, at=_AT)


@pytest.fixture
def world(company: Company, company_url: str) -> Iterator[psycopg.Connection]:
    """A connection to the generated company, to look at."""
    with psycopg.connect(company_url) as connection:
        connection.read_only = True
        yield connection
