"""One value changes; every other byte of the file stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.outline import find
from controller.config.phase_edit import set_global_off, set_phase
from controller.errors import Refused

ENVIRONMENTS = ("demo", "production")


def file(line: str) -> str:
    return f"# 🚀 Überschrift\nflag: checkout\n{line}\n# phase: not this one\nphases: []\n"


@pytest.mark.parametrize(
    ("before", "environment", "after"),
    [
        ("phase: pilot", None, "phase: 10%"),
        ("phase:   pilot   # now", None, "phase:   10%   # now"),
        ('phase: "pilot" # now', None, 'phase: "10%" # now'),
        ("phase: 'pilot'", None, "phase: '10%'"),
        ("phase: {demo: pilot, production: off}", "demo", "phase: {demo: 10%, production: off}"),
        (
            "phase: { demo : pilot,production: 'off' } # a promotion",
            "production",
            "phase: { demo : pilot,production: '10%' } # a promotion",
        ),
        (
            "phase:\n  demo: pilot # one\n  production: off # other",
            "production",
            "phase:\n  demo: pilot # one\n  production: 10% # other",
        ),
        ("phase: pilot # x", "demo", "phase: {demo: 10%, production: pilot} # x"),
        ('"phase": "pilot"', None, '"phase": "10%"'),
        ("phase: !!x pilot", None, None),
    ],
)
def test_only_the_phase_changes(before, environment, after):
    if after is None:
        with pytest.raises(Refused, match="cannot be edited"):
            set_phase(file(before), "10%", environment, ENVIRONMENTS)
        return
    assert set_phase(file(before), "10%", environment, ENVIRONMENTS) == file(after)


def test_one_phase_for_the_only_environment_stays_one():
    assert set_phase(file("phase: off"), "pilot", "demo", ("demo",)) == file("phase: pilot")


def test_line_ends_stay():
    text = file("phase: pilot").replace("\n", "\r\n")
    assert set_phase(text, "off", None, ENVIRONMENTS) == text.replace("phase: pilot", "phase: off")


def test_a_file_in_braces():
    text = "{flag: checkout, phase: pilot, phases: [{name: pilot, merchants: [pilot]}]}\n"
    assert set_phase(text, "off", None, ENVIRONMENTS) == text.replace(": pilot,", ": off,", 1)


def test_a_file_without_a_phase_cannot_be_edited():
    with pytest.raises(Refused, match="cannot be edited"):
        set_phase("flag: checkout\n", "off", None, ENVIRONMENTS)


def test_global_is_turned_off():
    text = "key: x # global: true\nglobal: true # since May\n"
    assert set_global_off(text) == text.replace("global: true # s", "global: false # s")


@given(
    st.sampled_from(["pilot", "10%", "a.b+c", "off", "1.5%"]),
    st.sampled_from(["pilot", "10%", "a.b+c", "off", "0"]),
    st.sampled_from(["{}", '"{}"', "'{}'", "  {}  "]),
    st.sampled_from(["", " # why: 'x'", " #"]),
)
def test_there_and_back_is_where_it_was(before, after, form, comment):
    text = file(f"phase: {form.format(before)}{comment}")
    there = set_phase(text, after, None, ENVIRONMENTS)
    assert set_phase(there, before, None, ENVIRONMENTS) == text


@pytest.mark.parametrize(
    ("path", "found"),
    [(("a",), "{b: [1, {c: 2}], d: x}"), (("a", "d"), "x"), (("a", "e"), None), (("z", "y"), None)],
)
def test_values_are_found_by_their_keys(path, found):
    text = "z: 1\na: {b: [1, {c: 2}], d: x} # end\n"
    span = find(text, *path)
    assert (text[span.start : span.end] if span else None) == found
