import subprocess
import sys
from dataclasses import replace

import pytest

from controller.domain.deploy import DeployAction, DeployChange
from controller.domain.environment import Guardrail
from controller.domain.plan import (
    Cause,
    ChangeGroup,
    FlagPlan,
    Move,
    Plan,
    Refusal,
    SchemaChange,
    SchemaStep,
    turns_on,
)
from tests.domain.strategies import allowance

GROUP = ChangeGroup("seq", True, Cause.PHASE, ("a", "b"))
FLAG = FlagPlan("seq", "enableSeq", Move.ADVANCE, "pilot", "10%", 1, 3, (GROUP,))
CHANGE = DeployChange("seq", "SEQ", "production", DeployAction.UPDATE, "1", True, "0", "id")
REFUSAL = Refusal(Guardrail.SKIPS_PHASE, "seq", "seq skips", "do not skip")
PLAN = Plan(
    environment="production",
    revision="0123abc",
    generation=7,
    merchants=10,
    flags=(FLAG,),
    schema_steps=(SchemaStep(SchemaChange.ADD_COLUMN, "enableSeq"),),
    deploy_changes=(CHANGE,),
    definitions_changed=("seq",),
    definitions_digest="d1",
)


def with_group(**fields):
    return replace(PLAN, flags=(replace(FLAG, groups=(replace(GROUP, **fields),)),))


EFFECTS = {
    "environment": replace(PLAN, environment="staging"),
    "generation": replace(PLAN, generation=8),
    "schema step": replace(PLAN, schema_steps=()),
    "schema step's kind": replace(
        PLAN, schema_steps=(SchemaStep(SchemaChange.CREATE_TABLE, "enableSeq"),)
    ),
    "schema step's name": replace(PLAN, schema_steps=(SchemaStep(SchemaChange.ADD_COLUMN, "x"),)),
    "definition": replace(PLAN, definitions_changed=()),
    "another definition": replace(PLAN, definitions_changed=("seq", "tax")),
    "what is recorded": replace(PLAN, definitions_digest="d2"),
    "no changes": replace(PLAN, flags=(replace(FLAG, groups=()),)),
    "value": with_group(value=False),
    "cause": with_group(cause=Cause.OVERRIDE),
    "flag": with_group(flag="tax"),
    "column": replace(PLAN, flags=(replace(FLAG, column="other"),)),
    "merchant less": with_group(merchants=("a",)),
    "other merchants": with_group(merchants=("a", "c")),
    "merchants glued": with_group(merchants=("a\0b",)),
    "merchants cut elsewhere": with_group(merchants=("ab",)),
    "no deploy change": replace(PLAN, deploy_changes=()),
    "variable": replace(PLAN, deploy_changes=(replace(CHANGE, variable="TAX"),)),
    "target": replace(PLAN, deploy_changes=(replace(CHANGE, target="preview"),)),
    "action": replace(PLAN, deploy_changes=(replace(CHANGE, action=DeployAction.CREATE),)),
    "value written": replace(PLAN, deploy_changes=(replace(CHANGE, after="0"),)),
    "value found": replace(PLAN, deploy_changes=(replace(CHANGE, before="2"),)),
    "variable's id": replace(PLAN, deploy_changes=(replace(CHANGE, variable_id="id2"),)),
}

SAME_EFFECT = {
    "revision": replace(PLAN, revision=None),
    "number of merchants": replace(PLAN, merchants=11),
    "refusals": replace(PLAN, refusals=(REFUSAL,)),
    "counts": replace(PLAN, flags=(replace(FLAG, on_before=2),)),
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_another_effect_has_another_hash(effect):
    assert EFFECTS[effect].hash != PLAN.hash


def test_all_effects_differ():
    hashes = {plan.hash for plan in (PLAN, *EFFECTS.values())}
    assert len(hashes) == len(EFFECTS) + 1


@pytest.mark.parametrize("what", SAME_EFFECT)
def test_the_same_effect_has_the_same_hash(what):
    assert SAME_EFFECT[what].hash == PLAN.hash


def test_the_hash_is_the_same_in_another_process():
    code = "from tests.domain.test_plan import PLAN; print(PLAN.hash)"
    for seed in ("0", "1"):
        found = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout.strip() == PLAN.hash


def test_the_hash_is_the_same_in_another_version():
    """Saved plans are compared by it; where it changes on purpose, they become stale."""
    assert PLAN.hash == "0cfacc288712a03b5a1272881c5ff716533d12fb20c1ec5ccfad319d179c7205"


def test_a_plan_counts_what_changes():
    assert (PLAN.changed, FLAG.changed) == (2, 2)
    assert list(PLAN.groups()) == [GROUP]
    assert replace(PLAN, flags=()).changed == 0


@pytest.mark.parametrize(
    ("plan", "has_changes"),
    [
        (PLAN, True),
        (replace(PLAN, flags=(), deploy_changes=()), True),
        (replace(PLAN, flags=(), schema_steps=()), True),
        (replace(PLAN, schema_steps=(), deploy_changes=()), True),
        (replace(PLAN, flags=(), schema_steps=(), deploy_changes=()), False),
    ],
)
def test_values_schema_and_deploy_environment_are_changes_and_definitions_are_not(
    plan, has_changes
):
    assert plan.has_changes is has_changes


def test_a_refusal_stands_until_it_is_lifted():
    lifted = replace(REFUSAL, lifted_by=allowance(Guardrail.SKIPS_PHASE))
    assert replace(PLAN, refusals=(REFUSAL, lifted)).standing == (REFUSAL,)


@pytest.mark.parametrize("cause", Cause)
def test_a_retreat_turns_off_as_somebody_asked(cause):
    asked = {Cause.PHASE, Cause.OVERRIDE, Cause.OVERRIDE_EXPIRED, Cause.HALT}
    assert replace(GROUP, cause=cause, value=False).is_retreat is (cause in asked)
    assert not replace(GROUP, cause=cause, value=True).is_retreat


def test_a_few_merchants_are_shown_by_name():
    many = replace(GROUP, merchants=tuple(f"m{number:02}" for number in range(50)))
    assert GROUP.shown == ("a", "b")
    assert many.shown == many.merchants[:10]


def test_what_turns_anything_on():
    nothing = replace(PLAN, flags=(), deploy_changes=())
    assert turns_on(PLAN)
    assert turns_on(replace(PLAN, deploy_changes=()))
    assert not turns_on(nothing)
    assert not turns_on(replace(with_group(value=False), deploy_changes=()))
    assert turns_on(replace(nothing, deploy_changes=(CHANGE,)))
    for kept_out in (
        replace(CHANGE, enables=False),
        replace(CHANGE, action=DeployAction.UNREADABLE),
    ):
        assert not turns_on(replace(nothing, deploy_changes=(kept_out,)))
