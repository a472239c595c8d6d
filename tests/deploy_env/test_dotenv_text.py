import json
import random
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.deploy_env.dotenv_text import UnclosedQuoteError, assignments, with_value

LINES = (
    "A=1",
    "A=",
    "A = 1",
    "A= 1 # note",
    "A='x y'",
    'A="x y" # note',
    "A=''  # note",
    'A="first\nsecond"',
    "A=a#b",
    "A=#x",
    "A=$HOME",
    "A=`x`",
    "A=two words",
    "A=trailing  ",
    'A="a\\"b"',
    "A='a\\'b'",
    "# A=1",
    "",
    "  A=1",
    "export A=1",
    'A="it\'s"',
    "A='\"'",
    "A=ü",
    "A=a=b:c",
    'A="x"y',
    "A=it's",
)


def _files() -> st.SearchStrategy[str]:
    """Files as people write them: every variable at most once."""
    lines = st.lists(st.sampled_from(LINES), max_size=5).map(
        lambda chosen: [
            line.replace("A", name, 1) for line, name in zip(chosen, "ABCDE", strict=False)
        ]
    )
    newlines = st.sampled_from(["\n", "\r\n"])
    return st.builds(
        lambda chosen, newline, mark, end: mark + newline.join(chosen) + end * newline,
        lines,
        newlines,
        st.sampled_from(["", "\ufeff"]),
        st.integers(0, 1),
    )


def _values(text: str) -> dict[str, str | None]:
    return {found.name: found.value for found in assignments(text)}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("A=", ""),
        ("A = 1 # note", "1"),
        ("export A=1", "1"),
        ("A='x y' # note", "x y"),
        ('A="it\'s"', "it's"),
        ("A=a=b:c", "a=b:c"),
        # The readers of such files disagree about all that follows.
        ("A=a#b", None),
        ("A=#x", None),
        ("A=$HOME", None),
        ('A="$HOME"', None),
        ("A=`x`", None),
        ('A="a\\nb"', None),
        ('A="x"y', None),
        ("A=it's", None),
        ("A: 1", None),
        ("A=\t1", None),
        ('A="two\nlines"', None),
    ],
)
def test_a_value_is_known_where_every_reader_agrees(line: str, value: str | None) -> None:
    assert _values(line) == {"A": value}


@pytest.mark.parametrize("line", ["# A=1", "A", "export A", "", "-- A = 1", "=1"])
def test_other_lines_set_nothing(line: str) -> None:
    assert _values(line) == {}


def test_a_line_within_quotes_is_no_line() -> None:
    text = 'KEY="-----BEGIN\nFLAG=1\n-----END"\nFLAG=0\n'
    assert [(found.name, found.line) for found in assignments(text)] == [("KEY", 1), ("FLAG", 4)]
    assert with_value(text, "FLAG", "1") == text.replace("FLAG=0", "FLAG=1")


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_a_quote_that_is_never_closed_makes_the_file_unreadable(quote: str) -> None:
    with pytest.raises(UnclosedQuoteError, match="line 2"):
        assignments(f"A=1\nB={quote}x\nC=1\n")


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("", "1", "A=1\n"),
        ("B=1", "1", "B=1\nA=1\n"),
        ("B=1\r\n", "1", "B=1\r\nA=1\r\n"),
        ("\ufeff", "1", "\ufeffA=1\n"),
        ("export A = 0  # off\nB='x'\n", "1", "export A = 1  # off\nB='x'\n"),
        ("A='0' # off", "1", "A='1' # off"),
        ('A="0"', "it's", 'A="it\'s"'),
        ("A='0'", "it's", 'A="it\'s"'),
        ("A=0", "two words", 'A="two words"'),
        ("A=0 # note", "", 'A="" # note'),
        ("A=", "x#y", 'A="x#y"'),
    ],
)
def test_sets_one_variable(before: str, value: str, after: str) -> None:
    assert with_value(before, "A", value) == after


@pytest.mark.parametrize("value", ["\n", "a\rb", "$x", "`x`", "back\\slash", "both ' and \"", "\0"])
def test_refuses_what_not_every_reader_reads_the_same(value: str) -> None:
    assert with_value("", "A", value) is None


@given(text=_files(), value=st.text(max_size=8), name=st.sampled_from("ABXYZ"))
def test_every_other_byte_stays(text: str, value: str, name: str) -> None:
    present = next((found for found in assignments(text) if found.name == name), None)
    changed = with_value(text, name, value)
    if changed is None:
        return
    assert _values(changed) == _values(text) | {name: value}
    if present:
        assert changed.startswith(text[: present.start])
        assert changed.endswith(text[present.end :])
    else:
        assert changed.startswith(text)


@given(text=st.text(alphabet="A=\"'`\\\n\r #$\t:x", max_size=60))
def test_never_breaks_on_anything(text: str) -> None:
    try:
        found = assignments(text)
    except UnclosedQuoteError:
        return
    assert [place.start for place in found] == sorted(place.start for place in found)


def test_takes_linear_time() -> None:
    for text in (" " * 500_000, "A=" + " " * 500_000 + "x", "A" * 500_000, "A='" + "\\'" * 200_000):
        try:
            assignments(text)
        except UnclosedQuoteError:
            continue


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_reads_the_same() -> None:
    dice = random.Random(11)
    texts = [
        "\n".join(dice.choice(LINES).replace("A", name, 1) for name in "ABCD") for _ in range(2_000)
    ]
    texts += [
        changed
        for text in texts
        for value in ("1", "two words", "it's", 'say "no"', "a#b", "")
        if (changed := with_value(text, "A", value)) is not None
    ]
    script = (
        "const read = require('util').parseEnv;"
        "const texts = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(read ? texts.map((text) => read(text)) : null))"
    )
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    answers = json.loads(done.stdout)
    if answers is None:
        pytest.skip("this node has no reader of dotenv files")
    for text, read in zip(texts, answers, strict=True):
        for name, value in _values(text).items():
            if value is not None:
                assert read[name] == value, text


@pytest.mark.parametrize("value", ["1", "", "two words", "it's", 'say "no"', "a#b", "x=y", "ünï"])
def test_a_shell_reads_the_same(value: str) -> None:
    text = with_value("", "A", value)
    assert text is not None
    done = subprocess.run(
        ["sh", "-c", f'{text}\nprintf %s "$A"'], capture_output=True, text=True, check=True
    )
    assert done.stdout == value
