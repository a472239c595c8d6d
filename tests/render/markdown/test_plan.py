"""A plan in Markdown: foreign text stays text, lists are cut, totals never."""

import json
import re
from pathlib import Path

import click
import pytest

from controller.domain.environment import Guardrail
from controller.domain.plan import Cause, ChangeGroup, FlagPlan, Move, Plan, Refusal
from controller.render.markdown.plan import plan_markdown
from controller.render.terminal.plan import plan_text

NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "blns.json"


def plan_with(text: str, merchants: int = 1) -> Plan:
    ids = tuple(sorted(f"{text}{number:05}" for number in range(merchants)))
    group = ChangeGroup("flag", value=True, cause=Cause.PHASE, merchants=ids)
    flag = FlagPlan("flag", "column", Move.ADVANCE, "pilot", "10%", 0, merchants, (group,))
    refusal = Refusal(Guardrail.UNKNOWN_MERCHANT, "flag", f"who is {text}", f"ask {text}")
    return Plan("test", None, 0, merchants, (flag,), refusals=(refusal,))


def test_lists_are_cut_and_totals_are_not():
    shown = plan_markdown(plan_with("m", merchants=1_234), {})
    assert "1,234 merchants on" in shown
    assert "and 1,224 more" in shown
    assert len(shown) < 2_000


def without_code(text):
    return re.sub(r"<code>[^<>`@|\n]*</code>", "", text.replace("<wbr>", ""))


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the Big List of Naughty Strings is not here")
def test_the_naughty_strings_stay_text_in_every_format():
    for text in filter(None, json.loads(NAUGHTY.read_text(encoding="utf-8"))):
        plan = plan_with(text)
        names = {merchant: text for group in plan.groups() for merchant in group.merchants}
        in_markdown = plan_markdown(plan, names)
        in_terminal = click.unstyle(plan_text(plan, names))
        plain = plan_markdown(plan_with("x"), {"x00000": "x"})
        assert in_markdown.count("\n") == plain.count("\n")
        assert without_code(in_markdown).count("<") == without_code(plain).count("<")
        assert in_markdown.count("@") == 0
        assert "\x1b" not in in_terminal
        assert in_terminal.count("\n") == plan_text(plan_with("x"), {"x00000": "x"}).count("\n")
