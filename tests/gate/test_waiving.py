"""What a waiver can do, what it cannot, and until when."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from controller.gate import waiving
from controller.gate.report import CriterionKind, CriterionResult, WaiverEffect
from controller.gate.verdict import CriterionVerdict
from tests.gate.builders import NOW, waiver

FLAG, PHASE = "sequential_workflow", "10%"


def result(verdict, *, kind=CriterionKind.RATE, decides=True):
    return CriterionResult("completed", kind, CriterionVerdict(verdict), "why", decides=decides)


def applied(verdict, **kwargs):
    (after,), (use,) = waiving.apply((waiver("completed"),), (result(verdict, **kwargs),))
    return str(after.counts_as), use.effect


@pytest.mark.parametrize(
    ("verdict", "counts_as", "effect"),
    [
        ("pass", "pass", WaiverEffect.NOT_NEEDED),
        ("warn", "pass", WaiverEffect.APPLIED),
        ("inconclusive", "pass", WaiverEffect.APPLIED),
        ("fail", "pass", WaiverEffect.APPLIED),
        ("insufficient_data", "insufficient_data", WaiverEffect.REFUSED),
        ("error", "error", WaiverEffect.REFUSED),
    ],
)
def test_a_known_result_can_be_waived_the_absence_of_one_cannot(verdict, counts_as, effect):
    assert applied(verdict) == (counts_as, effect)


@pytest.mark.parametrize("verdict", [verdict.value for verdict in CriterionVerdict])
def test_what_must_never_happen_cannot_be_waived(verdict):
    counts_as, effect = applied(verdict, kind=CriterionKind.NEVER)
    assert (counts_as, effect) == (verdict, WaiverEffect.REFUSED)


@pytest.mark.parametrize("kind", [kind for kind in CriterionKind if kind != CriterionKind.NEVER])
def test_every_other_kind_can_be_waived(kind):
    assert applied("fail", kind=kind) == ("pass", WaiverEffect.APPLIED)


def test_what_does_not_decide_needs_no_waiver():
    assert applied("fail", decides=False) == ("fail", WaiverEffect.NOT_NEEDED)


def test_a_waiver_says_what_it_does_and_keeps_the_verdict():
    (after,), (use,) = waiving.apply((waiver("completed"),), (result("warn"),))
    assert after.verdict is CriterionVerdict.WARN
    assert after.waiver == waiver("completed")
    assert use.explanation == (
        "Waiver for `completed` by @acme/workflow-team until 2026-12-01: it passes despite its "
        "verdict, warn. Its reason: the ERP of two merchants is down"
    )


def test_a_waiver_for_nothing_is_shown():
    (after,), (use,) = waiving.apply((waiver("complete"),), (result("warn"),))
    assert after.waiver is None
    assert use.effect is WaiverEffect.NO_SUCH_CRITERION
    assert "nothing of that name was judged" in use.explanation


def test_without_waivers_nothing_changes():
    assert waiving.apply((), (result("warn"),)) == ((result("warn"),), ())


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"flag": "another"}, False),
        ({"phase": "50%"}, False),
        ({"expires": date(2026, 11, 23)}, True),
        ({"expires": date(2026, 11, 22)}, False),
    ],
)
def test_only_waivers_for_this_phase_that_have_not_expired(changes, valid):
    waivers = (waiver("completed", **changes),)
    assert bool(waiving.in_force(waivers, flag=FLAG, phase=PHASE, now=NOW)) is valid


def test_the_last_day_is_one_of_utc_and_ends_at_its_midnight():
    waivers = (waiver("completed", expires=date(2026, 11, 23)),)
    last = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert waiving.in_force(waivers, flag=FLAG, phase=PHASE, now=last)
    after = last + timedelta(seconds=1)
    assert not waiving.in_force(waivers, flag=FLAG, phase=PHASE, now=after)
    in_new_york = last.astimezone(timezone(timedelta(hours=-5)))
    assert waiving.in_force(waivers, flag=FLAG, phase=PHASE, now=in_new_york)
