"""What a clone does not have is told with what to type; nothing is guessed."""

from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.source_control import objects
from tests.source_control.repository import Repository


def test_every_way_to_name_a_commit(shop: Repository):
    first, second = shop.head, shop.demo_at("100%")
    shop.git("tag", "v1", first)
    names = {"main": second, "HEAD~1": first, "v1": first, second[:10]: second}
    assert {name: objects.resolve(shop.root, name) for name in names} == names


@pytest.mark.parametrize("name", ["gone", "--help", "-n1", "--output=x", "", "0" * 40, "a\0b"])
def test_what_is_no_commit_is_told_and_never_an_option(shop: Repository, name: str):
    with pytest.raises(UsageError, match="no revision") as error:
        objects.resolve(shop.root, name)
    assert "git fetch" in error.value.hint


def test_a_tree_or_a_file_is_no_commit(shop: Repository):
    with pytest.raises(UsageError):
        objects.resolve(shop.root, "HEAD:flags")


def test_outside_git_it_says_so(tmp_path: Path):
    with pytest.raises(UsageError, match="not in a git repository"):
        objects.resolve(tmp_path, "main")


def test_where_branches_parted(shop: Repository):
    left = shop.head
    shop.branch("feature")
    feature = shop.demo_at("pilot")
    shop.switch("main")
    main = shop.change("flags/banner.yaml", "A permanent", "A nice")
    assert objects.merge_base(shop.root, main, feature) == left
    assert objects.merge_base(shop.root, left, feature) == left


def test_unrelated_histories_are_refused(shop: Repository):
    base = shop.head
    shop.git("checkout", "--quiet", "--orphan", "other")
    other = shop.commit()
    with pytest.raises(UsageError, match="share no history") as error:
        objects.merge_base(shop.root, base, other)
    assert "rebase" in error.value.hint


def test_in_a_shallow_clone_only_an_ancestor_is_trusted(shop: Repository, tmp_path: Path):
    shop.branch("feature")
    shop.demo_at("pilot")
    shop.switch("main")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    clone = shop.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
    assert objects.is_shallow(clone.root)
    base, head = (objects.resolve(clone.root, f"origin/{name}") for name in ("main", "feature"))
    with pytest.raises(UsageError, match="shallow") as error:
        objects.merge_base(clone.root, base, head)
    assert "git fetch --unshallow" in error.value.hint
    assert "fetch-depth: 0" in error.value.hint
    clone.git("fetch", "--quiet", "--unshallow")
    assert objects.merge_base(clone.root, base, head) == shop.git("merge-base", "main", "feature")


def test_in_a_shallow_clone_an_ancestor_is_enough(shop: Repository, tmp_path: Path):
    base = shop.head
    shop.demo_at("pilot")
    clone = shop.clone(tmp_path / "clone", "--depth=2")
    assert objects.merge_base(clone.root, base, clone.head) == base
    assert objects.merge_base(clone.root, clone.head, base) == base


def test_a_name_that_a_shell_would_run_is_quoted(shop: Repository):
    with pytest.raises(UsageError) as error:
        objects.resolve(shop.root, "$(touch x)")
    assert "git fetch origin '$(touch x)'" in error.value.hint


def test_a_revision_that_a_shallow_clone_lacks(shop: Repository, tmp_path: Path):
    before = shop.head
    shop.demo_at("pilot")
    clone = shop.clone(tmp_path / "clone", "--depth=1")
    with pytest.raises(UsageError) as error:
        objects.resolve(clone.root, before)
    assert "git fetch --unshallow" in error.value.hint


def test_parents(shop: Repository):
    first = shop.head
    shop.branch("feature")
    side = shop.demo_at("pilot")
    shop.switch("main")
    second = shop.change("flags/banner.yaml", "A permanent", "A nice")
    shop.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    assert objects.parents(shop.root, shop.head) == (second, side)
    assert objects.parents(shop.root, first) == ()
