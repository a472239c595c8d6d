"""A promotion is one commit with one line, on a branch of its own, and is made once."""

import pytest

from controller.config.problems import ProblemsFound
from controller.errors import Refused, UsageError
from controller.source_control.promotion import promote
from controller.source_control.proposal import State
from tests.source_control.repository import ROLLOUT, Repository


def diff(shop: Repository, commit: str | None) -> list[str]:
    assert commit is not None
    lines = shop.git("show", "--format=", "--unified=0", commit).splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_the_next_phase_by_one_line(shop: Repository):
    made = promote(shop.root, "checkout", environment="demo")
    assert diff(shop, made.commit) == [
        "-phase: {demo: 10%, production: off}",
        "+phase: {demo: 100%, production: off}",
    ]
    assert (made.from_phase, made.to_phase, made.state) == ("10%", "100%", State.CREATED)
    assert shop.git("rev-parse", made.branch) == made.commit
    assert shop.git("rev-parse", f"{made.commit}^") == shop.head
    assert shop.git("log", "-1", "--format=%s", made.branch) == (
        "Promote checkout from 10% to 100% in demo"
    )


def test_nothing_that_is_checked_out_is_touched(shop: Repository):
    shop.write(ROLLOUT, "being edited")
    head = shop.git("symbolic-ref", "HEAD"), shop.head
    promote(shop.root, "checkout", environment="demo")
    assert shop.read(ROLLOUT) == "being edited"
    assert (shop.git("symbolic-ref", "HEAD"), shop.head) == head
    assert shop.git("diff", "--cached", "--name-only") == ""


def test_twice_is_once(shop: Repository):
    first = promote(shop.root, "checkout", environment="demo")
    again = promote(shop.root, "checkout", environment="demo", to="100%")
    assert (again.commit, again.branch, again.state) == (first.commit, first.branch, State.EXISTS)
    assert shop.git("branch", "--format=%(refname:short)").split() == ["main", first.branch]


def test_when_main_has_moved_on_it_is_still_the_same(shop: Repository):
    first = promote(shop.root, "checkout", environment="demo")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    again = promote(shop.root, "checkout", environment="demo")
    assert (again.commit, again.state) == (first.commit, State.EXISTS)


def test_a_stale_branch_of_ours_is_made_anew(shop: Repository):
    first = promote(shop.root, "checkout", environment="demo")
    shop.git("merge", "--quiet", "--squash", first.branch)
    shop.commit("Promote (#3)")
    shop.git("revert", "--no-edit", "HEAD")
    again = promote(shop.root, "checkout", environment="demo")
    assert again.branch == first.branch
    assert again.state is State.CREATED or again.commit == first.commit
    shop.git("merge", "--quiet", "--no-edit", again.branch)
    assert "demo: 100%" in shop.read(ROLLOUT)


def test_a_branch_of_somebody_else_is_left_alone(shop: Repository):
    first = promote(shop.root, "checkout", environment="demo")
    shop.switch(first.branch)
    other = shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.switch("main")
    with pytest.raises(Refused, match="holds something else") as error:
        promote(shop.root, "checkout", environment="demo")
    assert f"git branch -D {first.branch}" in error.value.hint
    assert shop.git("rev-parse", first.branch) == other


def test_a_branch_that_is_checked_out_is_not_moved(shop: Repository):
    first = promote(shop.root, "checkout", environment="demo")
    shop.demo_at("off")
    shop.demo_at("pilot")
    shop.switch(first.branch)
    with pytest.raises((Refused, UsageError)):
        promote(shop.root, "checkout", environment="demo", start="main", to="100%")


def test_after_the_merge_there_is_nothing_to_do(shop: Repository):
    shop.demo_at("100%")
    done = promote(shop.root, "checkout", environment="demo", to="100%")
    assert (done.state, done.commit, done.files) == (State.NOTHING_TO_DO, None, ())


def test_no_phase_is_skipped(shop: Repository):
    with pytest.raises(Refused, match="would skip pilot") as error:
        promote(shop.root, "checkout", environment="production", to="10%")
    assert error.value.hint == "rolloutctl promote checkout --to pilot"


def test_the_last_phase_has_no_next(shop: Repository):
    shop.demo_at("100%")
    with pytest.raises(Refused, match="the last phase"):
        promote(shop.root, "checkout", environment="demo")


def test_down_is_a_rollback(shop: Repository):
    with pytest.raises(UsageError, match="is below it") as error:
        promote(shop.root, "checkout", environment="demo", to="off")
    assert error.value.hint == "rolloutctl rollback checkout"


@pytest.mark.parametrize(
    ("flag", "environment", "to", "message"),
    [
        ("chekout", "demo", None, "no flag chekout"),
        ("banner", "demo", None, "no rollout"),
        ("checkout", "staging", None, "no environment staging"),
        ("checkout", None, None, "several environments"),
        ("checkout", "demo", "11%", "no phase 11%"),
    ],
)
def test_what_is_not_there_is_told(shop: Repository, flag, environment, to, message):
    with pytest.raises(UsageError, match=message) as error:
        promote(shop.root, flag, environment=environment, to=to)
    assert error.value.hint


def test_one_phase_for_all_moves_all(shop: Repository):
    shop.change(ROLLOUT, "{demo: 10%, production: off}", "10% # everywhere")
    made = promote(shop.root, "checkout")
    assert diff(shop, made.commit)[1] == "+phase: 100% # everywhere"
    assert made.environments == ("demo", "production")


def test_one_of_several_makes_a_phase_for_each(shop: Repository):
    shop.change(ROLLOUT, "{demo: 10%, production: off}", "10% # everywhere")
    made = promote(shop.root, "checkout", environment="demo")
    assert diff(shop, made.commit)[1] == "+phase: {demo: 100%, production: 10%} # everywhere"
    assert made.environments == ("demo",)


def test_a_dry_run_leaves_no_branch(shop: Repository):
    made = promote(shop.root, "checkout", environment="demo", dry_run=True)
    assert (made.state, made.commit) == (State.PLANNED, None)
    assert "demo: 100%" in made.files[0].after
    assert shop.git("branch", "--format=%(refname:short)") == "main"


def test_files_that_are_wrong_are_not_promoted(shop: Repository):
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    with pytest.raises(ProblemsFound):
        promote(shop.root, "checkout", environment="demo")


def test_in_a_folder_of_a_larger_repository(shop: Repository, tmp_path):
    outer = Repository.new(tmp_path / "outer", {"README.md": "x"})
    for name in shop.git("ls-files").split():
        outer.write(f"deep/shop/{name}", shop.read(name))
    outer.commit()
    made = promote(outer.root / "deep/shop", "checkout", environment="demo")
    assert outer.git("show", "--format=", "--name-only", made.branch) == f"deep/shop/{ROLLOUT}"


def test_the_mode_of_the_file_stays(shop: Repository):
    shop.git("update-index", "--chmod=+x", ROLLOUT)
    shop.git("commit", "--quiet", "--message", "Executable")
    made = promote(shop.root, "checkout", environment="demo")
    assert shop.git("ls-tree", made.branch, ROLLOUT).startswith("100755")
