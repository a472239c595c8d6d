"""A plan in words: what is withheld is said wherever the plan is summed up."""

from dataclasses import replace

import click
import pytest

from controller.domain.environment import Allowance, Guardrail
from controller.domain.plan import Cause, ChangeGroup, FlagPlan, Move, Plan, Refusal
from controller.render import words
from controller.render.markdown.plan import plan_markdown
from controller.render.terminal.plan import plan_text

OFF = ChangeGroup("checkout", value=False, cause=Cause.OVERRIDE, merchants=("m1", "m2"))
ON = ChangeGroup("checkout", value=True, cause=Cause.PHASE, merchants=("m3",))
REFUSAL = Refusal(Guardrail.SKIPS_PHASE, "checkout", "it skips a phase", "go slowly")
ALLOWED = Allowance(Guardrail.SKIPS_PHASE, None, "it is known", "ada", None)


def plan(*refusals: Refusal, groups: tuple[ChangeGroup, ...] = (ON,)) -> Plan:
    flag = FlagPlan("checkout", "c", Move.ADVANCE, "pilot", "50%", 2, 1, groups)
    other = FlagPlan("search", "s", Move.SAME, "pilot", "pilot", 1, 1, ())
    return Plan("test", None, 0, 9, (flag, other), refusals=refusals)


def test_a_plan_that_is_not_refused_withholds_nothing():
    assert words.summary(plan()) == "1 on, 0 off, of 9 merchants."
    assert words.summary(plan(replace(REFUSAL, lifted_by=ALLOWED))) == words.summary(plan())
    assert "withheld" not in plan_text(plan(), {}).lower()


def test_what_is_withheld_is_said_in_the_head_at_the_flag_and_in_the_end():
    shown = click.unstyle(plan_text(plan(REFUSAL), {})).splitlines()
    assert shown[0].endswith("9 merchants · 1 flag withheld")
    assert "checkout  pilot -> 50% (advance)  WITHHELD by skips_phase" in shown
    assert "search  pilot (same phase)" in shown
    assert "Withheld by guardrails: checkout." in shown[-1]


def test_the_comment_says_it_in_the_same_places():
    shown = plan_markdown(plan(REFUSAL), {})
    assert "### Plan for <code>test</code>: 1 flag withheld" in shown
    assert "**1 on, 0 off, of 9 merchants. Withheld by guardrails: checkout.**" in shown
    assert "| <code>checkout</code> **withheld** |" in shown
    assert "| <code>search</code> |" in shown


def test_retreats_of_a_withheld_flag_go_through():
    found = words.summary(plan(REFUSAL, groups=(OFF, ON)))
    assert found.endswith(
        "Withheld by guardrails: checkout; only its retreats go through, for 2 merchants."
    )


def test_a_refusal_of_the_whole_plan_withholds_every_flag():
    whole = plan(replace(REFUSAL, flag=None))
    assert words.objections(whole, "search") == "skips_phase"
    assert "Withheld by guardrails: checkout, search." in words.summary(whole)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "0.0%"),
        (0, 1_000_000, "0.0%"),
        (96, 1_000_000, "under 0.1%"),
        (1, 3, "33.3%"),
        (999_999, 1_000_000, "over 99.9%"),
        (7, 7, "100.0%"),
    ],
)
def test_only_none_is_nothing_and_only_all_is_everything(part, whole, said):
    assert words.share(part, whole) == said
