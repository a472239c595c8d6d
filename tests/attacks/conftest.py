"""An arena a test, copied from one that is built once: its repository and its database."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg.conninfo
import pytest

from controller.demo.postgres_server import PostgresServer
from tests.attacks.arena import Arena

Lend = Callable[[Arena], Arena]


@pytest.fixture(scope="session")
def arenas(
    server: PostgresServer, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Arena]]:
    """Arenas by the phase they are at, each built when it is first asked for."""
    built: dict[str, Arena] = {}

    def at(phase: str) -> Arena:
        if phase not in built:
            url = server.create_database(_unique(), template=template)
            folder = tmp_path_factory.mktemp("arena") / "repository"
            built[phase] = Arena.build(folder, url, phase)
        return built[phase]

    yield at
    for arena in built.values():
        server.drop_database(_name(arena))


@pytest.fixture
def lend(server: PostgresServer, tmp_path: Path) -> Iterator[Lend]:
    """Copies for one test."""
    lent: list[Arena] = []

    def copied(arena: Arena) -> Arena:
        url = server.create_database(_unique(), template=_name(arena))
        lent.append(arena.copy(tmp_path / f"repository{len(lent)}", url))
        return lent[-1]

    yield copied
    for arena in lent:
        server.drop_database(_name(arena))


@pytest.fixture
def pilot(arenas: Callable[[str], Arena], lend: Lend) -> Arena:
    """Live at the pilot; its runs fail."""
    return lend(arenas("pilot"))


@pytest.fixture
def tenth(arenas: Callable[[str], Arena], lend: Lend) -> Arena:
    """Live at 10%; its runs fail."""
    return lend(arenas("10%"))


def _unique() -> str:
    return f"rolloutctl_arena_{uuid.uuid4().hex[:12]}"


def _name(arena: Arena) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(arena.workshop.url)["dbname"])
