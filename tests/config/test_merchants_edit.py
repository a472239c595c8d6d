"""Naming merchants keeps every other byte, and the result reads as what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.merchants_edit import name_merchants
from controller.config.yaml_reader import read_yaml
from controller.errors import Refused

HEAD = "# yaml-language-server: $schema=x\nflag: checkout   # the flag\nphase: off\nphases:\n"
LAST = "  - {name: 100%, percent: 100}  # all\n"


def value(text):
    document, problems = read_yaml("x", text.encode())
    assert not problems
    return document.value


def test_a_list_in_brackets_grows_on_its_line():
    text = HEAD + "  - {name: pilot, merchants: [m1], gate: pilot} # one\n" + LAST
    assert name_merchants(text, ["m2", "007"]) == (
        HEAD + '  - {name: pilot, merchants: [m1, m2, "007"], gate: pilot} # one\n' + LAST
    )


def test_lines_follow_the_indentation_and_comments_stay():
    text = HEAD + (
        "- name: pilot\n  merchants:\n    - m1  # the first\n\n  # about the gate\n  gate: pilot\n"
    )
    assert name_merchants(text, ["m2", "m3"]) == HEAD + (
        "- name: pilot\n  merchants:\n    - m1  # the first\n    - m2\n    - m3\n\n"
        "  # about the gate\n  gate: pilot\n"
    )


def test_brackets_over_several_lines_get_more_lines():
    text = HEAD + "  - name: pilot\n    merchants: [\n      m1, # one\n      m2\n    ]\n" + LAST
    edited = name_merchants(text, ["m3"])
    assert "      m1, # one\n      m2,\n      m3,\n    ]\n" in edited


def test_line_ends_of_another_system_stay():
    text = (HEAD + "  - name: pilot\n    merchants:\n      - m1\n").replace("\n", "\r\n")
    edited = name_merchants(text, ["m2"])
    assert edited == text + "      - m2\r\n"


def test_a_missing_line_end_is_added_first():
    text = HEAD + "  - name: pilot\n    merchants:\n      - m1"
    assert name_merchants(text, ["m2"]) == text + "\n      - m2\n"


@pytest.mark.parametrize(
    "text",
    [
        "phases: []\n",
        "flag: x\n",
        "phases: [pilot]\n",
        "- x\n",
        f"{HEAD}{LAST}",
        f"{HEAD}  - {{name: pilot, merchants: []}}\n",
        f"{HEAD}  - name: pilot\n    merchants: m1\n",
    ],
)
def test_what_names_nobody_is_left_to_a_person(text):
    with pytest.raises(Refused, match="laid out") as caught:
        name_merchants(text, ["m2"])
    assert "merchants: [m2]" in caught.value.hint


ids = st.from_regex(r"[A-Za-z0-9_.:-]{1,12}", fullmatch=True)


@given(
    st.lists(ids, min_size=1, max_size=3, unique=True),
    st.lists(ids, min_size=1, max_size=3, unique=True),
    st.booleans(),
    st.booleans(),
)
def test_the_result_always_reads_as_before_and_the_names(before, more, lines, in_braces):
    written = [f'"{one}"' for one in before]
    listed = "".join(f"\n      - {one}" for one in written)
    names = listed if lines and before and not in_braces else f" [{', '.join(written)}]"
    phase = f"  - {{name: pilot, merchants:{names}}}\n"
    if not in_braces:
        phase = f"  - name: pilot\n    merchants:{names}  # why\n    soak: 2d\n"
    text = HEAD + phase + LAST
    was, edited = value(text), name_merchants(text, more)
    now = value(edited)
    assert now["phases"][0]["merchants"] == before + more
    now["phases"][0]["merchants"] = before
    assert now == was
    assert [line for line in edited.splitlines() if "#" in line and "pilot" not in line] != []
