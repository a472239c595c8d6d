"""A file is replaced as a whole or not at all."""

import os

import pytest

from controller.cli.atomic_file import replace_file, write_file
from controller.errors import UsageError


def test_the_text_is_replaced_and_the_permissions_stay(tmp_path):
    file = tmp_path / "flag.yaml"
    file.write_text("old")
    file.chmod(0o640)
    replace_file(file, b"new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["flag.yaml"]


def test_whoever_has_it_open_reads_the_old_text_to_its_end(tmp_path):
    file = tmp_path / "flag.yaml"
    file.write_text("old")
    with file.open() as reader:
        replace_file(file, b"new")
        assert reader.read() == "old"


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        replace_file(tmp_path / "none.yaml", b"new")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    file = tmp_path / "flag.yaml"
    file.write_text("old")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            replace_file(file, b"new")
    finally:
        tmp_path.chmod(0o755)
    assert file.read_text() == "old"


def test_pieces_make_a_new_file_that_others_may_read(tmp_path):
    write_file(tmp_path / "flags.json", ["a", "ü", "c"])
    assert (tmp_path / "flags.json").read_text(encoding="utf-8") == "aüc"
    assert (tmp_path / "flags.json").stat().st_mode & 0o777 == 0o644


def test_pieces_that_break_off_leave_the_old_file(tmp_path):
    def pieces():
        yield "new"
        raise UsageError("lost", "again")

    file = tmp_path / "flags.json"
    file.write_text("old")
    with pytest.raises(UsageError, match="lost"):
        write_file(file, pieces())
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["flags.json"]


def test_what_is_no_file_is_not_replaced_by_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="is not a file"):
        write_file(tmp_path / "pipe", ["new"])
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(tmp_path / "none" / "flags.json", ["new"])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="there is no folder") as raised:
        write_file(tmp_path / "no such" / "file", ["x"])
    assert raised.value.hint.endswith(f"mkdir -p '{tmp_path}/no such'")
