"""Steps up that do not look like one: whoever could gain by them, the gate of the phase is asked.

The defence: `domain/movement.py` judges by the audience and never by the name of a phase. Where it
counted names alone, the tests named "in place", "renamed", "swapped" and "eligible" failed; without
`_passed_over`, those of `test_it_passes_over_a_phase`.
"""

from collections.abc import Callable

import pytest

from controller.checking import ObstacleKind
from controller.config.meaning_codes import SHARED_COLUMN, SHARED_VARIABLE
from controller.domain.environment import Allowance, Guardrail
from controller.domain.objections import Rule
from tests.attacks.arena import (
    FLAG,
    FLAG_FILE,
    MERCHANTS,
    PHASES,
    ROLLOUT_FILE,
    Arena,
    codes,
    kinds,
    rules,
)
from tests.workshop import COLUMN, VARIABLE

Attack = Callable[[Arena], None]
PILOT, TENTH, HALF, ALL = PHASES


def other_flag(arena: Arena, *, phase: str = "50%", **changes: object) -> None:
    """A second flag with a ladder of its own."""
    given = {**FLAG_FILE, "key": "other", **changes}
    arena.workshop.write("flags/other.yaml", {k: v for k, v in given.items() if v is not None})
    ladder = {
        "flag": "other",
        "phase": phase,
        "bucketing": {"salt": "other", "version": 1},
        "phases": [dict(one, gate="small") for one in PHASES],
    }
    arena.workshop.write("rollout/other.yaml", ladder)


def remove(arena: Arena, *files: str) -> None:
    arena.workshop.git("rm", "--quiet", *files)


WIDER: dict[str, Attack] = {
    "a percentage in place": lambda a: a.rollout(
        "10%", phases=[PILOT, {**TENTH, "percent": 40}, HALF, ALL]
    ),
    "renamed and wider": lambda a: a.rollout(
        "a few", phases=[PILOT, {**TENTH, "name": "a few", "percent": 40}, HALF, ALL]
    ),
    "swapped names": lambda a: a.rollout(
        "10%", phases=[PILOT, {**HALF, "percent": 10}, {**TENTH, "percent": 50}, ALL]
    ),
    "more eligible": lambda a: a.rollout("10%", eligible={"min_merchant_age": "0s"}),
    "lower and more eligible": lambda a: a.rollout(
        "10%",
        eligible={"min_merchant_age": "0s"},
        phases=[PILOT, {**TENTH, "percent": "9.99"}, HALF, ALL],
    ),
    "merchants by name below": lambda a: a.rollout(
        "10%", phases=[{**PILOT, "merchants": list(MERCHANTS[:60])}, TENTH, HALF, ALL]
    ),
    "merchants by name beside": lambda a: a.rollout(
        "10%", phases=[PILOT, {**TENTH, "merchants": list(MERCHANTS[:60])}, HALF, ALL]
    ),
    "a phase between": lambda a: a.rollout(
        "11%", phases=[PILOT, TENTH, {**TENTH, "name": "11%", "percent": 40}, HALF, ALL]
    ),
}


@pytest.mark.parametrize("attack", WIDER.values(), ids=WIDER.keys())
def test_it_needs_the_gate_however_it_is_written(tenth: Arena, attack: Attack):
    attack(tenth)
    found = tenth.judged()
    assert kinds(found) & {ObstacleKind.GATE, ObstacleKind.INVALID}, found.obstacles
    assert tenth.merged_all_the_same() == tenth.before


OVER: dict[str, Attack] = {
    "the name of the phase stays": lambda a: a.rollout(
        "pilot", phases=[{"name": "pilot", "percent": 100, "gate": "small"}]
    ),
    "the next name means more": lambda a: a.rollout(
        "10%", phases=[PILOT, {**TENTH, "percent": 60}, {**HALF, "percent": 70}, ALL]
    ),
    "the phases between are gone": lambda a: a.rollout("100%", phases=[PILOT, ALL]),
    "two at once": lambda a: a.rollout("50%"),
}


@pytest.mark.parametrize("attack", OVER.values(), ids=OVER.keys())
def test_it_passes_over_a_phase(pilot: Arena, attack: Attack):
    """Held even where the gate of the phase that is left passes."""
    pilot.workshop.sql("UPDATE \"WorkflowExecution\" SET status = 'completed'")
    attack(pilot)
    found = pilot.judged()
    assert Rule.SKIPS_PHASE in rules(found)
    assert ObstacleKind.GUARDRAIL in kinds(found), "and the reconciler would say the same"
    assert pilot.merged_all_the_same() == pilot.before


def test_global_is_a_step_above_the_last(tenth: Arena):
    tenth.workshop.flag(**{"global": True})
    found = tenth.judged()
    assert kinds(found) == {ObstacleKind.INVALID}, "only from the last phase"
    tenth.rollout("100%")
    assert Rule.SKIPS_PHASE in rules(tenth.judged())


def test_another_file_for_the_same_flag(tenth: Arena):
    """RC2xx: a rollout's file bears its flag's name, and a flag has one."""
    text = (tenth.workshop.folder / ROLLOUT_FILE).read_text(encoding="utf-8")
    remove(tenth, ROLLOUT_FILE)
    tenth.workshop.write("rollout/other.yaml", text.replace("phase: 10%", "phase: 50%"))
    assert kinds(tenth.judged()) == {ObstacleKind.INVALID}
    assert tenth.merged_all_the_same() == tenth.before


