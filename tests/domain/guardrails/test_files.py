from dataclasses import replace

import pytest

from controller.domain.actual import ActualSchema
from controller.domain.environment import Guardrail, SchemaOwner
from controller.domain.flag import DeployEnvHome
from controller.domain.plan import SchemaStep
from controller.domain.rollout import OFF
from tests.domain.guardrails.plans import company, found, names, planned
from tests.domain.strategies import (
    desired,
    environment,
    flag,
    ladder,
    ledger,
    override,
    phase,
    world,
)

HOME = DeployEnvHome("SEQ", "1", "0", ("production",))


class TestUnknownMerchant:
    def plan(self, before, after):
        remembered = ledger(*([before] if before else []))
        return planned(world(desired(after), remembered), company({"known": None}))

    @pytest.mark.parametrize(
        "after",
        [
            flag(overrides=[override("typo", value=False)]),
            flag(phases=ladder("typo")),
            flag("pilot", ladder("typo")),
            flag(phases=[*ladder(), phase("vip", "typo", percent=100)]),
            flag(exclude=["typo"]),
            flag(None, overrides=[override("typo", value=True)]),
        ],
        ids=["override", "phase ahead", "phase", "last phase", "exclusion", "no rollout"],
    )
    def test_wherever_a_file_names_it(self, after):
        for before in (None, flag()):
            (refusal,) = found(self.plan(before, after), Guardrail.UNKNOWN_MERCHANT)
            assert refusal.message == (
                "seq: the files name 1 merchant that the database does not have: typo"
            )
            assert "rolloutctl explain" in refusal.remedy

    def test_one_that_was_there_when_it_was_applied_may_go(self):
        same = flag("pilot", ladder("gone", "known"))
        assert not names(self.plan(same, same))
        assert not names(self.plan(same, flag(OFF, ladder("gone", "known"))))

    def test_many_are_cut_and_counted(self):
        ghosts = [f"ghost{number}" for number in range(7)]
        (refusal,) = found(
            self.plan(None, flag(phases=ladder(*ghosts))), Guardrail.UNKNOWN_MERCHANT
        )
        assert "name 7 merchants" in refusal.message
        five = self.plan(None, flag(phases=ladder(*ghosts[:5]))).refusals[0]
        assert five.message.endswith("ghost0, ghost1, ghost2, ghost3, ghost4")
        assert refusal.message.endswith("ghost0, ghost1, ghost2, ghost3, ghost4 and 2 more")


