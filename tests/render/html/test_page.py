"""The page is well-formed, usable without eyes or mouse, small, and others' texts stay texts."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from controller.config.environment_file import EnvironmentFile, to_environment
from controller.domain.flag_policy import FlagPolicy
from controller.inquiry.dashboard import Dashboard
from controller.render import standing_words
from controller.render.html.page import page
from tests.domain.strategies import applied, flag, ladder
from tests.gate.builders import NOW, SINCE, waiver
from tests.render.gate_reports import HOSTILE, naughty_strings
from tests.render.html.boards import board, dashboard, growing, many, run, trouble
from tests.render.html.reading import read

PAGES = {"trouble": trouble, "empty": lambda: dashboard(()), "many": lambda: many(60, 5)}


@pytest.fixture(params=PAGES)
def found(request) -> Dashboard:
    return PAGES[request.param]()


def test_it_is_well_formed_and_every_id_is_there_once(found):
    reader = read(page(found))
    ids = [given["id"] for _, given, _ in reader.elements if "id" in given]
    assert len(ids) == len(set(ids))
    targets = {given["href"] for given in reader.named("a")}
    assert targets <= {f"#{one}" for one in ids}
    labels = {g["aria-labelledby"] for _, g, _ in reader.elements if "aria-labelledby" in g}
    assert labels <= set(ids)


def test_landmarks_headings_and_tables_are_told_to_who_does_not_see(found):
    reader = read(page(found))
    assert [len(reader.named(name)) for name in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag, _, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    assert len(reader.named("caption")) == len(reader.named("table"))
    assert all(given.get("scope") in {"col", "row"} for given in reader.named("th"))


def test_every_picture_says_what_it_shows(found):
    text = page(found)
    pictures = re.findall(r"<svg(?! class=\"drawings\")[^>]*>", text)
    assert all('role="img"' in picture for picture in pictures)
    assert len(re.findall(r"<svg[^>]*><title>[^<]+</title>", text)) == len(pictures)
    assert "<img" not in text


def test_nothing_runs_and_nothing_is_loaded(found):
    reader = read(page(found))
    names = {tag for tag, _, _ in reader.elements}
    assert names.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "form", "base"})
    attributes = {name for _, given, _ in reader.elements for name in given}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {
        "style",
        "src",
    }
    assert "://" not in page(found).replace("http-equiv", "")
    (policy,) = [g["content"] for g in reader.named("meta") if "http-equiv" in g]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_what_status_gate_stale_and_history_say_is_on_it():
    said = read(page(trouble())).text
    for sentence in (
        "1 halted, 1 withheld, 1 drift, 2 in sync",
        "halted by orders are lost since",
        "3 values changed by somebody else",
        'rolloutctl resume a_halted --reason "..."',
        "96 on (under 0.1%)",
        "Flags that should go away (1 of 5)",
        "the override of orders are lost expires in 2 days",
        "halted at phase orders are lost",
        "Nobody has asked a gate about it yet.",
        "Data until 2026-11-22 23:40 UTC",
        "half of them took at least 38 min",
        "4 of 5 completed runs with it took at most 10 min.",
        "It could not be asked now: orders are lost",
    ):
        assert sentence in said, sentence


def test_the_next_step_is_the_one_that_status_names():
    gated = tuple(replace(one, gate="ramp") for one in ladder("m01"))
    entered = applied(flag("10%", gated), since=SINCE)
    shown = board(found=growing(steps=1), applied=entered, next=gated[2], gate="ramp")
    step = standing_words.next_step(shown.standing, NOW, "production", shown.newest)
    assert step == "ask later: rolloutctl gate seq"
    assert read(page(dashboard([shown]))).text.count(step) == 2  # at a glance, and in full


def test_every_verdict_stands_with_the_id_of_its_evidence():
    found = trouble()
    said = page(found)
    for one in found.boards:
        if one.newest:
            assert said.count(f"<code>{one.newest.id[:12]}</code>") >= 3


def test_a_waiver_is_told_before_and_after_a_gate_has_met_it_and_only_once():
    accepted = waiver("on_time", flag="seq", reason="the ERP is down")
    told = "waiver of on_time at 10%, by @acme/workflow-team until 2026-12-01: the ERP is down"
    shown = board(found=growing())
    policy = FlagPolicy({}, (accepted,), to_environment(EnvironmentFile(name="test")).workflow_data)
    applied = replace(shown.standing.applied, policy=policy)
    waiting = replace(shown, standing=replace(shown.standing, applied=applied))
    assert told in read(page(dashboard([waiting]))).text
    met = replace(waiting, judged=growing(waivers=[accepted]))
    said = read(page(dashboard([met]))).text
    assert told not in said
    assert "Waiver for on_time by @acme/workflow-team until 2026-12-01" in said


def test_an_answer_about_an_earlier_phase_is_said_to_be_one():
    said = read(page(dashboard([board(at="50%", found=growing())]))).text
    assert "about an earlier stay in 10%" in said


def test_what_the_ledger_does_not_keep_or_cannot_give_is_said():
    (kept,) = growing(steps=1)
    unkept, unreadable = (
        read(page(dashboard([board(found=(one,))]))).text
        for one in (
            replace(kept, problem="the role may only read"),
            replace(kept, evidence=None, problem="it was changed"),
        )
    )
    assert "It is not in the ledger: the role may only read" in unkept
    assert "It cannot be shown: it was changed" in unreadable


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_is_text(text):
    _holds_as_text(text)


def test_naughty_strings_are_text():
    texts = naughty_strings()
    for first in range(0, len(texts), 40):
        _holds_as_text(" ".join(texts[first : first + 40]))


def _holds_as_text(text):
    usual, reader = read(page(trouble("x"))), read(page(trouble(text)))
    assert [e for e in _shape(reader) if e != "code"] == [e for e in _shape(usual) if e != "code"]
    assert "\u202e" not in reader.text
    assert "\x1b" not in reader.text


def _shape(reader):
    return [tag for tag, _, _ in reader.elements]


def test_five_hundred_rollouts_make_a_page_under_a_megabyte():
    said = page(many())
    assert len(said.encode()) < 1_000_000
    listed = said[: said.index('<section class="card flag')]
    assert listed.count('scope="row"') == 500
    assert said.count('<section class="card flag') == said.count('href="#flag-') == 25
    assert "475 less urgent rollouts without details" in said


def test_what_would_make_the_page_too_big_is_left_out_and_counted():
    long = run(summary={"withheld": ["x" * 600] * 200})
    found = dashboard(board(f"flag_{number}", runs=(long,)) for number in range(20))
    said = page(found)
    shown = said.count('<section class="card flag')
    assert 0 < shown < 20
    assert said.count('href="#flag-') == shown
    assert f"{20 - shown} less urgent rollouts without details" in said
    assert len(said.encode()) < 1_000_000


def test_more_are_cut_and_counted():
    said = read(page(many(520, 2))).text
    assert "...and 20 rollouts more: rolloutctl status" in said
    assert "520 in sync" in said


def test_an_empty_company_is_told_what_to_do():
    assert "No flags: add one" in page(dashboard(()))
