"""All files or none, and never over another one."""

import tempfile
from pathlib import Path

import pytest

from controller.errors import UsageError
from controller.starting.placing import _move, place, refuse_overlap

FILES = {"README.md": b"ours", "flags/a.yaml": b"a", ".github/workflows/check.yml": b"c"}


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_missing_folder_is_made(tmp_path: Path):
    place(tmp_path / "a/b", FILES)
    assert everything(tmp_path / "a/b") == set(FILES)
    assert (tmp_path / "a/b/README.md").read_bytes() == b"ours"


def test_what_is_there_and_not_ours_stays(tmp_path: Path):
    (tmp_path / "LICENSE").write_text("theirs")
    place(tmp_path, FILES)
    assert everything(tmp_path) == {*FILES, "LICENSE"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("README.md", "README.md"),
        ("flags/other.yaml", "flags/"),
        ("rollout/gates/g.yaml", "rollout/"),
        (".github/workflows/check.yml", ".github/workflows/check.yml"),
        (".github/workflows", ".github/workflows"),
    ],
)
def test_what_is_in_the_way_is_named_and_kept(tmp_path: Path, name: str, said: str):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("theirs")
    with pytest.raises(UsageError, match="nothing was written") as refused:
        place(tmp_path, FILES)
    assert said in refused.value.message
    assert everything(tmp_path) == {name}
    assert (tmp_path / name).read_text() == "theirs"


@pytest.mark.parametrize("link", [".github", "README.md", "flags"])
def test_a_link_leads_nowhere(tmp_path: Path, link: str):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / link).symlink_to(elsewhere)
    with pytest.raises(UsageError, match="has "):
        place(folder, FILES)
    assert everything(elsewhere) == set()


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "new").write_text("")
    with pytest.raises(UsageError, match="is not a folder"):
        refuse_overlap(tmp_path / "new", FILES)


def test_what_breaks_half_way_leaves_nothing(tmp_path: Path):
    """A file and a folder of the same name: the second cannot be made."""
    impossible = {"a.txt": b"", "b/c.txt": b"", "b/c.txt/d.txt": b""}
    with pytest.raises(UsageError, match="nothing was written"):
        place(tmp_path / "new", impossible)
    assert not (tmp_path / "new").exists()


class TakenMeanwhile(dict[str, bytes]):
    """Files, of which somebody else writes the last while ours are being staged."""

    folder: Path

    def items(self):
        yield from super().items()
        (self.folder / list(self)[-1]).write_text("theirs")


def test_what_is_taken_meanwhile_stays_and_nothing_of_ours_does(tmp_path: Path):
    files = TakenMeanwhile({"a.txt": b"", "b/c.txt": b"", "d.txt": b""})
    files.folder = tmp_path
    with pytest.raises(UsageError, match="nothing was written"):
        place(tmp_path, files)
    assert everything(tmp_path) == {"d.txt"}
    assert (tmp_path / "d.txt").read_text() == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["d.txt"]


def test_a_file_system_without_links_will_do(tmp_path: Path):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here, to which no link can lead")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        (Path(folder) / "a").write_text("ours")
        _move(Path(folder) / "a", tmp_path / "a")
        assert (tmp_path / "a").read_text() == "ours"
        with pytest.raises(FileExistsError):
            _move(Path(folder) / "a", tmp_path / "a")
