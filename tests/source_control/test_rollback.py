"""A rollback is the real revert where that is just the phase, else the line; never blocked."""

from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.source_control.proposal import State
from controller.source_control.rollback import rollback
from tests.source_control.repository import FLAG, RAMP, ROLLOUT, Repository


def phase_line(shop: Repository, branch: str) -> str:
    text = shop.git("show", f"{branch}:{ROLLOUT}")
    return next(line for line in text.splitlines() if line.startswith("phase:"))


def test_it_is_the_revert_that_git_would_make(shop: Repository):
    advance = shop.demo_at("100%", "Promote checkout to everyone")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    made = rollback(shop.root, "checkout", environment="demo")
    assert (made.reverted, made.why_edited, made.state) == (advance, "", State.CREATED)
    assert (made.from_phase, made.to_phase) == ("100%", "10%")
    message = shop.git("log", "-1", "--format=%B", made.branch)
    shop.git("revert", "--no-edit", advance)
    assert shop.git("rev-parse", f"{made.branch}^{{tree}}") == shop.git("rev-parse", "HEAD^{tree}")
    assert message.startswith(shop.git("log", "-1", "--format=%B"))
    assert "Rolloutctl: checkout 100% -> 10% (demo)" in message


def test_twice_is_once(shop: Repository):
    shop.demo_at("100%")
    first = rollback(shop.root, "checkout", environment="demo")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    again = rollback(shop.root, "checkout", environment="demo")
    assert (again.commit, again.branch, again.state) == (first.commit, first.branch, State.EXISTS)


def test_the_same_phase_reached_again_is_another_rollback(shop: Repository):
    shop.demo_at("100%")
    first = rollback(shop.root, "checkout", environment="demo")
    shop.git("merge", "--quiet", "--ff-only", first.branch)
    shop.demo_at("100%")
    again = rollback(shop.root, "checkout", environment="demo")
    assert again.state is State.CREATED
    assert again.branch != first.branch


def test_through_a_squash(shop: Repository):
    shop.demo_at("off")
    shop.branch("feature")
    shop.demo_at("pilot")
    shop.demo_at("10%")
    shop.switch("main")
    shop.git("merge", "--quiet", "--squash", "feature")
    squash = shop.commit("Promote twice (#12)")
    made = rollback(shop.root, "checkout", environment="demo")
    assert (made.reverted, made.to_phase) == (squash, "off")


def test_through_a_merge(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.switch("main")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    merge = shop.head
    made = rollback(shop.root, "checkout", environment="demo")
    assert (made.reverted, made.to_phase) == (merge, "10%")
    shop.git("revert", "--no-edit", "-m", "1", merge)
    ours, gits = (shop.git("log", "-1", "--format=%B", name) for name in (made.branch, "HEAD"))
    assert ours.startswith(gits)


def test_where_the_revert_conflicts_the_line_is_edited(shop: Repository):
    advance = shop.demo_at("100%")
    shop.change(
        ROLLOUT, "phase: {demo: 100%, production: off}", "phase:\n  demo: 100%\n  production: off"
    )
    made = rollback(shop.root, "checkout", environment="demo")
    assert made.reverted is None
    assert made.why_edited == f"the revert of {advance[:12]} conflicts with what came after it"
    assert made.title == "Roll back checkout from 100% to 10% in demo"
    assert "  demo: 10%\n" in shop.git("show", f"{made.branch}:{ROLLOUT}")
    assert rollback(shop.root, "checkout", environment="demo").state is State.EXISTS


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        (FLAG, "A new checkout.", "A newer checkout.", "more than the phase"),
        (FLAG, "value: true", "value: false", "more than the phase"),
        (ROLLOUT, "min_merchant_age: 30d", "min_merchant_age: 31d", "more than the phase"),
        (RAMP, "soak_min: 24h", "soak_min: 48h", "changes of other files"),
        ("app.py", None, "print()", "changes of other files"),
    ],
)
def test_where_the_revert_would_undo_more_the_line_is_edited(shop, file, old, new, why):
    if old is None:
        shop.write(file, new)
    else:
        shop.edit(file, old, new)
    shop.demo_at("100%")
    made = rollback(shop.root, "checkout", environment="demo")
    assert why in made.why_edited
    assert made.reverted is None
    assert phase_line(shop, made.branch) == "phase: {demo: 10%, production: off}"
    assert shop.git("diff", "--name-only", "main", made.branch) == ROLLOUT


def test_where_it_advanced_two_environments_one_is_rolled_back_by_its_line(shop: Repository):
    shop.change(ROLLOUT, "{demo: 10%, production: off}", "{demo: 100%, production: pilot}")
    made = rollback(shop.root, "checkout", environment="demo")
    assert "more than the phase" in made.why_edited
    assert phase_line(shop, made.branch) == "phase: {demo: 10%, production: pilot}"


def test_in_a_shallow_clone_the_line_is_edited(shop: Repository, tmp_path: Path):
    shop.demo_at("100%")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    clone = shop.clone(tmp_path / "clone", "--depth=1")
    made = rollback(clone.root, "checkout", environment="demo")
    assert "shallow" in made.why_edited
    assert (made.to_phase, made.state) == ("10%", State.CREATED)


def test_what_the_first_commit_brought_goes_to_where_it_came_from(shop: Repository):
    made = rollback(shop.root, "checkout", environment="demo")
    assert "is the first commit" in made.why_edited
    assert made.to_phase == "off"


def test_a_phase_that_is_gone_from_the_ladder_is_the_one_below(shop: Repository):
    shop.demo_at("100%")
    shop.change(ROLLOUT, "  - {name: 10%, percent: 10,", "  - {name: 15%, percent: 15,")
    made = rollback(shop.root, "checkout", environment="demo")
    assert (made.to_phase, made.reverted) == ("15%", None)


def test_on_for_everyone_goes_back_to_the_last_phase(shop: Repository):
    shop.write(ROLLOUT, shop.read(ROLLOUT).replace("{demo: 10%, production: off}", "100%"))
    shop.edit(FLAG, "  - {merchant: clx002, value: false, reason: custom integration}\n", "")
    shop.commit()
    advance = shop.change(FLAG, "global: false", "global: true")
    made = rollback(shop.root, "checkout")
    assert (made.reverted, made.from_phase, made.to_phase) == (advance, "global: true", "100%")
    assert made.environments == ("demo", "production")
    shop.change(FLAG, "global: true", "global: true # since May")
    made = rollback(shop.root, "checkout")
    assert "conflicts" in made.why_edited
    assert "global: false # since May" in shop.git("show", f"{made.branch}:{FLAG}")


def test_off_is_off_already(shop: Repository):
    done = rollback(shop.root, "checkout", environment="production")
    assert (done.state, done.commit, done.title) == (
        State.NOTHING_TO_DO,
        None,
        "checkout is off in production already",
    )


def test_a_dry_run_leaves_no_branch(shop: Repository):
    shop.demo_at("100%")
    made = rollback(shop.root, "checkout", environment="demo", dry_run=True)
    assert (made.state, made.commit, made.to_phase) == (State.PLANNED, None, "10%")
    assert shop.git("branch", "--format=%(refname:short)") == "main"


def test_a_flag_that_is_not_there(shop: Repository):
    with pytest.raises(UsageError, match="no flag"):
        rollback(shop.root, "chekout")