def test_the_ladder_is_taken_away_and_brought_back_wider(tenth: Arena):
    """Two pull requests. The first takes nothing from anybody and is no retreat: it is refused."""
    text = (tenth.workshop.folder / ROLLOUT_FILE).read_text(encoding="utf-8")
    remove(tenth, ROLLOUT_FILE)
    tenth.judged()
    assert tenth.merged_all_the_same() == tenth.before, "not applied: nobody wrote off"
    tenth.workshop.git("checkout", "--quiet", "-B", "attack")
    tenth.workshop.write(ROLLOUT_FILE, text.replace("phase: 10%", "phase: 50%"))
    found = tenth.judged()
    assert Rule.STARTS_WIDE in rules(found)
    assert ObstacleKind.GATE in kinds(found)
    assert tenth.merged_all_the_same() == tenth.before


def test_another_flag_in_the_same_column(tenth: Arena):
    other_flag(tenth, deploy_env=None)
    assert codes(tenth.judged()) == {SHARED_COLUMN.id}
    assert tenth.merged_all_the_same() == tenth.before


def test_another_flag_behind_the_same_variable(tenth: Arena):
    other_flag(tenth, phase="100%", **{"global": True}, merchant_config={"column": "enableOther"})
    assert codes(tenth.judged()) == {SHARED_VARIABLE.id}


def test_another_flag_in_its_place(tenth: Arena):
    """The flag is deleted and another one lives in its column: it is renamed while live."""
    remove(tenth, f"flags/{FLAG}.yaml", ROLLOUT_FILE)
    other_flag(tenth)
    found = tenth.judged()
    assert Rule.RENAMED_WHILE_LIVE in rules(found)
    assert tenth.merged_all_the_same() == tenth.before


def test_a_column_that_only_looks_the_same(tenth: Arena):
    """PostgreSQL knows both apart, and so do we: it is a new flag, and it starts wide."""
    other_flag(
        tenth, merchant_config={"column": COLUMN.upper()}, deploy_env={"variable": f"{VARIABLE}2"}
    )
    assert Rule.STARTS_WIDE in rules(tenth.judged())


def test_a_column_of_the_apps_own(tenth: Arena):
    other_flag(tenth, merchant_config={"column": "merchantId"}, deploy_env=None)
    assert kinds(tenth.judged()) == {ObstacleKind.INVALID}


def test_a_flag_that_everyone_has_moves_into_the_column_of_one_that_few_have(tenth: Arena):
    """It does not advance, but everybody would gain the other feature.

    Past the check, only `max_changed_percent` would hold it, which is off here.
    """
    other_flag(tenth, phase="off", merchant_config={"column": "enableOther"}, deploy_env=None)
    tenth.workshop.commit("another flag")
    workshop = tenth.workshop
    everyone = {"merchant_config": {"column": "enableOther"}, "deploy_env": None}
    other_flag(tenth, phase="100%", **everyone)
    workshop.git("checkout", "--quiet", "-B", "main")
    workshop.commit("and it is everywhere")
    lifted = Allowance(Guardrail.SKIPS_PHASE, "other", "it ran elsewhere", "ann", None)
    workshop.reconcile(allowances=[lifted])
    assert workshop.sql('SELECT count(*) FROM "MerchantConfig" WHERE "enableOther"') == [
        (len(MERCHANTS),)
    ]
    workshop.git("checkout", "--quiet", "-B", "attack")
    remove(tenth, f"flags/{FLAG}.yaml", ROLLOUT_FILE)
    other_flag(tenth, phase="100%", deploy_env=None)
    found = tenth.judged()
    assert rules(found) == {Rule.RENAMED_WHILE_LIVE}


EVERYONE = [{"merchant": m, "value": True, "reason": "they asked"} for m in MERCHANTS]


class TestOverrides:
    """An override is no advance, whomever it names: see docs/pull-requests.md."""

    def test_a_list_that_names_everyone_is_held_by_the_limit_of_the_base(self, tenth: Arena):
        workshop = tenth.workshop
        workshop.git("checkout", "--quiet", "main")
        workshop.environment(guardrails={"max_changed_percent": "50%"})
        workshop.git("checkout", "--quiet", "-B", "attack")
        workshop.environment(guardrails={"max_changed_percent": "off"})
        workshop.flag(overrides=EVERYONE)
        found = tenth.judged()
        assert kinds(found) == {ObstacleKind.GUARDRAIL}
        assert "the limit of this environment is 50%" in found.obstacles[0].message

    def test_it_is_shown_by_name_and_by_cause(self, tenth: Arena):
        tenth.workshop.flag(overrides=EVERYONE[:40])
        found = tenth.judged()
        (environment,) = found.environments
        assert environment.survey is not None
        (flag,) = environment.survey.plan.flags
        assert {group.cause for group in flag.groups} == {"override"}
        assert environment.widening == {FLAG}


def test_two_that_are_fine_skip_a_phase_together(pilot: Arena):
    """Each was green; the merge queue judges both at once, and so does the reconciler."""
    workshop = pilot.workshop
    workshop.sql("UPDATE \"WorkflowExecution\" SET status = 'completed'")
    pilot.rollout("pilot", phases=[PILOT, {**TENTH, "percent": 50}, HALF, ALL])
    assert pilot.judged().may_merge, "the ladder alone"
    workshop.git("checkout", "--quiet", "-b", "step", "main")
    text = (workshop.folder / ROLLOUT_FILE).read_text(encoding="utf-8")
    workshop.write(ROLLOUT_FILE, text.replace("phase: pilot", "phase: 10%"))
    assert pilot.judged(head="step").may_merge, "the step alone"
    workshop.git("checkout", "--quiet", "attack")
    workshop.git("merge", "--quiet", "--no-edit", "step")
    queued = pilot.judged()
    assert rules(queued) >= {Rule.SPLIT_IN_TWO, Rule.SKIPS_PHASE}
    assert ObstacleKind.GUARDRAIL in kinds(pilot.judged(base="step")), "by what was applied last"
    assert pilot.merged_all_the_same() == pilot.before
