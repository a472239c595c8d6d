import tomllib
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.forge.discovery import DEFAULT, PORT, open_forge
from controller.forge.github import GitHubForge

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
VARIABLES = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": "ghs_8sKq2Lm9Xw4T"}
OURS = EntryPoints([EntryPoint(DEFAULT, "controller.forge.github:GitHubForge", PORT.group)])


def test_ours_is_found() -> None:
    forge = open_forge(VARIABLES, installed=OURS)
    assert isinstance(forge, GitHubForge)
    forge.close()


def test_ours_is_published_where_it_is_looked_for() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    assert project["entry-points"][PORT.group] == {DEFAULT: OURS[DEFAULT].value}


def test_an_unknown_one_is_told() -> None:
    with pytest.raises(UsageError, match="no forge named 'gitlab'") as caught:
        open_forge(VARIABLES, "gitlab", OURS)
    assert "github" in caught.value.hint
