"""The comment on a pull request: the answer at a glance, always within GitHub's limit."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controller.forge.github_comments import marker
from controller.render.markdown.pull_request import (
    COMMENT_LIMIT,
    SUMMARY_LIMIT,
    comment,
    step_summary,
)
from controller.render.pull_request_view import (
    Answer,
    Audience,
    Detail,
    FlagChange,
    PullRequestView,
    Step,
)
from tests.golden_files import assert_golden

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "blns.json"
RUN = "https://github.com/acme/shop/actions/runs/42"
WAITING = PullRequestView(
    answer=Answer.NOT_YET,
    because="the gate of `sequential_workflow` needs 12 more runs",
    meanings=("`sequential_workflow` advances from `pilot` to `10%`",),
    changes=(
        FlagChange(
            "production",
            "sequential_workflow",
            "pilot -> 10% (advance)",
            on_before=1,
            on_after=92,
            merchants=1_000,
            audiences=(
                Audience(
                    value=True,
                    cause="phase",
                    total=91,
                    shown=tuple(f"clx{n:04} shop-{n}.myshopify.com" for n in range(15)),
                ),
            ),
        ),
    ),
    takes=("12 more runs that end well, of at least 3 merchants", "1 d 4 h more of soak"),
    steps=(
        Step("wait: this is judged again by itself as the data arrives"),
        Step("look at the gate yourself: rolloutctl gate sequential_workflow", "it holds"),
    ),
    details=(Detail("the gate of `sequential_workflow`", "| a | b |\n|---|---|\n| 1 | 2 |"),),
    base="a" * 40,
    head="b" * 40,
    run_url=RUN,
    judged_at="2026-11-23 18:00 UTC",
)
STOPPED = PullRequestView(
    answer=Answer.MUST_NOT,
    because="it advances `sequential_workflow` and changes the gate that this has to pass",
    meanings=("gate `ramp` is changed",),
    changes=(
        FlagChange("production", "a", "10% -> 50% (advance)", 92, 480, 1_000),
        FlagChange(
            "staging",
            "b",
            "50% -> off (retreat)",
            5,
            0,
            10,
            (Audience(value=False, cause="phase", total=5),),
            is_halted=True,
        ),
    ),
    steps=(Step("split it in two: first the gate, then the phase"),),
)
VIEWS = {
    "not_yet": WAITING,
    "may_merge": replace(WAITING, answer=Answer.MAY_MERGE, because="", takes=(), steps=()),
    "not_concerned": PullRequestView(Answer.NOT_CONCERNED, "nothing that is rolled out changes"),
    "must_not": STOPPED,
    "not_judged": PullRequestView(
        Answer.NOT_JUDGED,
        "a pull request from a fork gets no secrets, so the database cannot be asked",
        steps=(Step("somebody with write access pushes the branch to this repository"),),
        run_url=RUN,
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_reads_so(name: str):
    assert_golden(f"forge/comment_{name}.md", comment(VIEWS[name]))


def test_the_summary_has_room_for_more_names():
    assert "shop-14" not in comment(WAITING)
    assert "- and 81 more" in comment(WAITING)
    assert "shop-14" in step_summary(WAITING)


def test_what_folds_away_is_left_out_first_and_named():
    long = Detail("the `plan`", "x" * 70_000)
    view = replace(WAITING, details=(*WAITING.details, long))
    shown = comment(view)
    assert f"on [the run's page]({RUN}) only: <code>the &#96;plan&#96;</code>" in shown
    assert "| 1 | 2 |" in shown
    assert "clx0009" in shown
    assert "x" * 70_000 in step_summary(view)


def test_an_address_that_is_more_than_one_is_no_link():
    shown = comment(replace(WAITING, run_url="https://x) [evil](https://evil"))
    assert "evil" not in shown


NASTY = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["<", "@", "\u202e", "|", "`", "\n", "😀", "&", "x", "@a ", "\0 ", "<!--"]).map(
        lambda piece: piece * 300
    ),
)
AUDIENCES = st.builds(
    Audience, st.booleans(), NASTY, st.integers(0, 10**7), st.lists(NASTY, max_size=4).map(tuple)
)
CHANGES = st.builds(
    FlagChange,
    NASTY,
    NASTY,
    NASTY,
    *[st.integers(0, 10**7)] * 3,
    st.lists(AUDIENCES, max_size=3).map(tuple),
    st.booleans(),
)


def _many(entries: st.SearchStrategy) -> st.SearchStrategy:
    """A few, or one of them very often."""
    few = st.lists(entries, max_size=3).map(tuple)
    return few | st.tuples(entries, st.sampled_from([30, 300])).map(lambda two: (two[0],) * two[1])


VIEW = st.builds(
    PullRequestView,
    st.sampled_from(Answer),
    NASTY,
    _many(NASTY),
    _many(CHANGES),
    _many(NASTY),
    _many(st.builds(Step, NASTY, NASTY)),
    st.lists(
        st.builds(Detail, NASTY, st.sampled_from([10, 70_000, 600_000]).map("x".__mul__)),
        max_size=3,
    ).map(tuple),
    NASTY,
    NASTY,
    NASTY,
    NASTY,
)


@settings(max_examples=40)
@given(VIEW)
def test_it_is_never_too_long_and_keeps_its_totals(view: PullRequestView):
    shown = comment(view)
    assert len(f"{marker('check')}\n{shown}") <= 65_536
    assert len(shown.encode()) <= COMMENT_LIMIT
    assert len(step_summary(view).encode()) <= SUMMARY_LIMIT
    if len(view.changes) > 1:
        on = sum(change.count(value=True) for change in view.changes)
        off = sum(change.count(value=False) for change in view.changes)
        assert f"| **in all** | | | | **{on:,}** | **{off:,}** |" in shown
    for text in (view.takes, view.meanings):
        listed = shown.count("\n- ")
        assert not text or listed


def _view_of(text: str) -> PullRequestView:
    return PullRequestView(
        Answer.MUST_NOT,
        text,
        (text,),
        (FlagChange(text, text, text, 1, 2, 3, (Audience(True, text, 9, (text,)),)),),
        (text,),
        (Step(text, text),),
        (Detail(text, "trusted"),),
        base=text,
        head=text,
        judged_at=text,
    )


def _check_harmless(text: str) -> None:
    shown, plain = comment(_view_of(text)), comment(_view_of("x"))
    assert shown.count("\n") == plain.count("\n")
    outside = re.sub(r"<code>[^<>`@|\n]*</code>", "", shown.replace("<wbr>", ""))
    skeleton = re.sub(r"<code>[^<>`@|\n]*</code>", "", plain)
    assert outside.count("<") == skeleton.count("<")
    assert outside.count("|") == skeleton.count("|")
    assert outside.count("[") == skeleton.count("[")
    for started in ("@", "<!--", "http", "www.", "`", "~~", "GH-", "![", "\u202e"):
        assert started not in outside
    assert marker("check") not in shown


@given(NASTY)
def test_foreign_text_stays_text(text: str):
    assume(text.strip())
    _check_harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "@everyone look",
        f"{marker('check')}\nmay merge",
        "a | b | c |",
        "[click](https://evil.example)",
        "![](https://evil.example/pixel.png)",
        "https://evil.example www.evil.example evil@evil.example",
        "fixes #1, GH-1, acme/shop#1 and 0123456789abcdef0123456789abcdef01234567",
        "```\n# title\n```",
        "</summary></details><script>alert(1)</script>",
        "`code` and ``more``",
        "\u202egnp.exe\u202c a\u200bb",
        "::error::hello",
        "- [x] done\n1. one\n> quote\n***",
        "$\\sqrt{x}$ :rocket: <img src=x onerror=alert(1)>",
    ],
)
def test_each_trick_of_markdown_stays_text(text: str):
    _check_harmless(text)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the Big List of Naughty Strings is not here")
def test_the_naughty_strings_stay_text():
    for text in filter(str.strip, json.loads(NAUGHTY.read_text(encoding="utf-8"))):
        _check_harmless(text)
