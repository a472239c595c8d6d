"""A run's story is told from whatever some version recorded, and never breaks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.ledger import RunRecord
from controller.render.run_words import story
from controller.render.words import why

AT = datetime(2026, 11, 23, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["flag", "value", "merchants", "cause", "reason", "guardrail", "phase"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
SUMMARIES = st.dictionaries(
    st.sampled_from(["changes", "withheld", "allowed", "reason", "flag", "phase"]), JSON
)


def run(summary, kind="reconcile", changed=None):
    return RunRecord("id", 1, kind, None, "ada", AT, "", summary, changed or {})


@given(SUMMARIES, st.sampled_from(["reconcile", "halt", "resume", "from the future"]))
def test_any_summary_is_told_in_sentences(summary, kind):
    assert all(isinstance(sentence, str) for sentence in story(run(summary, kind)))


@pytest.mark.parametrize(
    ("summary", "kind", "changed", "said"),
    [
        ({}, "reconcile", {}, ["no value changed; what the files say was recorded"]),
        (
            {"changes": [{"flag": "a", "value": True, "cause": "phase", "merchants": 1_200}]},
            "reconcile",
            {"a": 1_200},
            ["1,200 merchants gained a (phase)"],
        ),
        (
            {"moves": [{"flag": "a", "from": "pilot", "to": "10%"}]},
            "reconcile",
            {"a": 2},
            ["a went from pilot to 10%"],
        ),
        (
            {"reason": "lost orders", "flag": "a", "phase": "10%"},
            "halt",
            {"a": 1},
            ["a halted at phase 10%: lost orders", "1 merchant lost a"],
        ),
        (
            {"withheld": ["a"]},
            "reconcile",
            {"b": 1},
            ["a was withheld by a guardrail"],
        ),
        (
            {"allowed": [{"guardrail": "halted", "approved_by": "ann", "reason": "why"}]},
            "reconcile",
            {"b": 1},
            ["guardrail halted lifted by ann: why"],
        ),
    ],
)
def test_the_story(summary, kind, changed, said):
    assert list(story(run(summary, kind, changed))) == said


def test_what_a_halt_took_away_comes_back_when_it_has_ended():
    assert why(True, "halt") == "halt ended"
    assert why(False, "halt") == "halt"
