"""A desk a test: a repository under git, a database, and the command."""

import shutil
from pathlib import Path

import pytest

from tests.cli.desk import Desk

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
