"""Folders on disk: nothing is followed, nothing unreadable passes for absent."""

import os

import pytest

from controller.config import reading_codes as codes
from controller.config import sources
from controller.config.loader import examine
from controller.config.sources import from_mapping, read_folder
from tests.config.repository import VALID, look


@pytest.fixture
def repository(tmp_path):
    for name, text in VALID.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def found(root):
    return [(problem.code, problem.place.file) for problem in read_folder(root).problems]


def test_a_good_folder_reads_like_a_mapping(repository):
    assert examine(read_folder(repository)).problems == look(today=None).problems == ()
    assert read_folder(repository).files == {n: t.encode() for n, t in VALID.items()}


def test_missing_folders_are_problems_each(tmp_path):
    expected = [(codes.FOLDER_MISSING, "flags"), (codes.FOLDER_MISSING, "rollout")]
    assert found(tmp_path) == expected
    assert found(tmp_path / "nowhere") == expected
    assert [(p.code, p.place.file) for p in from_mapping({}).problems] == expected


def test_a_file_in_the_place_of_a_folder_is_a_missing_folder(tmp_path):
    (tmp_path / "flags").write_text("")
    (tmp_path / "rollout").mkdir()
    assert found(tmp_path) == [(codes.FOLDER_MISSING, "flags")]


def test_an_empty_flags_folder_is_a_repository_without_flags(repository):
    for name in ("flags/checkout.yaml", "flags/banner.yaml", "rollout/checkout.yaml"):
        (repository / name).unlink()
    assert found(repository) == []
    kept = dict.fromkeys(["flags/.gitkeep", "rollout/.gitkeep"], b"")
    assert from_mapping(kept).problems == ()


@pytest.mark.parametrize("name", ["flags/linked.yaml", "rollout/gates/linked.yaml", "flags/more"])
def test_links_are_refused_wherever_they_point(repository, name):
    (repository / name).symlink_to(repository / "flags/checkout.yaml")
    assert found(repository) == [(codes.NOT_A_REGULAR_FILE, name)]


def test_a_link_in_the_place_of_a_folder_is_refused(repository):
    (repository / "flags").rename(repository / "elsewhere")
    (repository / "flags").symlink_to(repository / "elsewhere")
    assert found(repository) == [(codes.FOLDER_MISSING, "flags")]


def test_pipes_are_refused_without_waiting(repository):
    os.mkfifo(repository / "flags/pipe.yaml")
    assert found(repository) == [(codes.NOT_A_REGULAR_FILE, "flags/pipe.yaml")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_problems(repository):
    (repository / "flags/banner.yaml").chmod(0)
    (repository / "rollout/gates").chmod(0)
    assert found(repository) == [
        (codes.UNREADABLE_FILE, "flags/banner.yaml"),
        (codes.UNREADABLE_FILE, "rollout/gates"),
    ]


def test_a_folder_that_vanishes_is_unreadable_not_empty(tmp_path):
    problems = [p for p in sources._below(tmp_path, "gone") if not isinstance(p, str)]
    assert [(p.code, p.place.file) for p in problems] == [(codes.UNREADABLE_FILE, "gone")]


def test_a_file_that_turns_into_a_link_is_unreadable(repository):
    (repository / "flags/late.yaml").symlink_to("checkout.yaml")
    files, problems = {}, []
    sources._read(repository, "flags/late.yaml", files, problems)
    assert files == {}
    assert [p.code for p in problems] == [codes.UNREADABLE_FILE]


def test_files_that_nobody_reads_are_listed_but_not_opened(repository):
    (repository / "flags/big.yml").write_bytes(b"x" * 10)
    os.mkfifo(repository / "flags/.hidden")
    (repository / "flags/README.md").write_text("about flags")
    (repository / "rollout/.cache").mkdir()
    assert found(repository) == []
    assert read_folder(repository).files["flags/big.yml"] == b""
    assert [p.code for p in examine(read_folder(repository)).problems] == [codes.UNEXPECTED_FILE]


def test_odd_names_are_shown_harmlessly(repository):
    (repository / "flags" / "a\x1b[2Jb\nc.yaml").write_text("")
    (repository / os.fsdecode(b"flags/\xff.yaml")).symlink_to("nowhere")
    texts = [str(problem) for problem in examine(read_folder(repository)).problems]
    assert len(texts) == 2
    assert all(line.isprintable() for text in texts for line in text.split("\n"))


def test_files_are_read_no_further_than_their_limit(repository):
    (repository / "flags/checkout.yaml").write_bytes(b"#" * (sources.MAX_BYTES + 10_000))
    assert len(read_folder(repository).files["flags/checkout.yaml"]) == sources.MAX_BYTES + 1
    assert codes.FILE_TOO_LARGE in {p.code for p in examine(read_folder(repository)).problems}


def test_the_number_of_files_is_bounded(repository):
    assert read_folder(repository, most_files=len(VALID)).problems == ()
    problems = read_folder(repository, most_files=len(VALID) - 1).problems
    assert [(p.code, p.place.file) for p in problems] == [(codes.TOO_MANY_FILES, "rollout")]
