"""Adding overrides keeps every other byte, and the result reads as what was asked for."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.config.edit import add_overrides
from controller.config.yaml_reader import read_yaml
from controller.domain.flag import Override
from controller.errors import Refused

ANN = Override("clx001", value=True, reason="set by hand", expires=date(2026, 12, 31))
BEN = Override("clx002", value=False, reason="custom ERP: see the ticket")

HEAD = (
    "# yaml-language-server: $schema=x\nkey: checkout   # the name\ndescription: 'A ''new'' one'\n"
)


def test_the_key_is_added_at_the_end():
    assert add_overrides(HEAD, [ANN, BEN]) == HEAD + (
        "overrides:\n"
        "  - {merchant: clx001, value: true, reason: set by hand, expires: 2026-12-31}\n"
        '  - {merchant: clx002, value: false, reason: "custom ERP: see the ticket"}\n'
    )


def test_a_missing_line_end_is_added_first():
    assert add_overrides("key: a", [ANN]).startswith("key: a\noverrides:\n  - {merchant: clx001")


def test_lines_follow_the_style_and_the_indentation_of_the_last_item():
    text = HEAD + "overrides:\n- merchant: a\n  value: true   # why\n\n# the end\nglobal: false\n"
    assert add_overrides(text, [ANN]) == HEAD + (
        "overrides:\n- merchant: a\n  value: true   # why\n"
        "- merchant: clx001\n  value: true\n  reason: set by hand\n  expires: 2026-12-31\n"
        "\n# the end\nglobal: false\n"
    )


def test_items_in_braces_stay_in_braces():
    text = "overrides:\n    - {merchant: a, value: true}  # first\n# more\nowner: x\n"
    assert add_overrides(text, [ANN]) == (
        "overrides:\n    - {merchant: a, value: true}  # first\n"
        "    - {merchant: clx001, value: true, reason: set by hand, expires: 2026-12-31}\n"
        "# more\nowner: x\n"
    )


def test_an_empty_list_becomes_lines_and_its_comment_stays():
    text = "key: a\noverrides: []  # none yet\nowner: x\n"
    assert add_overrides(text, [ANN]) == (
        "key: a\noverrides:  # none yet\n"
        "  - {merchant: clx001, value: true, reason: set by hand, expires: 2026-12-31}\n"
        "owner: x\n"
    )


def test_a_list_on_one_line_grows_on_it():
    text = "overrides: [{merchant: a, value: true}]  # short\n"
    assert add_overrides(text, [BEN]) == (
        "overrides: [{merchant: a, value: true}, {merchant: clx002, value: false, "
        'reason: "custom ERP: see the ticket"}]  # short\n'
    )


@pytest.mark.parametrize("comma", ["", ","])
def test_a_list_in_brackets_over_several_lines_grows_by_lines(comma):
    text = f"overrides: [\n  {{merchant: a, value: true}}{comma}  # a's\n]\nowner: x\n"
    assert add_overrides(text, [ANN]) == (
        "overrides: [\n  {merchant: a, value: true},  # a's\n"
        "  {merchant: clx001, value: true, reason: set by hand, expires: 2026-12-31},\n"
        "]\nowner: x\n"
    )


def test_windows_line_ends_stay():
    text = "key: ä😀\r\noverrides:\r\n  - {merchant: a, value: true}\r\nowner: x\r\n"
    assert add_overrides(text, [ANN]) == (
        "key: ä😀\r\noverrides:\r\n  - {merchant: a, value: true}\r\n"
        "  - {merchant: clx001, value: true, reason: set by hand, expires: 2026-12-31}\r\n"
        "owner: x\r\n"
    )


def test_a_layout_that_cannot_grow_is_refused_with_the_lines_to_add():
    with pytest.raises(Refused) as caught:
        add_overrides("key: a\n...\n", [ANN])
    assert "- {merchant: clx001, value: true, reason: set by hand" in caught.value.hint


LAYOUTS = st.sampled_from(
    [
        "",
        "overrides: []\n",
        "overrides:\n  - {merchant: a, value: true}\n",
        "overrides: [{merchant: a, value: true}]\n",
        "overrides: [\n    {merchant: a, value: true}  # note\n  ]\n",
        "overrides:\n  - merchant: a\n    reason: |-\n      long\n\n",
    ]
)
NOISE = st.sampled_from(
    ["", "\n", "# a comment: {with} [brackets]\n", "owner: 'it''s'\n", "a: |\n  x\n\n"]
)
REASONS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"]),
    min_size=1,
).filter(str.strip)


@settings(deadline=None)
@given(LAYOUTS, NOISE, NOISE, REASONS, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_layout_the_result_reads_as_the_overrides_asked_for(
    layout, before, after, reason, value, newline
):
    if before == after:
        after = ""
    text = (before + "key: x\n" + layout + after).replace("\n", newline)
    new = add_overrides(text, [Override("m:1", value=value, reason=reason)])
    document, problems = read_yaml("flag", new.encode())
    assert not problems
    assert document.value["overrides"][-1] == {
        "merchant": "m:1",
        "value": str(value).lower(),
        "reason": reason,
    }
    kept = [
        line for line in text.splitlines() if "overrides: [" not in line and "{merchant" not in line
    ]
    remaining = iter(new.splitlines())
    assert all(line in remaining for line in kept), "every other line stays, in order"
