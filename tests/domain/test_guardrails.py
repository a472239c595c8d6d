"""The registry of guardrails: each can be met alone, is lifted by its own name, and documented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.actual import ActualSchema
from controller.domain.environment import NEVER_LIFTED, Freeze, Guardrail, SchemaOwner
from controller.domain.guardrails import CHECKS, applicable, lift
from controller.domain.plan import Cause, Move, Plan, Refusal
from controller.domain.planning import World
from controller.domain.rollout import OFF
from controller.domain.targeting import decide
from tests.domain.company import Company
from tests.domain.guardrails.plans import company, found, names, planned, some
from tests.domain.strategies import (
    DAY,
    NOW,
    allowance,
    desired,
    environment,
    flag,
    ladder,
    ledger,
    override,
    phase,
    with_bucket,
    world,
    worlds,
)

DOCS = Path(__file__).parents[2] / "docs" / "guardrails.md"
JUDGED_ELSEWHERE = {Guardrail.ADVANCE_WITHOUT_GATE, Guardrail.REWRITTEN_HISTORY}
"""They need evidence or git, which no pure plan has."""

(EARLY,) = with_bucket(0, 1_000)
PILOT = flag("pilot", ladder("off0"))


def _frozen() -> tuple[World, Company]:
    env = environment(freezes=[Freeze(NOW - DAY, NOW + DAY, "peak season")])
    return world(desired(PILOT, env=env), ledger(flag(phases=ladder("off0")))), some(0, 3)


def _soaking() -> tuple[World, Company]:
    before = flag("pilot", ladder("a", soak=7))
    after = flag("10%", ladder("a", soak=7))
    return world(desired(after), ledger(before, since=NOW - DAY)), company({"a": True, "b": None})


def _limited(**limits: float) -> tuple[World, Company]:
    env = environment(**limits)
    return world(desired(PILOT, env=env), ledger(flag(phases=ladder("off0")))), some(0, 3)


def _emptied() -> tuple[World, Company]:
    same = flag("pilot")
    env = environment(never_to_empty=True)
    return world(desired(same, env=env), ledger(same)), company({"by hand": True})


def _excluded() -> tuple[World, Company]:
    after = flag("50%", exclude=[EARLY])
    return world(desired(after), ledger(flag("50%"))), company({EARLY: True})


def _reshuffled() -> tuple[World, Company]:
    after = flag("part", [phase("part", percent=0.01)], salt="other")
    before = flag("part", [phase("part", percent=0.01)])
    return world(desired(after), ledger(before)), company({"a": None})


def _unknown() -> tuple[World, Company]:
    return world(desired(flag(phases=ladder("typo"))), ledger(flag())), company({"a": None})


def _skipping() -> tuple[World, Company]:
    return world(desired(flag("100%")), ledger(flag("10%"))), company({EARLY: True})


def _halted() -> tuple[World, Company]:
    return world(desired(flag("10%")), ledger(flag("pilot"), halts=["seq"])), company({"a": None})


def _released() -> tuple[World, Company]:
    return world(desired(), ledger(flag("10%"))), company({"a": True, "b": False})


def _without_column() -> tuple[World, Company]:
    env = environment(schema_owner=SchemaOwner.EXTERNAL)
    schema = ActualSchema(True, frozenset(), {})
    return world(desired(flag(), env=env), schema=schema), company({"a": None})


ALONE: dict[Guardrail, Callable[[], tuple[World, Company]]] = {
    Guardrail.MAX_CHANGED_PERCENT: lambda: _limited(max_percent=33.33),
    Guardrail.MAX_CHANGED_COUNT: lambda: _limited(max_count=0),
    Guardrail.NEVER_TO_EMPTY: _emptied,
    Guardrail.UNEXPECTED_DISABLE: _excluded,
    Guardrail.BUCKETING_CHANGED: _reshuffled,
    Guardrail.UNKNOWN_MERCHANT: _unknown,
    Guardrail.SKIPS_PHASE: _skipping,
    Guardrail.SOAK_NOT_OVER: _soaking,
    Guardrail.FREEZE_WINDOW: _frozen,
    Guardrail.HALTED: _halted,
    Guardrail.PARTIAL_RELEASE: _released,
    Guardrail.MISSING_SCHEMA: _without_column,
}


def plan_with(guardrail: Guardrail, *allowances) -> Plan:
    """The plan of a world that meets one guardrail, with these allowances in its file."""
    gathered, people = ALONE[guardrail]()
    env = replace(gathered.desired.environment, allowances=allowances)
    return planned(replace(gathered, desired=replace(gathered.desired, environment=env)), people)


def test_every_guardrail_is_registered_documented_and_met_here():
    judged_here = set(Guardrail) - JUDGED_ELSEWHERE
    assert set(CHECKS) - JUDGED_ELSEWHERE == judged_here
    assert set(ALONE) == judged_here


def test_the_documented_guardrails_are_the_ones_there_are():
    headings = [line[3:] for line in DOCS.read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings == [guardrail.value for guardrail in Guardrail]


@pytest.mark.parametrize("guardrail", ALONE)
def test_each_can_be_met_alone(guardrail):
    plan = plan_with(guardrail)
    assert names(plan) == {guardrail}
    assert plan.standing == plan.refusals
    (refusal,) = plan.refusals
    assert refusal.flag == "seq"
    assert refusal.message.startswith("seq")
    assert refusal.remedy


@pytest.mark.parametrize("guardrail", ALONE)
def test_each_is_lifted_by_its_own_name_and_by_no_other(guardrail):
    others = [allowance(other) for other in Guardrail if other is not guardrail]
    assert plan_with(guardrail, *others).standing
    lifted = plan_with(guardrail, allowance(guardrail))
    if guardrail in NEVER_LIFTED:
        assert lifted.standing
        return
    assert not lifted.standing
    (refusal,) = lifted.refusals
    assert refusal.lifted_by is not None
    assert refusal.lifted_by.reason == "it is known and wanted"
    assert not applicable(lifted).withheld


def test_a_halt_and_what_cannot_be_done_at_all_cannot_be_allowed():
    assert frozenset({Guardrail.HALTED, Guardrail.MISSING_SCHEMA}) == NEVER_LIFTED


class TestAllowances:
    REFUSAL = Refusal(Guardrail.SKIPS_PHASE, "seq", "seq: ...", "...")

    def is_lifted(self, by, now=NOW, refusal=REFUSAL):
        (found,) = lift([refusal], [by], now)
        return found.lifted_by is by

    def test_one_for_a_flag_lifts_it_for_that_flag(self):
        assert self.is_lifted(allowance(Guardrail.SKIPS_PHASE, "seq"))
        assert not self.is_lifted(allowance(Guardrail.SKIPS_PHASE, "another"))

    def test_one_without_a_flag_lifts_it_for_every_flag(self):
        assert self.is_lifted(allowance(Guardrail.SKIPS_PHASE))

    def test_one_for_a_flag_does_not_lift_what_concerns_the_whole_plan(self):
        whole = replace(self.REFUSAL, flag=None)
        assert not self.is_lifted(allowance(Guardrail.SKIPS_PHASE, "seq"), refusal=whole)
        assert self.is_lifted(allowance(Guardrail.SKIPS_PHASE), refusal=whole)

    def test_it_counts_until_the_end_of_its_last_day_in_utc(self):
        last_day = allowance(Guardrail.SKIPS_PHASE, "seq", expires=NOW.date())
        midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        assert self.is_lifted(last_day, midnight - timedelta(microseconds=1))
        assert not self.is_lifted(last_day, midnight)
        assert self.is_lifted(replace(last_day, expires=date.max), midnight)

    def test_what_is_lifted_already_keeps_its_reason(self):
        first, second = allowance(Guardrail.SKIPS_PHASE, "seq"), allowance(Guardrail.SKIPS_PHASE)
        (found,) = lift([replace(self.REFUSAL, lifted_by=first)], [second], NOW)
        assert found.lifted_by is first


class TestApplicable:
    def test_what_one_flag_is_refused_does_not_hold_back_another(self):
        blocked = flag("50%", key="blocked", column="one")
        free = flag("pilot", ladder("a"), key="free", column="two")
        before = [flag("pilot", key="blocked", column="one"), flag(key="free", column="two")]
        people = Company.of({"a": None, EARLY: None}, column="two")
        plan = planned(world(desired(blocked, free), ledger(*before)), people)
        part = applicable(plan)
        assert part.withheld == {"blocked"}
        assert {group.flag for group in part.groups} == {"free"}

    def test_what_concerns_the_whole_plan_holds_back_every_advance(self):
        before = flag("pilot", ladder("a", "b"))
        after = flag("pilot", ladder("a", "c"))
        people = company({"a": True, "b": True, "c": False})
        plan = planned(world(desired(after), ledger(before)), people)
        whole = Refusal(Guardrail.FREEZE_WINDOW, None, "nothing moves", "wait")
        part = applicable(replace(plan, refusals=(whole,)))
        assert part.withheld == {"seq"}
        assert [(g.value, g.merchants) for g in part.groups] == [(False, ("b",))]

    def test_without_refusals_everything_is_applied(self):
        plan = planned(world(desired(PILOT), ledger(flag(phases=ladder("off0")))), some(0, 3))
        part = applicable(plan)
        assert part.groups == tuple(plan.groups())
        assert part.withheld == frozenset()


ASKED = {Cause.PHASE, Cause.OVERRIDE, Cause.OVERRIDE_EXPIRED, Cause.HALT}


@given(worlds())
def test_nothing_holds_back_what_turns_off_as_asked(case):
    gathered, people = case
    plan = planned(gathered, people)
    let_through = applicable(plan).groups
    for group in plan.groups():
        if not group.value and group.cause in ASKED:
            assert group in let_through


@given(worlds())
def test_after_a_halt_or_a_retreat_nobody_is_on_whom_the_files_turn_off(case):
    gathered, people = case
    plan = planned(gathered, people)
    people.apply(applicable(plan).groups, {f.flag: f.column for f in plan.flags if f.column})
    ended = {f.flag: f for f in plan.flags}
    for wanted in gathered.desired.flags:
        home, change = wanted.flag.merchant_config, ended[wanted.key]
        halted = wanted.key in gathered.ledger.halts
        before = gathered.ledger.last_applied(wanted)
        moved_down = change.move is Move.RETREAT and before and change.to_phase == OFF
        # Off and yet on for everyone is no configuration that validates: there is no going down.
        is_off = wanted.rollout and not wanted.flag.globally_on
        if home and (halted or (moved_down and is_off)):
            for id_ in people.on(home.column):
                assert decide(wanted, people.merchant(id_), gathered.now, halted=halted).value


@given(worlds())
def test_no_refusal_is_about_a_retreat_alone(case):
    """A plan that only turns off as asked, and widens nothing, touches no limit on size."""
    gathered, people = case
    plan = planned(gathered, people)
    only_asked = {
        f.flag
        for f in plan.flags
        if f.move in {Move.RETREAT, Move.SAME}
        and all(not g.value and g.cause in ASKED for g in f.groups)
    }
    about_size = {
        Guardrail.MAX_CHANGED_COUNT,
        Guardrail.MAX_CHANGED_PERCENT,
        Guardrail.NEVER_TO_EMPTY,
        Guardrail.UNEXPECTED_DISABLE,
        Guardrail.SKIPS_PHASE,
        Guardrail.SOAK_NOT_OVER,
        Guardrail.FREEZE_WINDOW,
        Guardrail.HALTED,
    }
    assert not {r.flag for r in plan.refusals if r.guardrail in about_size} & only_asked


@given(worlds(), st.sampled_from(sorted(Guardrail)))
def test_an_allowance_lifts_its_own_guardrail_and_changes_nothing_else(case, guardrail):
    gathered, people = case
    env = replace(gathered.desired.environment, allowances=(allowance(guardrail),))
    wanted = replace(gathered.desired, environment=env)
    plain, allowed = planned(gathered, people), planned(replace(gathered, desired=wanted), people)
    assert [replace(r, lifted_by=None) for r in allowed.refusals] == list(plain.refusals)
    lifted = {r.guardrail for r in allowed.refusals if r.lifted_by}
    assert lifted == (names(plain) & {guardrail}) - NEVER_LIFTED
    assert allowed.hash == plain.hash
    assert allowed.flags == plain.flags


def test_an_override_and_a_halt_are_let_through_whatever_is_refused():
    before = flag("pilot", ladder("a", "b"))
    after = flag("50%", ladder("a", "b"), overrides=[override("a", value=False)])
    people = company({"a": True, "b": True, "by hand": True})
    plan = planned(world(desired(after), ledger(before)), people)
    assert found(plan, Guardrail.SKIPS_PHASE)
    assert [(g.cause, g.merchants) for g in applicable(plan).groups] == [(Cause.OVERRIDE, ("a",))]
    halted = planned(world(desired(after), ledger(before, halts=["seq"])), people)
    assert halted.standing
    assert {m for g in applicable(halted).groups for m in g.merchants} == {"a", "b", "by hand"}
