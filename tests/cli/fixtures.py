"""A desk a test: a repository under git, a database, and the command."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.demo.company import Behaviour
from controller.demo.postgres_server import PostgresServer
from tests.cli.desk import Desk
from tests.cli.gated_shop import GatedShop, Shops

MERCHANTS = tuple(f"m{number:02}" for number in range(1, 21))


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository to copy: making one anew costs a test more than everything else it does."""
    return Desk.with_repository(tmp_path_factory.mktemp("repository")).root


@pytest.fixture
def desk(tmp_path: Path, database: str, repository: Path) -> Desk:
    """One flag at its pilot, twenty merchants, nothing applied yet."""
    root = tmp_path / "shop"
    shutil.copytree(repository, root)
    desk = Desk.at(root, database)
    desk.add_merchants(*MERCHANTS)
    return desk


@pytest.fixture(scope="session")
def shops(server: PostgresServer) -> Iterator[Shops]:
    """Where shops are founded and copied; each database is gone at the end."""
    shops = Shops(server)
    yield shops
    shops.close()


@pytest.fixture(scope="session")
def founded(shops: Shops, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> GatedShop:
    """The pilot is in the files, the company has a history, and nothing is applied. To copy."""
    return shops.found(tmp_path_factory.mktemp("founded") / "shop", repository)


@pytest.fixture(scope="session")
def piloted(
    shops: Shops, tmp_path_factory: pytest.TempPathFactory, founded: GatedShop
) -> GatedShop:
    """The pilot has just been applied. To copy."""
    shop = shops.copy(founded, tmp_path_factory.mktemp("piloted") / "shop")
    assert shop.desk.run("reconcile").code == 0
    return shop


@pytest.fixture(scope="session")
def ramped(shops: Shops, tmp_path_factory: pytest.TempPathFactory, piloted: GatedShop) -> GatedShop:
    """One merchant in ten has just got it. To copy."""
    shop = shops.copy(piloted, tmp_path_factory.mktemp("ramped") / "shop")
    shop.days_pass(1, Behaviour.QUIET)
    shop.advance("pilot", "10%")
    return shop


@pytest.fixture
def shop(shops: Shops, founded: GatedShop, tmp_path: Path) -> Iterator[GatedShop]:
    """The pilot is in the files, the company has a history, and nothing is applied yet."""
    yield from shops.lend(founded, tmp_path / "shop")


@pytest.fixture
def pilot(shops: Shops, piloted: GatedShop, tmp_path: Path) -> Iterator[GatedShop]:
    """The pilot has been applied; nothing has happened since."""
    yield from shops.lend(piloted, tmp_path / "shop")


@pytest.fixture
def ramp(shops: Shops, ramped: GatedShop, tmp_path: Path) -> Iterator[GatedShop]:
    """One merchant in ten has it; nothing has happened since."""
    yield from shops.lend(ramped, tmp_path / "shop")
