"""Every test that needs PostgreSQL gets a database of its own on a real server."""

import os
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from controller.demo.app_schema import create_app_tables
from controller.demo.embedded_postgres import EmbeddedPostgres
from controller.demo.postgres_server import PostgresServer

pytest_plugins = ("tests.cli.fixtures",)
"""Desks and shops are asked for by tests of commands, of workflows and of what the docs say."""

# A machine that is busy with something else is no reason for a test to fail. On CI the examples are
# the same in every run: red then means a change, not a find.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("thorough", settings.get_profile("patient"), max_examples=600)
settings.load_profile("patient")

_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _unique(name: str) -> str:
    return f"rolloutctl_{name}_{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A server of our own, or the one of TEST_DATABASE_URL, whose database is not touched."""
    existing = os.environ.get("TEST_DATABASE_URL")
    if existing:
        yield PostgresServer(existing)
        return
    with EmbeddedPostgres.start(settings=_QUICK) as embedded:
        yield embedded.server


def _template(server: PostgresServer, *, merchant_config: bool) -> Iterator[str]:
    name = _unique("template")
    create_app_tables(server.create_database(name), merchant_config=merchant_config)
    yield name
    server.drop_database(name)


@pytest.fixture(scope="session")
def template(server: PostgresServer) -> Iterator[str]:
    """The name of a database with the app's tables, but without "MerchantConfig"."""
    yield from _template(server, merchant_config=False)


@pytest.fixture(scope="session")
def prisma_template(server: PostgresServer) -> Iterator[str]:
    """The name of a database with the app's tables and "MerchantConfig" as Prisma makes it."""
    yield from _template(server, merchant_config=True)


def _copy(server: PostgresServer, template: str) -> Iterator[str]:
    name = _unique("test")
    yield server.create_database(name, template=template)
    server.drop_database(name)


@pytest.fixture
def database(server: PostgresServer, template: str) -> Iterator[str]:
    """The URL of a fresh database with the app's tables, but without "MerchantConfig"."""
    yield from _copy(server, template)


@pytest.fixture
def prisma_database(server: PostgresServer, prisma_template: str) -> Iterator[str]:
    """The URL of a fresh database with the app's tables and "MerchantConfig" as Prisma makes it."""
    yield from _copy(server, prisma_template)
