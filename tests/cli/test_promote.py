"""`rolloutctl promote`: one line, one commit, one branch, however often it is typed."""

import shutil
from pathlib import Path

import pytest

from tests.cli.desk import FLAG, Desk
from tests.golden_files import assert_golden, same_every_day

FILE = f"rollout/{FLAG}.yaml"


@pytest.fixture
def shop(tmp_path: Path, repository: Path) -> Desk:
    """The flag at its pilot; no database, which this command does not need."""
    shutil.copytree(repository, tmp_path / "shop")
    desk = Desk.at(tmp_path / "shop", "")
    desk.git("config", "user.name", "Ada")
    desk.git("config", "user.email", "ada@example.com")
    return desk


def test_it_says_what_changes_and_what_to_type(shop: Desk):
    done = shop.run("promote", FLAG)
    assert done.code == 0
    assert_golden("cli/promote.txt", same_every_day(done.out))
    assert shop.git("show", "--format=", "--stat", f"rolloutctl/promote-{FLAG}-test-10")


def test_twice_is_once(shop: Desk):
    first = shop.run("promote", FLAG, "--format", "json").json
    again = shop.run("promote", FLAG, "--format", "json").json
    assert (first["state"], again["state"]) == ("created", "exists")
    assert again["commit"] == first["commit"]


def test_the_branch_can_be_merged_and_is_the_promotion(shop: Desk):
    made = shop.run("promote", FLAG, "--to", "10%", "--format", "json").json
    shop.git("merge", "--quiet", "--ff-only", made["branch"])
    assert "phase: 10%\n" in shop.read(FILE)
    assert "at 10% in test already" in shop.run("promote", FLAG, "--to", "10%").out


def test_a_dry_run_writes_nothing(shop: Desk):
    done = shop.run("promote", FLAG, "--dry-run")
    assert "a dry run: nothing was written" in done.out
    assert "+phase: 10%" in done.out
    assert shop.git("branch", "--list", "rolloutctl/*") == ""


def test_local_changes_are_pointed_out_and_stay(shop: Desk):
    shop.edit(FILE, "phase: pilot", "phase: off")
    done = shop.run("promote", FLAG)
    assert "local changes are not part of it" in done.out
    assert "phase: off" in shop.read(FILE)


@pytest.mark.parametrize(
    ("arguments", "code", "said", "hint"),
    [
        ([FLAG, "--to", "50%"], 5, "would skip 10%", f"rolloutctl promote {FLAG} --to 10%"),
        ([FLAG, "--to", "off"], 2, "is below it", f"rolloutctl rollback {FLAG}"),
        ([FLAG, "--to", "20%"], 2, "has no phase 20%", "did you mean"),
        (["other"], 2, "has no flag other", "known here"),
        ([FLAG, "--env", "tset"], 2, "no environment tset", "did you mean `test`?"),
        (["No Key"], 2, "cannot be a flag's key", "no_key"),
    ],
)
def test_what_cannot_be_done_is_told(shop: Desk, arguments, code, said, hint):
    done = shop.run("promote", *arguments)
    assert done.code == code
    assert said in done.err
    assert hint in done.err


def test_outside_git_it_says_so(shop: Desk):
    shutil.rmtree(shop.root / ".git")
    done = shop.run("promote", FLAG)
    assert done.code == 2
    assert "not in a git repository" in done.err
