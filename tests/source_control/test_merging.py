"""Merges and reverts on objects give what git gives in a work tree, which they leave alone."""

import pytest

from controller.errors import UsageError
from controller.source_control.merging import merge, merge_from, write_commit
from tests.source_control.repository import ROLLOUT, Repository


def diverged(shop: Repository) -> tuple[str, str]:
    shop.branch("feature")
    feature = shop.demo_at("pilot")
    shop.switch("main")
    return shop.change("flags/banner.yaml", "A permanent", "A nice"), feature


def test_a_merge_is_what_git_merge_gives(shop: Repository):
    ours, theirs = diverged(shop)
    merged = merge(shop.root, ours, theirs)
    shop.git("merge", "--quiet", "--no-edit", "feature")
    assert (merged.tree, merged.conflicts) == (shop.git("rev-parse", "HEAD^{tree}"), ())


def test_what_cannot_be_merged_is_named(shop: Repository):
    shop.branch("feature")
    theirs = shop.demo_at("pilot")
    shop.switch("main")
    ours = shop.demo_at("100%")
    assert merge(shop.root, ours, theirs).conflicts == (ROLLOUT,)


def test_a_revert_is_what_git_revert_gives(shop: Repository):
    advance = shop.demo_at("100%")
    shop.change("flags/banner.yaml", "A permanent", "A nice")
    head = shop.head
    reverted = merge_from(shop.root, advance, head, f"{advance}^")
    shop.git("revert", "--no-edit", advance)
    assert reverted.tree == shop.git("rev-parse", "HEAD^{tree}")


def test_nothing_is_touched_and_the_same_again_is_the_same(shop: Repository):
    ours, theirs = diverged(shop)
    shop.write("flags/local.yaml", "being written")
    before = shop.git("status", "--porcelain"), shop.git("for-each-ref")
    once = merge_from(shop.root, ours, ours, theirs)
    assert merge_from(shop.root, ours, ours, theirs) == once
    assert (shop.git("status", "--porcelain"), shop.git("for-each-ref")) == before


def test_what_git_cannot_merge_at_all_is_an_error(shop: Repository):
    with pytest.raises(UsageError, match="could not merge"):
        merge(shop.root, shop.head, "0" * 40)


def test_without_a_name_nobody_commits(shop: Repository):
    nobody = {"GIT_AUTHOR_NAME": "", "GIT_COMMITTER_NAME": ""}
    with pytest.raises(UsageError, match="could not make a commit") as error:
        write_commit(shop.root, shop.head, (shop.head,), "x", nobody)
    assert "git config user.email" in error.value.hint


def test_where_git_signs_commits_ours_are_signed_too(shop: Repository):
    signer = shop.root.parent / "signer"
    signer.write_text(
        "#!/bin/sh\ncat > /dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho 'a signature'\n"
    )
    signer.chmod(0o755)
    shop.git("config", "commit.gpgSign", "yes")
    shop.git("config", "gpg.program", str(signer))
    shop.git("config", "log.showSignature", "true")
    commit = write_commit(shop.root, shop.head, (shop.head,), "x")
    assert "gpgsig a signature" in shop.git("cat-file", "commit", commit)
    merge_from(shop.root, shop.head, shop.head, shop.head)
    signer.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(UsageError, match="could not make a commit"):
        write_commit(shop.root, shop.head, (shop.head,), "x")
