"""What git and the installer know already."""

import subprocess
from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.starting.gathering import look_around, own_source, repository_of


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:acme/shop.git",
        "https://github.com/acme/shop",
        "https://x-access-token:secret@github.com/acme/shop.git",
        "ssh://git@github.example.com:2222/acme/shop.git",
        "https://github.com/acme/shop/",
    ],
)
def test_a_remote_names_the_repository(remote: str):
    assert repository_of(remote) == "acme/shop"


@pytest.mark.parametrize("remote", ["", "/srv/git/shop.git", "../shop", "https://github.com/acme"])
def test_other_remotes_name_none(remote: str):
    assert repository_of(remote) is None


def test_git_is_asked(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", "git@github.com:acme/shop.git")
    git(tmp_path, "config", "user.email", "ada@example.com")
    found = look_around(tmp_path, {})
    assert (found.repository, found.email, found.is_under_git) == (
        "acme/shop",
        "ada@example.com",
        True,
    )


def test_a_folder_that_is_not_there_yet_is_no_problem(tmp_path: Path):
    found = look_around(tmp_path / "a/b", {"GITHUB_REPOSITORY": "acme/shop"})
    assert (found.repository, found.is_under_git) == ("acme/shop", False)


def test_below_the_top_no_workflow_would_run(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UsageError, match="only at the top"):
        look_around(tmp_path / "rollouts", {})


def test_an_address_that_codeowners_does_not_take_is_left_out(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.email", "root@localhost\n* @mallory")
    assert look_around(tmp_path, {}).email is None


def test_where_this_program_came_from_is_pinned_or_nothing():
    found = own_source()
    assert found is None or len(found.partition("@")[2]) == 40
