"""Each cause, by a small story: applied, something happens, planned again."""

from dataclasses import replace

import pytest

from controller.domain.plan import Cause
from controller.domain.rollout import OFF
from tests.domain.cause_scenarios import EVERYBODY, LARGE, MIDDLE, SCENARIOS, SMALL, Scenario
from tests.domain.company import Company, Story
from tests.domain.strategies import LONG_AGO, NOW, desired, flag, ladder, ledger, override


def tell(scenario: Scenario) -> Story:
    """The world of a scenario: what was applied, then hands and time."""
    ages = {m: scenario.created.get(m, LONG_AGO) for m in EVERYBODY}
    old = {m: at for m, at in ages.items() if at <= scenario.applied_at}
    story = Story(Company(dict(old)), ledger(), scenario.applied_at)
    story.install(desired(scenario.before))
    if scenario.halted or scenario.resumed:
        story.halt("seq")
    if scenario.resumed:
        story.resume("seq")
    story.company.created_at.update(ages)
    story.company.values.setdefault("enableSeq", {}).update(scenario.hand)
    story.now = NOW
    return story


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_why_a_value_changes(scenario):
    plan = tell(scenario).plan(desired(scenario.after))
    found = {m: (g.value, g.cause) for g in plan.groups() for m in g.merchants}
    assert found == scenario.expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_the_same_changes_without_an_override_for_anybody_else(scenario):
    """Overrides of others must not change why the many change."""
    bystander = override("bystander", value=False)

    def beside(definition):
        overrides = sorted((*definition.flag.overrides, bystander), key=lambda o: o.merchant)
        return replace(definition, flag=replace(definition.flag, overrides=tuple(overrides)))

    twin = replace(scenario, before=beside(scenario.before), after=beside(scenario.after))
    plan = tell(twin).plan(desired(twin.after))
    found = {m: (g.value, g.cause) for g in plan.groups() for m in g.merchants}
    assert found == scenario.expected


def test_every_cause_has_a_scenario():
    told = {cause for scenario in SCENARIOS for _, cause in scenario.expected.values()}
    assert told == set(Cause)


@pytest.mark.parametrize("at", ["pilot", "10%"])
def test_before_the_first_run_whatever_is_on_was_turned_on_by_hand(at):
    company = Company.of({LARGE: True, SMALL: True, MIDDLE: None}, column="enableSeq")
    plan = Story(company, ledger(), NOW).plan(desired(flag(at, ladder(MIDDLE))))
    found = {m: (g.value, g.cause) for g in plan.groups() for m in g.merchants}
    kept = {} if at == "10%" else {SMALL: (False, Cause.DRIFT)}
    assert found == {LARGE: (False, Cause.DRIFT), MIDDLE: (True, Cause.PHASE), **kept}
    assert set(plan.flags[0].unmanaged) == {LARGE, *kept}


def test_at_the_first_takeover_a_reviewed_override_asks_for_itself():
    company = Company.of({LARGE: True, SMALL: True}, column="enableSeq")
    wanted = flag(OFF, overrides=[override(LARGE, value=False)])
    plan = Story(company, ledger(), NOW).plan(desired(wanted))
    found = {m: g.cause for g in plan.groups() for m in g.merchants}
    assert found == {LARGE: Cause.OVERRIDE, SMALL: Cause.DRIFT}
    assert plan.flags[0].unmanaged == (SMALL,)
