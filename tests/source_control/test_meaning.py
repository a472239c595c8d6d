"""Configurations compared: every environment, the company's rules, and nothing for mere text."""

from datetime import UTC, datetime

from controller.config.configuration import Configuration
from controller.domain.change import AudienceMoved, PolicyPart, PolicyTouched
from controller.domain.objections import Rule
from controller.domain.plan import Move
from controller.source_control.meaning import Meaning, meaning, rules_touched
from tests.config.repository import DEMO, FLAG, GATE, PRODUCTION, ROLLOUT, RULE, Change, look

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LADDER = "rollout/checkout.yaml"


def read(**changes: Change) -> Configuration:
    found = look({_FILES[name]: change for name, change in changes.items()})
    assert found.configuration, "\n".join(map(str, found.problems))
    return found.configuration


_FILES = {
    "rollout": LADDER,
    "flag": "flags/checkout.yaml",
    "gate": "rollout/gates/ramp.yaml",
    "demo": "rollout/environments/demo.yaml",
    "production": "rollout/environments/production.yaml",
    "staging": "rollout/environments/staging.yaml",
    "waiver": "rollout/waivers/shop-down.yaml",
}


def of(**changes: Change) -> Meaning:
    return meaning(read(), read(**changes), NOW)


def kinds(found: Meaning) -> dict[str, list[str]]:
    return {
        one.environment: [
            change.part if isinstance(change, PolicyTouched) else type(change).__name__
            for change in one.changes
        ]
        for one in found.environments
    }


def test_the_same_means_nothing():
    assert of().is_empty


def test_comments_order_and_quotes_mean_nothing():
    found = of(
        rollout="# hello\n"
        + ROLLOUT.replace(
            "{demo: 10%, production: off}", '{"production": \'off\', demo: "10%"} # x'
        )
        .replace("[shopify_synced, margin_kept]", "[margin_kept, shopify_synced]")
        .replace("eligible: {min_merchant_age: 30d", "eligible: {min_merchant_age: 720h"),
        flag="\n".join(
            [line for line in FLAG.splitlines() if "clx00" not in line]
            + sorted((line for line in FLAG.splitlines() if "clx00" in line), reverse=True)
        ),
        gate=GATE.replace("  completed: {target: 95%, floor: 85%}\n", "")
        .replace("criteria:\n", "criteria:\n  on_time_: x\n")
        .replace("  on_time_: x\n", "")
        .replace("worst_merchant:", "  completed: {floor: 85.0%, target: 95%}\nworst_merchant:"),
        demo="---\n" + DEMO,
    )
    assert kinds(found) == {"demo": [], "production": []}


def test_a_promotion_concerns_its_environment_only():
    found = of(rollout=("demo: 10%", "demo: 100%"))
    assert kinds(found) == {"demo": ["AudienceMoved"], "production": []}
    (moved,) = found.environments[0].advances
    assert (moved.gate, moved.to_phase) == ("ramp", "100%")
    assert found.has_advances
    assert found.standing == ()


def test_a_gate_of_several_rollouts_is_policy_of_each_environment():
    found = of(gate=("completed: {target: 95%, floor: 85%}", "completed: {target: 95%, floor: 5%}"))
    assert kinds(found) == {"demo": [PolicyPart.GATE], "production": [PolicyPart.GATE]}
    (touched,) = found.environments[0].changes
    assert isinstance(touched, PolicyTouched)
    (difference,) = touched.differences
    assert (difference.path, difference.before, difference.after) == (
        "criteria.completed.floor",
        "85%",
        "5%",
    )


def test_an_advance_with_its_own_policy_is_to_be_split():
    found = of(
        rollout=("demo: 10%", "demo: 100%"),
        gate=("completed: {target: 95%, floor: 85%}", "completed: {target: 95%, floor: 5%}"),
    )
    (objection,) = found.standing
    assert (objection.rule, objection.flag) == (Rule.SPLIT_IN_TWO, "checkout")
    assert "split it in two" in objection.remedy


def test_a_retreat_passes_whatever_else_changes():
    found = of(
        rollout=("demo: 10%", "demo: off"),
        gate=("completed: {target: 95%, floor: 85%}", "completed: {target: 95%, floor: 5%}"),
        demo=DEMO.replace("{schema: managed}", "{schema: external}"),
        waiver=None,
    )
    assert found.standing == ()
    assert [moved.move for one in found.environments for moved in one.retreats] == [Move.RETREAT]


