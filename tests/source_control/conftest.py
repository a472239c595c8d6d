"""A repository a test, copied from one that is made once."""

import shutil
from pathlib import Path

import pytest

from tests.source_control.repository import Repository


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making one anew costs a test more than everything else it does."""
    return Repository.new(tmp_path_factory.mktemp("template") / "shop").root


@pytest.fixture
def shop(tmp_path: Path, template: Path) -> Repository:
    """One of everything; `checkout` is at 10% in demo and off in production."""
    shutil.copytree(template, tmp_path / "shop")
    return Repository(tmp_path / "shop")
