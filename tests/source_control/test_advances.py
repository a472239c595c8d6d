"""The commit that advanced a flag is found by what it meant, however it came into the history."""

from pathlib import Path

from controller.source_control.advances import Advance, find_advance
from tests.source_control.repository import FLAG, ROLLOUT, Repository


def found(shop: Repository, environment: str = "demo") -> Advance | None:
    return find_advance(shop.root, shop.head, "checkout", environment)


def test_the_newest_step_up(shop: Repository):
    shop.demo_at("pilot")
    advance = shop.demo_at("10%", "Promote to 10%\n\nA body.")
    shop.change(ROLLOUT, "min_merchant_age: 30d", "min_merchant_age: 31d")
    shop.change(FLAG, "A new checkout.", "A newer checkout.")
    assert found(shop) == Advance(
        advance,
        (shop.git("rev-parse", f"{advance}^"),),
        "Promote to 10%",
        "pilot",
        "10%",
        to_global=False,
    )


def test_a_phase_reached_by_a_retreat_was_reached_by_an_advance_before(shop: Repository):
    shop.demo_at("off")
    shop.demo_at("pilot")
    advance = shop.demo_at("10%")
    shop.demo_at("100%")
    shop.git("revert", "--no-edit", "HEAD")
    step = found(shop)
    assert step is not None
    assert (step.commit, step.from_phase) == (advance, "pilot")


def test_through_a_squash(shop: Repository):
    shop.demo_at("off")
    shop.branch("feature")
    shop.demo_at("pilot")
    shop.demo_at("10%")
    shop.switch("main")
    shop.git("merge", "--quiet", "--squash", "feature")
    squash = shop.commit("Promote twice (#12)")
    step = found(shop)
    assert step is not None
    assert (step.commit, step.from_phase, step.to_phase) == (squash, "off", "10%")


def test_through_a_merge(shop: Repository):
    shop.demo_at("off")
    shop.branch("feature")
    shop.demo_at("pilot")
    shop.switch("main")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    shop.change(FLAG, "A new checkout.", "A newer checkout.")
    step = found(shop)
    assert step is not None
    assert step.commit == shop.git("rev-parse", "HEAD~1")
    assert len(step.parents) == 2


def test_a_phase_written_otherwise_is_no_step(shop: Repository):
    advance = shop.demo_at("100%")
    shop.change(ROLLOUT, "{demo: 100%, production: off}", "{production: 'off', demo: \"100%\"}")
    step = found(shop)
    assert step is not None
    assert step.commit == advance


def test_commits_whose_files_are_wrong_are_passed_over(shop: Repository):
    shop.change(ROLLOUT, "percent: 10,", "percnt: 10,")
    advance = shop.change(ROLLOUT, "percnt: 10,", "percent: 10, ")
    advance = shop.demo_at("100%")
    step = found(shop)
    assert step is not None
    assert (step.commit, step.from_phase) == (advance, "10%")


def test_on_for_everyone_is_a_step_of_its_own(shop: Repository):
    shop.write(ROLLOUT, shop.read(ROLLOUT).replace("{demo: 10%, production: off}", "100%"))
    shop.edit(FLAG, "  - {merchant: clx002, value: false, reason: custom integration}\n", "")
    shop.commit()
    advance = shop.change(FLAG, "global: false", "global: true")
    step = found(shop)
    assert step is not None
    assert (step.commit, step.to_global, step.from_phase) == (advance, True, "100%")


def test_the_first_commit_may_be_it(shop: Repository):
    step = found(shop)
    assert step is not None
    assert (step.commit, step.parents, step.from_phase) == (shop.head, (), "off")


def test_off_was_never_advanced_to(shop: Repository):
    assert found(shop, "production") is None
    assert find_advance(shop.root, shop.head, "nothing", "demo") is None


def test_where_a_shallow_clone_ends_nothing_is_claimed(shop: Repository, tmp_path: Path):
    shop.demo_at("100%")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    clone = shop.clone(tmp_path / "clone", "--depth=1")
    assert found(clone) is None
    deeper = shop.clone(tmp_path / "deeper", "--depth=3")
    assert found(deeper) == found(shop)
