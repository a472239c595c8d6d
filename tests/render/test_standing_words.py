"""Each condition says what to do next, each expiry when it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from controller.domain.deploy import Readability, Variable
from controller.domain.environment import Guardrail
from controller.domain.expiry import Expiring, Expiry
from controller.domain.global_value import GlobalValue
from controller.domain.plan import FlagPlan, Move, Refusal
from controller.domain.standing import Condition, Standing
from controller.render.standing_words import expiry, files, label, next_step, phases
from controller.source_control.git import Relation
from tests.domain.strategies import DAY, NOW, applied, flag, ladder, phase

PLAN = FlagPlan("seq", "enableSeq", Move.SAME, "pilot", "pilot", 1, 1, ())
STANDING = Standing(
    condition=Condition.IN_SYNC,
    plan=PLAN,
    applied=applied(flag("pilot", ladder("m01", soak=2)), since=NOW - DAY),
    halt=None,
    next=phase("10%", percent=10),
    gate="ramp",
    drifted=0,
    refusals=(Refusal(Guardrail.SKIPS_PHASE, "seq", "it skips", "go slower"),),
    globals=(),
    deploy_changes=(),
    expiries=(),
)


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_has_a_label_and_a_next_step(condition):
    assert label(condition) == label(condition).lower().replace("_", " ")
    assert next_step(replace(STANDING, condition=condition), NOW, "demo")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition.HALTED, 'rolloutctl resume seq --reason "..."'),
        (Condition.WITHHELD, "go slower"),
        (Condition.DRIFT, "rolloutctl adopt seq"),
        (Condition.PENDING, "rolloutctl reconcile"),
        (Condition.SOAKING, "in 1 d (2026-11-21 12:00 UTC): go on to 10%, when"),
        (
            Condition.IN_SYNC,
            "go on to 10%, when the gate ramp says proceed: rolloutctl promote seq",
        ),
    ],
)
def test_the_next_step_is_one_to_take(condition, said):
    assert said in next_step(replace(STANDING, condition=condition), NOW, "demo")


def test_at_the_top_nothing_is_left_to_do():
    assert next_step(replace(STANDING, next=None), NOW, "demo") == "nothing to do"


def test_phases():
    assert phases(STANDING) == "pilot"
    assert phases(replace(STANDING, plan=replace(PLAN, to_phase="10%"))) == "pilot -> 10%"
    assert phases(replace(STANDING, applied=None)) == "pilot, never applied"
    released = replace(PLAN, move=Move.RELEASE)
    assert phases(replace(STANDING, plan=released)) == "pilot, its file is gone"


def test_only_files_that_do_not_follow_what_is_applied_are_worth_a_word():
    worth = {relation for relation in Relation if files(relation)}
    assert worth == set(Relation) - {Relation.SAME, Relation.NEWER}
    assert files(None) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "the override of m01 expired after 2026-11-19"),
        (0, "the override of m01 expires at the end of today, 2026-11-20"),
        (1, "the override of m01 expires in 1 day, after 2026-11-21"),
        (9, "the override of m01 expires in 9 days, after 2026-11-29"),
    ],
)
def test_expiry(days, said):
    day = date(2026, 11, 20) + timedelta(days=days)
    assert expiry(Expiry(day, Expiring.OVERRIDE, "seq", "m01", days)) == said


def test_a_flag_needs_no_other_name():
    assert expiry(Expiry(date(2026, 11, 19), Expiring.FLAG, "seq", "seq", -1)) == (
        "the flag expired after 2026-11-19"
    )


def test_a_value_that_cannot_be_read_back_has_the_hint_of_its_adapter():
    hidden = Variable(
        "1", "SEQ", frozenset({"production"}), None, Readability.UNREADABLE, hint="mend line 3"
    )
    value = GlobalValue("SEQ", "production", "0", "1", was_read=True, variable=hidden)
    unreadable = replace(STANDING, condition=Condition.UNREADABLE, globals=(value,))
    assert next_step(unreadable, NOW, "demo") == "mend line 3"
