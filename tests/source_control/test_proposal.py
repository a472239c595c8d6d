"""A proposal is made on objects; what somebody else has put on its branch is never lost."""

from pathlib import Path

import pytest

from controller.errors import Refused, UsageError
from controller.source_control.proposal import (
    FileChange,
    Proposal,
    State,
    changed_paths,
    tree_with,
    write,
)
from tests.source_control.repository import ROLLOUT, Repository


def draft(shop: Repository, branch: str = "rolloutctl/x") -> Proposal:
    return Proposal(
        flag="checkout",
        environments=("demo",),
        from_phase="10%",
        to_phase="100%",
        start=shop.head,
        branch=branch,
        commit=None,
        files=(),
        state=State.NOTHING_TO_DO,
        title="A title",
        body="A body.",
    )


def made(shop: Repository, text: str = "phase: new\n", branch: str = "rolloutctl/x") -> Proposal:
    tree = tree_with(shop.root, shop.head, {ROLLOUT: text.encode()})
    change = FileChange(ROLLOUT, shop.read(ROLLOUT), text)
    return write(shop.root, draft(shop, branch), tree, (change,), dry_run=False)


def test_a_tree_differs_in_just_those_files(shop: Repository):
    tree = tree_with(shop.root, shop.head, {ROLLOUT: b"\xff\r\n"})
    assert changed_paths(shop.root, shop.head, tree) == (ROLLOUT,)
    assert shop.git("cat-file", "-s", f"{tree}:{ROLLOUT}") == "3"


def test_the_commit_says_what_it_is(shop: Repository):
    found = made(shop)
    message = shop.git("log", "-1", "--format=%B", str(found.commit))
    assert message == "A title\n\nA body.\n\nRolloutctl: checkout 10% -> 100% (demo)"


def test_the_same_again_is_there_already(shop: Repository):
    first = made(shop)
    assert made(shop).state is State.EXISTS
    assert made(shop).commit == first.commit


def test_our_own_untouched_branch_is_made_anew(shop: Repository):
    made(shop, "phase: old\n")
    found = made(shop)
    assert found.state is State.CREATED
    assert shop.git("show", f"{found.branch}:{ROLLOUT}") == "phase: new"


def test_a_merged_branch_is_made_anew(shop: Repository):
    shop.git("branch", "rolloutctl/x", shop.head)
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    assert made(shop).state is State.CREATED


def test_a_branch_that_somebody_has_added_to_is_left_alone(shop: Repository):
    first = made(shop, "phase: old\n")
    shop.switch(first.branch)
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.switch("main")
    with pytest.raises(Refused, match="holds something else"):
        made(shop)


def test_a_commit_of_somebody_else_is_left_alone_whatever_it_says(shop: Repository):
    shop.branch("rolloutctl/x")
    shop.change(ROLLOUT, "soak: 2d", "soak: 3d", "Fake\n\nRolloutctl: x\n\nAnd more")
    shop.switch("main")
    with pytest.raises(Refused):
        made(shop)


def test_a_branch_that_is_checked_out_is_not_moved(shop: Repository):
    made(shop, "phase: old\n")
    shop.git("worktree", "add", "--quiet", str(shop.root.parent / "other"), "rolloutctl/x")
    with pytest.raises(UsageError, match="could not make the branch") as error:
        made(shop)
    assert "switch to another branch" in error.value.hint


def test_a_name_that_git_does_not_take_is_an_error(shop: Repository):
    with pytest.raises(UsageError, match="could not make the branch"):
        made(shop, branch="a..b")


def test_unrelated_branches_are_left_alone(shop: Repository):
    shop.git("checkout", "--quiet", "--orphan", "rolloutctl/x")
    shop.commit("Another history")
    shop.switch("main")
    with pytest.raises(Refused):
        made(shop)


def test_another_clone_finds_the_branch_that_was_pushed(shop: Repository, tmp_path: Path):
    first = made(shop)
    clone = shop.clone(tmp_path / "clone")
    again = made(clone)
    assert (again.commit, again.state) == (first.commit, State.EXISTS)
    assert clone.git("rev-parse", "rolloutctl/x") == first.commit


def test_what_somebody_else_has_pushed_is_left_alone(shop: Repository, tmp_path: Path):
    shop.branch("rolloutctl/x")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.switch("main")
    clone = shop.clone(tmp_path / "clone")
    with pytest.raises(Refused, match="origin/rolloutctl/x already") as error:
        made(clone)
    assert "git push origin --delete rolloutctl/x" in error.value.hint


def test_hooks_play_no_part(shop: Repository):
    hook = shop.root / ".git/hooks/reference-transaction"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert made(shop).state is State.CREATED
