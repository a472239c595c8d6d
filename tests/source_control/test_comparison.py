"""Base and head as git brings them: whatever was done to the branches, the merge is judged."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from controller.domain.change import AudienceMoved, Change, PolicyTouched
from controller.domain.plan import Move
from controller.errors import UsageError
from controller.source_control.comparison import Comparison, compare
from tests.source_control.repository import DEMO, FLAG, RAMP, ROLLOUT, Repository

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def changed(compared: Comparison, environment: str = "demo") -> tuple[Change, ...]:
    meaning = compared.meaning(NOW)
    assert meaning is not None, compared
    return next(one.changes for one in meaning.environments if one.environment == environment)


def moves(compared: Comparison) -> list[tuple[Move, str, str]]:
    found = changed(compared)
    assert all(isinstance(change, AudienceMoved) for change in found), found
    return [(c.move, c.from_phase, c.to_phase) for c in found if isinstance(c, AudienceMoved)]


def test_a_branch_that_promotes(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    compared = compare(shop.root, "main", "feature")
    assert moves(compared) == [(Move.ADVANCE, "10%", "100%")]
    assert compared.is_up_to_date
    assert compared.policy == compared.base


def test_what_is_checked_out_plays_no_part(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.switch("main")
    shop.write(ROLLOUT, "<<<<<<< being edited")
    assert moves(compare(shop.root, "main", "feature")) == [(Move.ADVANCE, "10%", "100%")]


def test_what_moved_on_the_base_is_not_of_the_branch(shop: Repository):
    shop.branch("feature")
    shop.change(FLAG, "A new checkout.", "A newer checkout.")
    shop.switch("main")
    shop.demo_at("pilot")
    compared = compare(shop.root, "main", "feature")
    assert [type(change).__name__ for change in changed(compared)] == ["DetailsChanged"]
    assert not compared.is_up_to_date


def test_the_policy_is_the_bases_newest_not_the_one_the_branch_left(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.switch("main")
    shop.change(RAMP, "floor: 85%}\n  on_time", "floor: 94%}\n  on_time")
    compared = compare(shop.root, "main", "feature")
    assert moves(compared) == [(Move.ADVANCE, "10%", "100%")]
    assert compared.before is not None
    gate = compared.before.gates["checkout"]["ramp"]
    assert str(gate.criteria[0].floor) == "94%"  # type: ignore[union-attr]


def test_a_conflict_with_the_base_is_told_and_not_judged(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.switch("main")
    shop.demo_at("pilot")
    compared = compare(shop.root, "main", "feature")
    assert compared.conflicts == (ROLLOUT,)
    assert compared.meaning(NOW) is None
    assert compared.after.configuration is not None  # the head's own files are right


def test_a_conflict_elsewhere_is_not_ours(shop: Repository):
    for branch, text in (("feature", "one"), ("main", "other")):
        if branch == "feature":
            shop.branch(branch)
        else:
            shop.switch(branch)
        shop.write("app.py", text)
        shop.commit()
    shop.switch("feature")
    shop.demo_at("100%")
    compared = compare(shop.root, "main", "feature")
    assert compared.conflicts == ()
    assert moves(compared) == [(Move.ADVANCE, "10%", "100%")]


@pytest.mark.parametrize("way", ["merge", "squash", "rebase", "queue"])
def test_however_it_is_merged_it_means_the_same(shop: Repository, way: str):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.change(FLAG, "A new checkout.", "A newer checkout.")
    shop.switch("main")
    base = shop.change("flags/banner.yaml", "A permanent", "A nice")
    expected = changed(compare(shop.root, "main", "feature"))
    if way in {"merge", "queue"}:
        if way == "queue":
            shop.branch("gh-readonly-queue/main/pr-1")
        shop.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    elif way == "squash":
        shop.git("merge", "--quiet", "--squash", "feature")
        shop.commit("A squash")
    else:
        shop.switch("feature")
        shop.git("rebase", "--quiet", "main")
    assert changed(compare(shop.root, base, shop.head)) == expected


def test_a_force_pushed_branch_is_judged_as_it_is_now(shop: Repository):
    shop.branch("feature")
    shop.demo_at("100%")
    shop.git("reset", "--quiet", "--hard", "main")
    shop.demo_at("pilot")
    assert moves(compare(shop.root, "main", "feature")) == [(Move.RETREAT, "10%", "pilot")]


def test_a_base_that_was_force_pushed_away(shop: Repository, tmp_path: Path):
    gone = shop.demo_at("pilot")
    shop.git("reset", "--quiet", "--hard", "HEAD~1")
    clone = shop.clone(tmp_path / "clone")
    with pytest.raises(UsageError, match="force-pushed") as error:
        compare(clone.root, gone, "HEAD")
    assert f"git fetch origin {gone}" in error.value.hint


def test_a_rewritten_base_shares_no_history(shop: Repository):
    old = shop.head
    shop.git("checkout", "--quiet", "--orphan", "rewritten")
    shop.commit()
    with pytest.raises(UsageError, match="share no history"):
        compare(shop.root, "rewritten", old)


def test_a_head_that_the_base_has_already_changes_nothing(shop: Repository):
    before = shop.head
    shop.demo_at("pilot")
    assert changed(compare(shop.root, "main", before)) == ()


# --- reverts --------------------------------------------------------------------------------------


def test_a_revert_of_an_advance_is_a_retreat_and_its_revert_an_advance_again(shop: Repository):
    base = shop.head
    shop.demo_at("100%")
    shop.git("revert", "--no-edit", "HEAD")
    assert changed(compare(shop.root, base, "HEAD")) == ()
    assert moves(compare(shop.root, "HEAD~1", "HEAD")) == [(Move.RETREAT, "100%", "10%")]
    shop.git("revert", "--no-edit", "HEAD")
    assert moves(compare(shop.root, "HEAD~1", "HEAD")) == [(Move.ADVANCE, "10%", "100%")]


def test_a_partial_revert_is_what_it_is(shop: Repository):
    shop.edit(FLAG, "value: true", "value: false")
    shop.demo_at("100%")
    shop.git("revert", "--no-edit", "HEAD")
    shop.git("checkout", "--quiet", "HEAD~1", "--", FLAG)
    shop.git("commit", "--quiet", "--amend", "--no-edit")
    assert moves(compare(shop.root, "HEAD~1", "HEAD")) == [(Move.RETREAT, "100%", "10%")]


def test_a_revert_of_a_policy_is_a_policy(shop: Repository):
    shop.change(RAMP, "floor: 85%}\n  on_time", "floor: 94%}\n  on_time")
    shop.git("revert", "--no-edit", "HEAD")
    (touched,) = changed(compare(shop.root, "HEAD~1", "HEAD"))
    assert isinstance(touched, PolicyTouched)
    (difference,) = touched.differences
    assert (difference.before, difference.after) == ("94%", "85%")


# --- broken files ---------------------------------------------------------------------------------


def test_a_broken_head_has_problems_and_no_meaning(shop: Repository):
    shop.branch("feature")
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    compared = compare(shop.root, "main", "feature")
    assert compared.meaning(NOW) is None
    assert any(problem.is_error for problem in compared.after.problems)


def test_a_broken_base_is_judged_by_the_last_one_that_was_right(shop: Repository):
    good = shop.head
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    shop.branch("repair")
    shop.change(ROLLOUT, "percnt: 10,", "percent: 10,")
    compared = compare(shop.root, "main", "repair")
    assert compared.policy == good
    assert changed(compared) == ()
    shop.demo_at("100%")
    assert moves(compare(shop.root, "main", "repair")) == [(Move.ADVANCE, "10%", "100%")]


def test_a_broken_base_in_a_shallow_clone_asks_for_more(shop: Repository, tmp_path: Path):
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    clone = shop.clone(tmp_path / "clone", "--depth=1")
    with pytest.raises(UsageError, match="no commit before it") as error:
        compare(clone.root, "HEAD", "HEAD")
    assert "fetch-depth: 0" in error.value.hint


def test_a_base_without_our_folders_is_a_beginning(tmp_path: Path, shop: Repository):
    new = Repository.new(tmp_path / "new", {"README.md": "An app."})
    new.branch("feature")
    for name in shop.git("ls-files").split():
        new.write(name, shop.read(name))
    new.demo_at("pilot")
    compared = compare(new.root, "main", "feature")
    assert (compared.policy, compared.before) == (None, None)
    meaning = compared.meaning(NOW)
    assert meaning is not None
    assert meaning.standing == ()
    assert [moved.to_phase for one in meaning.environments for moved in one.advances] == ["pilot"]


def test_a_rule_of_the_company_is_compared_too(shop: Repository):
    shop.branch("feature")
    shop.change("rollout/rules/owner.json", '"^@"', '"."')
    (touched,) = changed(compare(shop.root, "main", "feature"))
    assert isinstance(touched, PolicyTouched)
    assert touched.part == "rules"


def test_an_environment_removed_is_told(shop: Repository):
    shop.branch("feature")
    shop.git("rm", "--quiet", DEMO)
    shop.edit(ROLLOUT, "demo: 10%, ", "")
    shop.commit()
    (touched,) = changed(compare(shop.root, "main", "feature"))
    assert isinstance(touched, PolicyTouched)
    assert touched.part == "environment"
