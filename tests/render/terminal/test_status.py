"""The status screen: it fits, the most urgent first, and says what it leaves out."""

from dataclasses import replace
from datetime import date, timedelta

import click
import pytest

from controller.domain.environment import Guardrail
from controller.domain.expiry import Expiring, Expiry
from controller.domain.halt import Halt
from controller.domain.plan import Refusal
from controller.domain.standing import Condition, Overview, with_verdicts
from controller.errors import Unreachable
from controller.inquiry.status import Status
from controller.render.terminal.status import status_text
from controller.source_control.git import Relation
from tests.domain.strategies import applied, flag, ladder, phase
from tests.gate.builders import NOW, SINCE
from tests.golden_files import assert_golden
from tests.render.html.boards import board, growing

DAY = timedelta(days=1)
LADDER = tuple(replace(one, gate="ramp") for one in ladder("m01", soak=2))


def standing(key, condition=Condition.IN_SYNC, at="10%", since=SINCE, **changes):
    return board(
        key,
        at,
        condition=condition,
        applied=applied(flag(at, LADDER, key=key), since=since),
        next=phase("50%", percent=50),
        gate="ramp",
        **changes,
    ).standing


def status(*standings, judged=(), **changes):
    overview = Overview(
        environment="production",
        generation=41,
        revision="4f2a9c1b03de" + "0" * 28,
        desired_revision="4f2a9c1b03de" + "0" * 28,
        merchants=1_000,
        standings=standings,
        refusals=(),
        schema_changes=0,
        freezes=(),
        now=NOW,
    )
    found = {one.evidence.report.flag: one for one in judged}
    return Status(replace(overview, **changes), None, None, found)


def company():
    """Eight flags, trouble of most kinds, as a company has it on a bad night."""
    halt = Halt("checkout", "orders are lost, see the incident", "ann", NOW - DAY / 8, "10%")
    held = Refusal(
        Guardrail.SOAK_NOT_OVER,
        "search",
        "search: 10% must soak for 2d before it is left upwards",
        "advance after 2026-11-21 12:00 UTC",
    )
    late = Expiry(date(2026, 11, 1), Expiring.FLAG, "labels", "labels", -19)
    waiver = Expiry(date(2026, 11, 23), Expiring.WAIVER, "imports", "10%: on_time", 3)
    harm = growing("returns", share=0.5)[0]
    seen = status(
        standing("checkout", Condition.HALTED, halt=halt),
        standing("returns"),
        standing("search", Condition.WITHHELD, refusals=(held,)),
        standing("prices", Condition.DRIFT, drifted=3),
        standing("stock", Condition.SOAKING, since=NOW - DAY),
        standing("imports", expiries=(waiver,)),
        replace(standing("labels", at="100%"), next=None, expiries=(late,)),
        standing("taxes"),
        judged=(harm, growing("imports", steps=2)[0], growing("taxes", share=0.99)[0]),
    )
    return replace(
        seen, overview=with_verdicts(seen.overview, harmful={"returns"}, ready={"taxes"})
    )


def lines(text):
    return click.unstyle(text).splitlines()


def test_a_company_with_trouble_fits_a_usual_terminal():
    text = click.unstyle(status_text(company(), width=80, height=23))
    assert_golden("cli/status_company.txt", text)
    assert len(text.splitlines()) <= 23
    assert all(len(line) <= 80 for line in text.splitlines())
    assert all(one.flag in text for one in company().overview.standings), "nothing is left out"


def test_in_full_nothing_is_shortened():
    assert_golden("cli/status_company_all.txt", click.unstyle(status_text(company(), width=80)))


@pytest.mark.parametrize("width", [40, 52, 80, 100])
def test_it_is_never_wider_than_the_terminal(width):
    too_wide = [line for line in lines(status_text(company(), width=width)) if len(line) > width]
    assert not too_wide


def many(urgent=7, total=500):
    troubled = (standing(f"a{n:03}", Condition.DRIFT, drifted=1) for n in range(urgent))
    quiet = (standing(f"q{n:03}") for n in range(total - urgent))
    return status(*troubled, *quiet)


@pytest.mark.parametrize("height", [12, 23, 49])
def test_of_many_the_urgent_ones_are_shown_and_the_rest_is_counted(height):
    shown = lines(status_text(many(), width=80, height=height))
    assert len(shown) <= height
    assert all(f"a{n:03}" in " ".join(shown) for n in range(7))
    left = 500 - sum(line.startswith(("DRIFT", "IN SYNC")) for line in shown)
    assert " ".join(shown).endswith(f"...and {left} more ({left} in sync): rolloutctl status --all")


def test_all_of_many_are_shown_when_asked_for():
    shown = lines(status_text(many(), width=80))
    assert sum(line.startswith(("DRIFT", "IN SYNC")) for line in shown) == 500


def test_a_screen_too_small_still_has_the_most_urgent():
    assert "a000" in status_text(many(), width=80, height=3)


def test_commands_are_whole_on_their_lines():
    shown = lines(status_text(company(), width=80))
    assert any(line.endswith('rolloutctl resume checkout --reason "..."') for line in shown)
    assert any(line.endswith("rolloutctl adopt prices") for line in shown)


def test_what_concerns_all_of_it_comes_first():
    problem = Unreachable("Vercel did not answer", "run again")
    seen = replace(status(standing("seq")), files=Relation.OLDER, deploy_problem=problem)
    shown = lines(status_text(seen, width=80))
    assert shown[2:5] == [
        "the files here are older than what is applied: git pull",
        "deploy environment: Vercel did not answer",
        "  next: run again",
    ]


def test_words_of_others_stay_words():
    halt = Halt("seq", "\x1b[31m\nDRIFT  nothing", "e\x07ve", NOW, "10%")
    shown = status_text(status(standing("seq", Condition.HALTED, halt=halt)), width=80)
    assert "\x07" not in shown
    assert "\x1b[31m\n" not in shown
    assert not [line for line in lines(shown) if line.startswith("DRIFT")]