class TestPartialRelease:
    def plan(self, before, values, *after, column="enableSeq"):
        return planned(world(desired(*after), ledger(before)), company(values, column))

    @pytest.mark.parametrize(("on", "off"), [(0, 3), (3, 0), (0, 0)])
    def test_a_file_may_go_when_nobody_or_everybody_has_it(self, on, off):
        values = {f"on{i}": True for i in range(on)} | {f"off{i}": False for i in range(off)}
        plan = self.plan(flag("10%"), values)
        assert not names(plan)
        assert not plan.has_changes
        assert plan.definitions_changed == ("seq",)

    def test_a_file_may_not_go_half_way(self):
        plan = self.plan(flag("10%"), {"a": True, "b": False, "c": None})
        (refusal,) = found(plan, Guardrail.PARTIAL_RELEASE)
        assert refusal.message == "seq: its file is gone while 1 of 3 merchants has it"
        assert (plan.flags[0].column, plan.flags[0].on_after) == ("enableSeq", 1)
        assert "bring the file back" in refusal.remedy

    def test_a_flag_without_a_column_may_go(self):
        plan = self.plan(flag("10%", column=None), {"a": True, "b": False})
        assert not names(plan)
        (change,) = plan.flags
        assert (change.column, change.on_before, change.on_after) == (None, 0, 0)

    def test_on_for_everyone_through_the_deploy_environment_is_on_for_everyone(self):
        assert not names(self.plan(flag("10%", globally_on=True), {"a": True, "b": False}))

    def test_a_column_may_not_move_half_way(self):
        half = {"a": True, "b": False}
        moved = self.plan(flag(OFF, column="old"), half, flag(OFF), column="old")
        (refusal,) = found(moved, Guardrail.PARTIAL_RELEASE)
        assert refusal.message == ("seq: it leaves the column old while 1 of 2 merchants has it")
        dropped = self.plan(flag(OFF, column="old"), half, flag(OFF, column=None), column="old")
        assert names(dropped) == {Guardrail.PARTIAL_RELEASE}

    def test_a_column_may_move_when_nobody_or_everybody_has_it(self):
        for value in (True, False):
            plan = self.plan(flag(OFF, column="old"), {"a": value}, flag(OFF), column="old")
            assert not names(plan)

    def test_a_released_column_may_pass_to_another_flag_when_nobody_is_half_way(self):
        heir = flag("pilot", ladder("a"), key="heir")
        half = self.plan(flag("10%"), {"a": True, "b": False}, heir)
        assert [(r.guardrail, r.flag) for r in half.refusals] == [
            (Guardrail.PARTIAL_RELEASE, "seq")
        ]
        assert not names(self.plan(flag("10%"), {"a": False, "b": False}, heir))

    RENAMED = "seq: it leaves SEQ (production) of the deploy environment, which turned it on"

    @pytest.mark.parametrize("home", [replace(HOME, variable="NEW"), None])
    @pytest.mark.parametrize("globally_on", [True, False])
    def test_a_variable_may_not_be_left_on(self, home, globally_on):
        on = flag("100%", deploy_env=HOME, globally_on=True)
        after = flag("100%", deploy_env=home, globally_on=globally_on and home is not None)
        (refusal,) = found(self.plan(on, {"a": True}, after), Guardrail.PARTIAL_RELEASE)
        assert refusal.message.startswith(self.RENAMED)
        assert "global: false" in refusal.remedy

    def test_a_variable_may_be_renamed_when_it_turns_nobody_on(self):
        off = flag("100%", deploy_env=HOME)
        after = flag("100%", deploy_env=replace(HOME, variable="NEW"))
        assert not names(self.plan(off, {"a": True}, after))

    def test_a_new_target_leaves_nothing(self):
        on = flag("100%", deploy_env=HOME, globally_on=True)
        more = replace(HOME, targets=("production", "preview"))
        after = flag("100%", deploy_env=more, globally_on=True)
        assert not found(self.plan(on, {"a": True}, after), Guardrail.PARTIAL_RELEASE)


class TestMissingSchema:
    def plan(self, owner, schema, wanted=None):
        env = environment(schema_owner=owner)
        return planned(
            world(desired(wanted or flag(), env=env), schema=schema), company({"a": None})
        )

    NO_TABLE = ActualSchema(False, frozenset(), {})
    NO_COLUMN = ActualSchema(True, frozenset({"another"}), {})

    @pytest.mark.parametrize("schema", [NO_TABLE, NO_COLUMN])
    def test_a_column_that_the_app_must_create(self, schema):
        plan = self.plan(SchemaOwner.EXTERNAL, schema)
        (refusal,) = found(plan, Guardrail.MISSING_SCHEMA)
        assert "the column enableSeq does not exist" in refusal.message
        assert "rolloutctl plan prints" in refusal.remedy

    @pytest.mark.parametrize("schema", [NO_TABLE, NO_COLUMN])
    def test_a_column_that_we_create(self, schema):
        plan = self.plan(SchemaOwner.MANAGED, schema)
        assert not names(plan)
        assert SchemaStep("add_column", "enableSeq") in plan.schema_steps

    def test_nothing_is_missing(self):
        for wanted in (flag(), flag(column=None)):
            schema = ActualSchema(True, frozenset({"enableSeq"}), {})
            assert not names(self.plan(SchemaOwner.EXTERNAL, schema, wanted))
        assert not names(self.plan(SchemaOwner.EXTERNAL, self.NO_TABLE, flag(column=None)))
