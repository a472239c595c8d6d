"""A checkout is searched for whole words, whatever its files are called."""

import pytest

from controller.errors import UsageError
from controller.source_control.code_search import MOST_IN_A_FILE, Mention, find_words
from controller.source_control.command import git


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "app"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def tracked(folder, **files: str | bytes):
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(folder, "add", "--all")


def found(folder, *words, **options):
    search = find_words(folder, words, **options)
    assert search.is_whole
    return search.mentions


def test_whole_words_once_a_line_with_their_places(checkout):
    tracked(
        checkout,
        a="one enableIt enableIt\nenableItNow\nif (it.enableIt && process.env.IT)",
        src__b="IT_2 xIT\n\nIT",
    )
    assert found(checkout, "enableIt", "IT") == (
        Mention("a", 1, "enableIt"),
        Mention("a", 3, "IT"),
        Mention("a", 3, "enableIt"),
        Mention("src/b", 3, "IT"),
    )


def test_words_are_no_patterns_and_no_options(checkout):
    tracked(checkout, a="a.b\naxb\n--open-files-in-pager=touch /tmp/x\n")
    option = "--open-files-in-pager=touch"
    assert found(checkout, "a.b", option) == (Mention("a", 1, "a.b"), Mention("a", 3, option))
    assert found(checkout) == ()
    assert found(checkout, "nothing") == ()


def test_only_what_is_tracked_and_is_text(checkout):
    (checkout / "untracked").write_text("it")
    assert found(checkout, "it") == ()
    tracked(checkout, binary=b"\0it", text="it", **{".gitignore": "node_modules"})
    (checkout / "node_modules").mkdir()
    (checkout / "node_modules" / "dep").write_text("it")
    (checkout / "untracked").unlink()
    git(checkout, "add", "--all")
    assert [mention.path for mention in found(checkout, "it")] == ["text"]


def test_folders_can_be_left_out_wherever_they_are(checkout):
    tracked(checkout, flags__it="it", src__flags__it="it", src__it="it")
    elsewhere = checkout.parent / "flags"
    paths = [m.path for m in found(checkout, "it", without=[checkout / "flags", elsewhere])]
    assert paths == ["src/flags/it", "src/it"]
    inside = [m.path for m in found(checkout / "src", "it", without=[checkout / "flags"])]
    assert inside == ["flags/it", "it"]


def test_hostile_names_of_files_are_names(checkout):
    tracked(checkout, **{"a\nb": "it", "c:1:it": "it", ":(top)x": "it"})
    (checkout / "d").mkdir()
    (checkout / "d" / "\udcff").write_text("it")
    git(checkout, "add", "--all")
    paths = {mention.path for mention in found(checkout, "it")}
    assert paths == {"a\nb", "c:1:it", ":(top)x", "d/\udcff"}


def test_endless_mentions_are_cut_and_said_to_be(checkout):
    tracked(checkout, many="it\n" * (MOST_IN_A_FILE + 50))
    assert len(found(checkout, "it")) == MOST_IN_A_FILE
    search = find_words(checkout, ["it"], most=100)
    assert not search.is_whole
    assert 0 < len(search.mentions) < MOST_IN_A_FILE


def test_settings_of_whoever_runs_it_change_nothing(checkout):
    tracked(checkout, a="it")
    for name, value in (("column", "true"), ("lineNumber", "false"), ("patternType", "perl")):
        git(checkout, "config", f"grep.{name}", value)
    git(checkout, "config", "color.ui", "always")
    assert found(checkout, "it") == (Mention("a", 1, "it"),)


def test_a_folder_that_is_no_checkout_is_said(tmp_path):
    with pytest.raises(UsageError, match="cannot be searched"):
        find_words(tmp_path, ["it"])
