"""Git is run so that nothing around it matters."""

import os
from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.source_control.command import GitMissing, git, git_beginning
from tests.source_control.repository import Repository


def test_an_answer_is_kept_byte_for_byte(shop: Repository):
    blob = git(shop.root, "hash-object", "-w", "--stdin", given=b"\xff\r\n\0 ").text
    answer = git(shop.root, "cat-file", "blob", blob)
    assert (answer.out, answer.is_ok) == (b"\xff\r\n\0 ", True)


def test_a_no_is_an_answer(shop: Repository):
    answer = git(shop.root, "cat-file", "blob", "0" * 40)
    assert not answer.is_ok
    assert answer.code
    assert answer.complaint


def test_no_git_at_all_says_so(shop: Repository, tmp_path: Path):
    with pytest.raises(GitMissing, match="not installed"):
        git(shop.root, "status", variables={"PATH": str(tmp_path)})


def test_a_replaced_object_is_read_as_it_was_reviewed(shop: Repository):
    real = shop.git("rev-parse", "HEAD:flags/checkout.yaml")
    fake = shop.git("hash-object", "-w", "--stdin", given=b"key: evil\n")
    shop.git("replace", real, fake)
    assert git(shop.root, "cat-file", "blob", real).out.startswith(b"key: checkout")


def test_the_folder_of_another_user(shop: Repository):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(shop.root, 12_345, 12_345)
    with pytest.raises(UsageError, match="another user") as error:
        git(shop.root, "status", variables={"HOME": str(shop.root), "SUDO_UID": ""})
    assert "safe.directory" in error.value.hint


def test_only_so_much_is_read(shop: Repository):
    whole = git(shop.root, "ls-tree", "-r", "HEAD").out
    answer, is_whole = git_beginning(shop.root, "ls-tree", "-r", "HEAD", most=len(whole))
    assert (answer.out, is_whole) == (whole, True)
    answer, is_whole = git_beginning(shop.root, "ls-tree", "-r", "HEAD", most=len(whole) - 1)
    assert whole.startswith(answer.out)
    assert not is_whole
    answer, _ = git_beginning(shop.root, "ls-tree", "nothing", most=10)
    assert not answer.is_ok


def test_the_token_of_a_remote_is_never_repeated(shop: Repository):
    answer = git(shop.root, "ls-remote", "https://x-access-token:s3cret@127.0.0.1:1/shop.git")
    assert not answer.is_ok
    assert "s3cret" not in answer.complaint
