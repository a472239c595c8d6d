"""A tree read from objects is the folder that a checkout of it would be, and nothing is trusted."""

import os
from pathlib import Path

import pytest

from controller.config.loader import examine
from controller.config.sources import read_folder
from controller.config.text_reader import MAX_BYTES
from controller.errors import UsageError
from controller.source_control.tree import read_tree
from tests.source_control.repository import FLAG, ROLLOUT, Repository


def codes(shop: Repository, revision: str = "HEAD") -> list[str]:
    sources = read_tree(shop.root, shop.git("rev-parse", revision))
    return [problem.code.id for problem in examine(sources).problems if problem.is_error]


def test_it_is_what_a_checkout_gives(shop: Repository):
    shop.write("flags/README.md", "for people")
    shop.write("flags/.hidden/x.yaml", "nobody reads it")
    shop.write("flags/odd name.yaml", "nobody may write it")
    shop.write("app/main.py", "not ours")
    shop.write("rollout/empty.yaml", "")
    head = shop.commit()
    assert read_tree(shop.root, head) == read_folder(shop.root)


def test_a_folder_that_holds_only_what_keeps_it_is_there(shop: Repository):
    shop.git("rm", "--quiet", "-r", "flags")
    shop.write("flags/.gitkeep", "")
    head = shop.commit()
    assert read_tree(shop.root, head) == read_folder(shop.root)


def test_each_revision_has_its_own(shop: Repository):
    before = shop.head
    after = shop.demo_at("100%")
    shop.write(ROLLOUT, "what is checked out plays no part")
    texts = [read_tree(shop.root, commit).files[ROLLOUT] for commit in (before, after)]
    assert [b"demo: 10%" in texts[0], b"demo: 100%" in texts[1]] == [True, True]


def test_in_a_folder_of_a_larger_repository(tmp_path: Path, shop: Repository):
    outer = Repository.new(tmp_path / "outer", {"flags/other.yaml": "of somebody else"})
    (outer.root / "shop").mkdir()
    for name in shop.git("ls-files").split():
        outer.write(f"shop/{name}", shop.read(name))
    head = outer.commit()
    assert read_tree(outer.root / "shop", head) == read_folder(shop.root)


def test_a_bare_repository_has_trees_too(shop: Repository, tmp_path: Path):
    bare = shop.clone(tmp_path / "bare.git", "--bare")
    assert read_tree(bare.root, bare.head) == read_folder(shop.root)


def test_a_symbolic_link_is_refused_and_never_followed(shop: Repository, tmp_path: Path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("key: secret")
    (shop.root / "flags/secret.yaml").symlink_to(secret)
    shop.commit()
    sources = read_tree(shop.root, shop.head)
    assert "flags/secret.yaml" not in sources.files
    assert sources == read_folder(shop.root) or codes(shop) == ["RC006"]
    assert codes(shop) == ["RC006"]


def test_a_folder_that_is_a_link_is_missing_and_refused(shop: Repository):
    shop.git("mv", "flags", "elsewhere")
    (shop.root / "flags").symlink_to("elsewhere")
    shop.commit()
    assert "RC007" in codes(shop)


def test_a_submodule_is_refused(shop: Repository):
    entry = f"160000,{shop.head},flags/checkout.yaml"
    shop.git("update-index", "--cacheinfo", entry)
    shop.git("commit", "--quiet", "--message", "A submodule in the place of a file")
    assert "RC006" in codes(shop)


def test_a_name_that_is_not_utf8_is_a_problem_and_no_crash(shop: Repository):
    with open(os.fsencode(shop.root) + b"/flags/caf\xe9.yaml", "wb") as file:  # noqa: PTH123 -- bytes
        file.write(b"key: cafe")
    shop.commit()
    (problem,) = [p for p in examine(read_tree(shop.root, shop.head)).problems if p.is_error]
    assert problem.code.id == "RC008"
    assert str(problem).encode()  # can be printed


@pytest.mark.parametrize("name", ["flags/a\nb.yaml", "flags/\x1b[31m.yaml", "flags/a\tb.yaml"])
def test_names_that_would_steer_a_terminal_are_problems(shop: Repository, name: str):
    shop.write(name, "key: x")
    shop.commit()
    assert codes(shop) == ["RC008"]


def test_a_large_file_is_not_read(shop: Repository):
    shop.write(FLAG, b"#" * (MAX_BYTES + 1))
    shop.commit()
    assert "RC004" in codes(shop)


def test_too_many_files_are_not_read(shop: Repository):
    sources = read_tree(shop.root, shop.head, most_files=3)
    assert [problem.code.id for problem in sources.problems] == ["RC010"]
    assert sources.files == {}


def test_an_empty_folder_is_missing(shop: Repository):
    shop.git("rm", "-r", "--quiet", "flags")
    shop.commit()
    assert "RC007" in codes(shop)


def test_only_what_is_asked_for_is_read(shop: Repository):
    sources = read_tree(shop.root, shop.head, only=lambda path: path == ROLLOUT)
    assert list(sources.files) == [ROLLOUT]


def test_objects_that_were_never_fetched_are_told(shop: Repository):
    blob = shop.git("rev-parse", f"HEAD:{ROLLOUT}")
    (shop.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(UsageError, match="are not in this clone") as error:
        read_tree(shop.root, shop.head)
    assert "git fetch" in error.value.hint
