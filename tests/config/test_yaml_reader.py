"""The strict reader: what it accepts stays text, what it refuses is named, nothing raises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.document import Quoted
from controller.config.yaml_events import FastestParser, PureParser
from controller.config.yaml_reader import MAX_DEPTH, MAX_VALUES, read_yaml

PARSERS = pytest.mark.parametrize("parser", [FastestParser, PureParser], ids=["fastest", "pure"])


def value_of(text, parser=FastestParser):
    document, problems = read_yaml("f.yaml", text.encode(), parser)
    assert problems == []
    return document.value


def codes_of(text, parser=FastestParser):
    _, problems = read_yaml("f.yaml", text.encode(), parser)
    return [problem.code.id for problem in problems]


@PARSERS
@pytest.mark.parametrize(
    "scalar",
    [
        *("off", "no", "yes", "on", "OFF", "y", "true", "false", "True", "="),
        *("10%", "1_000", "12:30", "12:30:45", "010", "0123", "0o14", "0x1F", "1.10", "1e3"),
        *(".inf", ".nan", "-.inf", "2026-02-30", "2026-11-23T10:00:00Z"),
    ],
)
def test_plain_scalars_are_the_text_that_stands_there(scalar, parser):
    value = value_of(f"key: {scalar}\n", parser)["key"]
    assert value == scalar
    assert not isinstance(value, Quoted)


@PARSERS
@pytest.mark.parametrize("scalar", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing_in_all_its_forms(scalar, parser):
    assert value_of(f"key: {scalar}\n", parser) == {"key": None}


@PARSERS
@pytest.mark.parametrize("scalar", ['"off"', "'off'", "|-\n  off", ">-\n  off"])
def test_quotes_and_blocks_mark_text(scalar, parser):
    value = value_of(f"key: {scalar}\n", parser)["key"]
    assert value == "off"
    assert isinstance(value, Quoted)


@PARSERS
def test_every_value_and_key_has_its_place(parser):
    text = "a: 1\nb:\n  - x\n  - {c: off, d: [y]}\n"
    document, _ = read_yaml("f.yaml", text.encode(), parser)
    assert document.value == {"a": "1", "b": ["x", {"c": "off", "d": ["y"]}]}
    assert str(document.place()) == "f.yaml:1:1"
    assert str(document.place("b", 1, "c")) == "f.yaml:4:9"
    assert str(document.key_place("b", 1, "c")) == "f.yaml:4:6"
    assert str(document.place("b", 1, "d", 0)) == "f.yaml:4:18"
    assert str(document.key_place("b", 0)) == "f.yaml:3:5"
    assert str(document.place("b", 1, "nothing", "there")) == "f.yaml:4:5"


@PARSERS
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\n", "RC105"),
        ("a: {b: 1, b: 2}\n", "RC104"),
        ('"a": 1\na: 2\n', "RC104"),
        ("<<: {a: 1}\n", "RC107"),
        ("a: !!python/object:os.system {}\n", "RC106"),
        ("a: ! x\n", "RC106"),
        ("? {a: b}\n: c\n", "RC108"),
        ('"": 1\n', "RC108"),
        ("~: 1\n", "RC108"),
        ("a: 1\n---\nb: 2\n", "RC103"),
        ("%YAML 1.1\n---\na: 1\n", "RC111"),
        ("", "RC102"),
        ("---\n", "RC112"),
        ("just text\n", "RC112"),
        ("- a\n", "RC112"),
        (f"a: {'[' * MAX_DEPTH}{']' * MAX_DEPTH}\n", "RC109"),
        (f"a: [{'x, ' * 60_000}]\n", "RC110"),
        ('a: "\\x00"\n', "RC003"),
        ("a: [1\n", "RC101"),
        ("a: 'x\n", "RC101"),
        ("\ta: 1\n", "RC101"),
        ('a: "\\UFFFFFFFF"\n', "RC101"),
    ],
)
def test_what_is_refused(text, code, parser):
    assert codes_of(text, parser) == [code]


def test_a_merge_key_in_quotes_is_an_ordinary_key():
    assert value_of('"<<": a\n') == {"<<": "a"}


@PARSERS
def test_problems_that_leave_the_rest_readable_are_reported_together(parser):
    text = "a: &x 1\nb: *x\na: 2\nc: !t 3\n<<: {d: 4}\n"
    assert codes_of(text, parser) == ["RC105", "RC105", "RC104", "RC106", "RC107"]


def test_both_sides_of_a_duplicate_key_are_named():
    _, problems = read_yaml("f.yaml", b"a: 1\nb: 2\na: 3\n")
    assert str(problems[0].place) == "f.yaml:3:1"
    assert [str(other.place) for other in problems[0].related] == ["f.yaml:1:1"]


def bomb(width):
    lines = [f"a0: &a0 {{{', '.join(f'k{i}: x' for i in range(width))}}}"]
    names = [f"a{i}" for i in range(width)]
    lines += [f"{n}: &{n} {{<<: [{', '.join([f'*{b}'] * width)}]}}" for b, n in pairwise(names)]
    return "\n".join(lines) + "\n"


@PARSERS
@pytest.mark.parametrize(
    "text",
    [
        bomb(9),
        "a: " + "[" * 500_000,
        "a: " + "{x: " * 200_000,
        "- " * 300_000,
        "? " * 300_000,
        "a: b\n" * 180_000,
        "a: &x [" + "*x, " * 250_000,
        "a: " + "9" * 1_000_000,
        "%TAG !a! b\n" * 90_000,
        "a: '" + "''" * 500_000,
        "a: |\n" + "  x\n" * 250_000,
        "#" * 1_000_000,
        "a: " + "x\n\n" * 300_000,
        "{" + "a, " * 300_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_large_and_malicious_files_cost_a_bounded_number_of_steps(text, parser):
    steps = 0

    class Counting(parser):
        def get_event(self):
            nonlocal steps
            steps += 1
            return super().get_event()

    read_yaml("f.yaml", text.encode(), Counting)
    assert steps <= 2 * MAX_VALUES


YAML_BITS = st.sampled_from(
    [
        *("a", "b: ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", ": ", "&x ", "*x", "!t ", "<<: "),
        *("? ", '"', "'", "|\n", ">\n", "#", "\\", "\\u0000", "%", "@", "`", "---\n", "...\n"),
        *("\t", "~", "é"),
    ]
)


@PARSERS
@given(text=st.lists(YAML_BITS, max_size=40).map("".join))
def test_bits_of_yaml_give_a_mapping_or_problems(text, parser):
    document, problems = read_yaml("f.yaml", text.encode(), parser)
    assert isinstance(document.value, dict) if document else problems


@PARSERS
@given(data=st.binary(max_size=200))
def test_bytes_give_a_mapping_or_problems(data, parser):
    document, problems = read_yaml("f.yaml", data, parser)
    assert isinstance(document.value, dict) if document else problems


@given(st.lists(YAML_BITS, max_size=40).map("".join))
def test_both_parsers_agree_on_what_is_good(text):
    fast, fast_problems = read_yaml("f.yaml", text.encode(), FastestParser)
    pure, pure_problems = read_yaml("f.yaml", text.encode(), PureParser)
    if not fast_problems and not pure_problems:
        assert fast.value == pure.value
