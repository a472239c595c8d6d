"""Commands in names and texts: shown as text wherever they are shown, and run nowhere.

The defences: `render/escape.py` (for terminals and for Markdown it was made to return its text as
it is, and these tests failed; a workflow command is held twice, because a problem's text has one
printable line before it is escaped), arguments that are lists and never a shell line
(`source_control/command.py`), and `config/layout.locate`, which knows only our paths.
"""

import re
import subprocess
from collections.abc import Callable

import pytest

from controller.errors import UsageError
from controller.forge.github_comments import marker
from controller.render.annotations import annotations
from controller.render.check_view import view
from controller.render.markdown.pull_request import comment, step_summary
from controller.render.terminal.check import check_text
from controller.source_control import objects
from controller.source_control.tree import read_tree
from tests.attacks.arena import FLAG, ROLLOUT_FILE, Arena, kinds

TEXTS = {
    "shell": "$(touch pwned);`touch pwned`|touch pwned",
    "workflow command": "x\n::set-output name=may_merge::true\n::add-mask::x",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x9b31m\r May merge",
    "markdown": "](http://evil.example) ![x](http://evil.example/x.png)\n\n# May merge",
    "html": "<img src=http://evil.example onerror=x></details><script>x</script>",
    "mention": "@acme/everyone #1 acme/shop#2 http://evil.example www.evil.example",
    "marker": marker("check"),
    "table": "a | b | c\n|---|---|\n| May merge |",
    "direction": "\u202eegrem yaM\u2066\u200b",
}
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
OWN_COLOURS = re.compile(r"\x1b\[\d{1,2}m")
HEADING = re.compile(r"^#+ .*May merge", re.MULTILINE)
COMMAND = re.compile(r"^::(?!error |warning |notice )", re.MULTILINE)
RAW = re.compile(r"<(?:img|script|/details><script|!-- rolloutctl)|(?<!\\)\]\(http|!\[")
BARE = re.compile(r"(?<![\w;&#/])@acme|http://evil")


def hold(arena: Arena) -> None:
    """Judge it, and look at everything that people and GitHub would read."""
    found = arena.judged()
    shown = view(found, run_url="")
    for text in (comment(shown), step_summary(shown)):
        assert not RAW.search(text), RAW.search(text)
        assert not BARE.search(text), BARE.search(text)
        assert not STEERS.search(text.replace("\t", " "))
        assert not COMMAND.search(text)
        assert len(HEADING.findall(text)) == found.may_merge, "only as the answer"
    said = annotations(found.problems)
    assert not COMMAND.search(said)
    assert not STEERS.search(said.replace("\t", " "))
    assert not STEERS.search(OWN_COLOURS.sub("", check_text(found, width=100)))
    assert not list(arena.workshop.folder.rglob("pwned"))


def reason(arena: Arena, text: str) -> None:
    """In the reason of an override."""
    arena.workshop.flag(overrides=[{"merchant": "m0009", "value": True, "reason": text}])


def merchant(arena: Arena, text: str) -> None:
    """As a merchant that the files name."""
    arena.rollout("pilot", phases=[{"name": "pilot", "merchants": ["m0001", text]}])


def owner(arena: Arena, text: str) -> None:
    """As whoever owns the flag."""
    arena.workshop.flag(owner=text, description=text)


def phase(arena: Arena, text: str) -> None:
    """As the name of a phase."""
    arena.rollout(text, phases=[{"name": text, "merchants": ["m0001", "m0002"]}])


def key(arena: Arena, text: str) -> None:
    """As a key that no file has."""
    arena.workshop.write(ROLLOUT_FILE, {"flag": FLAG, text: text})


def file(arena: Arena, text: str) -> None:
    """As the name of a file."""
    name = text.replace("/", "_").replace("\0", "")[:100]
    (arena.workshop.folder / "flags" / f"{name}.yaml").write_text("key: x\n", encoding="utf-8")


PLACES: dict[str, Callable[[Arena, str], None]] = {
    place.__name__: place for place in (reason, merchant, owner, phase, key, file)
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_text_in_the_files_is_only_a_text(pilot: Arena, place: Callable[[Arena, str], None]):
    workshop = pilot.workshop
    for number, text in enumerate(TEXTS.values()):
        workshop.git("checkout", "--quiet", "-B", "attack", "main")
        place(pilot, text)
        workshop.git("add", "--all")
        workshop.git("commit", "--quiet", "--allow-empty", "--message", f"{number}: {text}")
        hold(pilot)


def test_a_name_in_the_data_is_only_a_name(pilot: Arena):
    """A shop's domain, and the id of a merchant that a step would turn on."""
    workshop = pilot.workshop
    for number, text in enumerate(TEXTS.values()):
        workshop.sql(
            'UPDATE "Merchant" SET "shopDomain" = %s WHERE id = %s', text, f"m{number + 2:04}"
        )
        workshop.sql('UPDATE "Merchant" SET id = id || %s WHERE id = %s', text, f"m{number + 2:04}")
    pilot.rollout("100%")
    hold(pilot)


@pytest.mark.parametrize(
    "name", ["--output=pwned", "-x", "$(touch${IFS}pwned)", "HEAD:flags", "a..b", ""]
)
def test_a_revision_is_never_an_option(pilot: Arena, name: str):
    with pytest.raises(UsageError, match="there is no revision"):
        objects.resolve(pilot.workshop.folder, name)
    assert not list(pilot.workshop.folder.rglob("pwned"))


@pytest.mark.parametrize(
    "path",
    [
        "rollout/gates/../../flags/x.yaml",
        "rollout/gates/../small.yaml",
        "flags/../../../etc/passwd",
        "flags//x.yaml",
        "flags/./x.yaml",
    ],
)
def test_a_path_that_climbs_names_none_of_our_files(pilot: Arena, path: str):
    """No git writes such a tree; one that was made by hand is refused, or says nothing."""
    git = pilot.workshop.git
    blob = git("rev-parse", f"main:{ROLLOUT_FILE}")
    tree = _tree(pilot, path.split("/"), blob)
    try:
        files = read_tree(pilot.workshop.folder, tree).files
    except UsageError:
        return  # git itself takes it for broken
    assert not [name for name in files if ".." in name.split("/") and files[name]]


def _tree(arena: Arena, parts: list[str], blob: str) -> str:
    """A tree by hand: git's own commands refuse to write such names."""
    made, kind, mode = blob, "blob", "100644"
    for part in reversed(parts):
        if kind == "blob":
            row = mode.encode() + b" " + part.encode() + b"\0" + bytes.fromhex(made)
        else:
            row = b"40000 " + part.encode() + b"\0" + bytes.fromhex(made)
        done = subprocess.run(
            ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"],
            cwd=arena.workshop.folder,
            input=row,
            capture_output=True,
            check=True,
        )
        made, kind = done.stdout.decode().strip(), "tree"
    return made


def test_a_file_that_a_gate_names_stays_in_its_folder(pilot: Arena):
    """`gate: ../../etc/passwd` names a gate that does not exist."""
    pilot.rollout("pilot", phases=[{"name": "pilot", "merchants": ["m0001"], "gate": "../small"}])
    assert kinds(pilot.judged()) == {"invalid"}
