"""Which judgements are about the present stay in a phase, and which can be shown at all."""

from dataclasses import replace
from datetime import timedelta

from controller.gate import evidence
from controller.gate.verdict import Verdict
from controller.inquiry import dashboard
from controller.inquiry.dashboard import is_of
from controller.inquiry.judged import known_verdict, read_judged
from controller.judging import Judgement
from controller.merchant_store.interface import StoredEvidence
from tests.gate.builders import NOW, SINCE
from tests.render.html.boards import board, growing


def test_the_present_stay_is_told_oldest_first():
    found = growing(steps=3)
    assert board(found=found).current == tuple(reversed(found))


def test_what_was_judged_before_the_phase_was_entered_is_of_another_stay():
    (judged,) = growing(steps=1)
    before = replace(judged, judged_at=SINCE - timedelta(seconds=1))
    assert board(found=(before,)).current == ()
    assert not is_of(before, "10%", board())


def test_what_was_judged_of_another_phase_is_no_evidence_of_this_one():
    assert board(at="50%", found=growing()).current == ()


def test_what_was_never_applied_has_no_stay():
    assert board(applied=None, found=growing()).current == ()


def test_a_verdict_of_a_newer_program_is_not_known():
    (judged,) = growing(steps=1)
    assert known_verdict(replace(judged, verdict="rollback")) is Verdict.ROLLBACK
    assert known_verdict(replace(judged, verdict="maybe")) is None


def test_an_answer_that_the_ledger_does_not_keep_is_shown_with_the_reason():
    (kept,) = growing(steps=1)
    answer = Judgement(kept.evidence, problem="the role may only read")
    (shown,) = dashboard._unkept(answer, [])
    assert (shown.id, shown.problem) == (kept.id, "the role may only read")
    assert list(dashboard._unkept(answer, [kept])) == []


def test_stored_evidence_that_was_changed_is_shown_as_unreadable():
    (kept,) = growing(steps=1)
    text = evidence.write(kept.evidence).replace("pass", "fail", 1)
    stored = StoredEvidence(kept.id, "seq", "10%", kept.verdict, NOW, None, "ada", text)
    shown = read_judged(stored)
    assert shown.evidence is None
    assert "changed" in shown.problem
