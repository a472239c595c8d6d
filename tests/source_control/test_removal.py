"""The removal of finished flags: their files and waivers go, and what is left is valid."""

import pytest

from controller.config.problems import ProblemsFound
from controller.errors import Refused
from controller.source_control.proposal import State
from controller.source_control.removal import BRANCH, draft_removal, keep
from tests.source_control.repository import Repository


@pytest.fixture
def shop(shop: Repository) -> Repository:
    """Without what names the flag in an environment's file: that is a person's to take away."""
    path = "rollout/environments/production.yaml"
    shop.write(path, shop.read(path).partition("allow:")[0])
    shop.commit()
    return shop


def files(shop: Repository, revision: str) -> set[str]:
    return set(shop.git("ls-tree", "-r", "--name-only", revision).split())


def test_its_files_and_waivers_go_and_the_folder_stays(shop: Repository):
    before = shop.head
    made = draft_removal(shop.root, ["checkout"])
    assert made.commit is not None
    gone, added = (
        files(shop, before) - files(shop, made.commit),
        files(shop, made.commit) - files(shop, before),
    )
    assert gone == set(made.files)
    assert {"flags/checkout.yaml", "rollout/checkout.yaml"} <= gone
    assert all(path.startswith(("flags/", "rollout/")) for path in gone)
    assert added <= {"flags/.gitkeep"}
    left = [path for path in files(shop, made.commit) if path.startswith("rollout/waivers/")]
    assert not [path for path in left if "flag: checkout" in shop.git("show", f"HEAD:{path}")]
    assert shop.head == before, "nothing is checked out"
    assert made.title == "Remove the finished flag checkout"


def test_no_flag_is_nothing_to_do(shop: Repository):
    made = draft_removal(shop.root, [])
    assert (made.commit, made.state) == (None, State.NOTHING_TO_DO)
    with pytest.raises(ValueError, match="nothing"):
        keep(shop.root, made)


def test_kept_twice_there_is_one_commit_on_one_branch(shop: Repository):
    first = keep(shop.root, draft_removal(shop.root, ["checkout"]))
    again = keep(shop.root, draft_removal(shop.root, ["checkout"]))
    assert (first.state, again.state) == (State.CREATED, State.EXISTS)
    assert first.commit == again.commit == shop.git("rev-parse", BRANCH)


def test_it_follows_its_base(shop: Repository):
    keep(shop.root, draft_removal(shop.root, ["checkout"]))
    shop.write("rollout/checkout.yaml", shop.read("rollout/checkout.yaml") + "# later\n")
    shop.commit()
    later = keep(shop.root, draft_removal(shop.root, ["checkout"]))
    assert later.state is State.CREATED
    assert shop.git("rev-parse", f"{BRANCH}^") == shop.head


def test_a_branch_of_somebody_else_is_left_alone(shop: Repository):
    shop.git("checkout", "--quiet", "-b", BRANCH)
    shop.write("notes.md", "mine")
    theirs = shop.commit()
    shop.git("checkout", "--quiet", "main")
    with pytest.raises(Refused, match="holds something else"):
        keep(shop.root, draft_removal(shop.root, ["checkout"]))
    assert shop.git("rev-parse", BRANCH) == theirs


def test_wrong_files_are_said(shop: Repository):
    shop.write("flags/checkout.yaml", "key: [")
    shop.commit()
    with pytest.raises(ProblemsFound):
        draft_removal(shop.root, ["checkout"])
