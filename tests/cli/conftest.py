"""A desk a test: a repository under git, a database, and the command."""

from pathlib import Path

import pytest

from tests.cli.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, database: str) -> Desk:
    """One flag at its pilot, twenty merchants, nothing applied yet."""
    return Desk.set_up(tmp_path / "shop", database)
