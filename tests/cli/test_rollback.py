"""`rolloutctl rollback`: the revert of the advance, or its line, and why."""

import shutil
from pathlib import Path

import pytest

from tests.cli.desk import FLAG, Desk
from tests.golden_files import assert_golden, same_every_day

FILE = f"rollout/{FLAG}.yaml"


@pytest.fixture
def shop(tmp_path: Path, repository: Path) -> Desk:
    """The flag at 10%, promoted from its pilot."""
    shutil.copytree(repository, tmp_path / "shop")
    desk = Desk.at(tmp_path / "shop", "")
    desk.git("config", "user.name", "Ada")
    desk.git("config", "user.email", "ada@example.com")
    desk.promote("pilot", "10%")
    return desk


def _same(text: str, shop: Desk) -> str:
    return same_every_day(text).replace(shop.git("rev-parse", "--short=8", "HEAD"), "<short>")


def test_it_says_what_changes_and_what_to_type(shop: Desk):
    done = shop.run("rollback", FLAG)
    assert done.code == 0
    assert_golden("cli/rollback.txt", _same(done.out, shop))


def test_where_it_is_no_revert_it_says_why(shop: Desk):
    shop.edit(FILE, "phase: 10%\n", "phase: 10% # as agreed\n")
    shop.commit("Say why")
    done = shop.run("rollback", FLAG, "--dry-run")
    assert "the equivalent line, not a revert: the revert of" in done.out
    assert "+phase: pilot # as agreed" in done.out


def test_merged_it_is_where_it_was(shop: Desk):
    made = shop.run("rollback", FLAG, "--format", "json").json
    assert made["reverted"] == shop.git("rev-parse", "HEAD")
    assert shop.run("rollback", FLAG, "--format", "json").json["state"] == "exists"
    shop.git("merge", "--quiet", "--ff-only", made["branch"])
    assert "phase: pilot\n" in shop.read(FILE)


def test_off_is_off_already(shop: Desk):
    shop.promote("10%", "off")
    done = shop.run("rollback", FLAG)
    assert done.code == 0
    assert "is at off in test already; nothing to do" in done.out
    assert shop.run("rollback", FLAG, "--format", "json").json["state"] == "nothing_to_do"