def test_the_policy_of_another_environment_is_no_objection():
    found = of(
        rollout=("demo: 10%", "demo: 100%"), production=PRODUCTION.replace("the busiest", "busy")
    )
    assert kinds(found) == {"demo": ["AudienceMoved"], "production": [PolicyPart.FREEZE]}
    assert found.standing == ()


def test_the_policy_of_its_environment_is():
    measure = "SELECT run_id, margin > 0"
    for old, new in [
        (measure, "SELECT run_id, true"),
        ("schema: managed", "schema: external"),
        ("name: demo\n", "name: demo\non_rollback: report\n"),
    ]:
        found = of(rollout=("demo: 10%", "demo: 100%"), demo=(old, new))
        assert [o.rule for o in found.standing] == [Rule.SPLIT_IN_TWO], new


def test_an_allowance_in_the_same_change_lifts_nothing():
    allow = (
        "allow:\n  - {guardrail: skips_phase, flag: checkout, reason: x, approved_by: ann, "
        "expires: 2027-01-01}\n"
    )
    found = of(rollout=("demo: 10%, production: off", "demo: 10%, production: 10%"))
    assert [o.rule for o in found.standing] == [Rule.SKIPS_PHASE]
    lifting = PRODUCTION.replace("allow:\n", allow)
    found = of(
        rollout=("demo: 10%, production: off", "demo: 10%, production: 10%"), production=lifting
    )
    assert {o.rule for o in found.standing} == {Rule.SPLIT_IN_TWO, Rule.SKIPS_PHASE}
    before, after = (
        read(production=lifting, rollout=("production: off", f"production: {phase}"))
        for phase in ("off", "10%")
    )
    assert meaning(before, after, NOW).standing == ()


def test_a_waiver_in_the_same_change_is_to_be_split():
    found = of(
        rollout=("production: off", "production: pilot"),
        waiver=("expires: 2026-12-01", "expires: 2027-12-01"),
    )
    assert [o.rule for o in found.standing] == [Rule.SPLIT_IN_TWO]


def test_a_new_environment_where_merchants_have_it_is_to_be_split():
    found = of(
        staging="name: staging\n" + DEMO.partition("\n")[2],
        rollout=("production: off", "production: off, staging: pilot"),
    )
    assert [(o.rule, o.flag) for o in found.standing] == [(Rule.SPLIT_IN_TWO, "checkout")]
    quiet = of(
        staging="name: staging\n" + DEMO.partition("\n")[2],
        rollout=("production: off", "production: off, staging: off"),
    )
    assert quiet.standing == ()


def test_the_first_files_of_a_repository_may_start_with_a_pilot_and_no_wider():
    pilot = read(rollout=("demo: 10%", "demo: pilot"))
    assert meaning(None, pilot, NOW).standing == ()
    rules = {o.rule for o in meaning(None, read(), NOW).standing}
    assert rules == {Rule.SKIPS_PHASE, Rule.STARTS_WIDE}


def test_a_changed_rule_of_the_company_is_policy_of_everything():
    path = "rollout/rules/owner.json"
    touched = rules_touched({path: RULE.encode()}, {path: RULE.replace('"^@"', '"."').encode()})
    assert [(t.flag, t.part, t.name) for t in touched] == [(None, PolicyPart.RULES, path)]
    assert touched[0].differences[0].path == "properties.owner.pattern"
    found = meaning(read(), read(rollout=("demo: 10%", "demo: 100%")), NOW, touched)
    assert [o.rule for o in found.standing] == [Rule.SPLIT_IN_TWO]


def test_the_layout_of_a_rule_is_no_change():
    path = "rollout/rules/owner.json"
    assert rules_touched({path: b'{"a": [1,2], "b": {}}'}, {path: b'{"b":{},"a":[1, 2]}'}) == ()
    assert rules_touched({path: b"{"}, {path: b"["}) != ()
    assert rules_touched({}, {path: b"{}"}) != ()


def test_the_audience_of_each_environment_is_its_own():
    found = of(rollout=("demo: 10%, production: off", "demo: off, production: pilot"))
    moves = {
        one.environment: [c.move for c in one.changes if isinstance(c, AudienceMoved)]
        for one in found.environments
    }
    assert moves == {"demo": [Move.RETREAT], "production": [Move.ADVANCE]}
