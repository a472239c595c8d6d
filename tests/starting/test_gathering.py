"""What git and the installer know already."""

import subprocess
from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.starting.gathering import look_around, own_source, page_of


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
def test_a_remote_says_where_people_look_at_it(remote: str):
    host = "github.example.com" if "example" in remote else "github.com"
    assert page_of(remote) == f"https://{host}/acme/shop"


@pytest.mark.parametrize("remote", ["", "/srv/git/shop.git", "../shop", "https://github.com/acme"])
def test_other_remotes_say_nothing(remote: str):
    assert page_of(remote) is None


def test_git_is_asked(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", "git@github.com:acme/shop.git")
    git(tmp_path, "config", "user.email", "ada@example.com")
    found = look_around(tmp_path)
    assert (found.page, found.email, found.is_under_git) == (
        "https://github.com/acme/shop",
        "ada@example.com",
        True,
    )


def test_a_folder_that_is_not_there_yet_is_no_problem(tmp_path: Path):
    found = look_around(tmp_path / "a/b")
    assert (found.page, found.is_under_git) == (None, False)


def test_below_the_top_no_workflow_would_run(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UsageError, match="only at the top"):
        look_around(tmp_path / "rollouts")


def test_an_address_that_codeowners_does_not_take_is_left_out(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.email", "root@localhost\n* @mallory")
    assert look_around(tmp_path).email is None


def test_where_this_program_came_from_is_pinned_or_nothing():
    found = own_source()
    assert found is None or len(found.partition("@")[2]) == 40
