"""What to do about a stale flag, in words that fit what it has."""

from datetime import timedelta
from pathlib import Path

from controller.domain.halt import Halt
from controller.domain.staleness import Mentions, Patience, judge
from controller.inquiry.staleness import StaleReport
from controller.render.staleness_words import finding, next_step
from tests.domain.strategies import DAY, NOW, applied, flag, override

PATIENCE = Patience(everyone=30 * DAY, off=timedelta(hours=36))


def said(desired, *, halted=False, mentions=None, others=()):
    halt = Halt(desired.key, "lost", "ann", NOW - 400 * DAY, "10%") if halted else None
    stale = judge(desired, applied(desired, since=NOW - DAY * 40), halt, mentions, NOW, PATIENCE)
    report = StaleReport("test", 1, NOW, PATIENCE, None, 1, (stale,), Path("../shop"), True)
    reasons = [finding(found, stale, report) for found in stale.findings]
    return reasons, next_step(stale, report, others)


def test_a_flag_without_a_rollout_has_one_file_and_no_phase():
    (reason,), step = said(flag(None, column=None))
    assert reason.startswith("off for everyone for 40 days, since ")
    assert reason.endswith("more than 36h is long")
    assert step == (
        "take it out in the app's code (where: rolloutctl stale --code FOLDER), deploy that, then "
        "delete flags/seq.yaml"
    )
    assert (
        "take its overrides and its global value out of flags/seq.yaml"
        in (said(flag(None), halted=True)[1])
    )


def test_a_halt_says_by_whom_and_why_and_what_to_decide():
    (reason,), step = said(flag("10%"), halted=True)
    assert reason.startswith("halted for 400 days, by ann since ")
    assert reason.endswith(": lost")
    assert step.startswith('decide: rolloutctl resume seq --reason "...", or set phase: off for')


def test_nothing_asks_for_it_though_some_have_it():
    (reason,), step = said(flag("10%"), mentions=Mentions(()))
    assert reason == "nothing in ../shop names it: not seq or enableSeq"
    assert step.startswith("if ../shop is all of the app, it does nothing: set phase: off for test")


def test_a_global_flag_is_on_globally_and_its_overrides_matter_no_more():
    desired = flag("100%", globally_on=True, overrides=[override("m1", value=False)])
    (reason, _), step = said(desired, mentions=Mentions(()))
    assert "on for everyone (globally) for 40 days" in reason
    assert step == (
        "delete flags/seq.yaml and rollout/seq.yaml; the column enableSeq stays until somebody "
        "drops it"
    )


def test_other_environments_are_named_only_where_something_is_deleted():
    assert said(flag("off"), others=["live"])[1].endswith("other environments before: live")
    assert "live" not in said(flag("10%"), halted=True, others=["live"])[1]
