"""make_plan over whole worlds; its corners are in test_planning_corners.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.actual import ActualSchema
from controller.domain.deploy import Deployment, DeployState
from controller.domain.guardrails import applicable
from controller.domain.merchant import MerchantBatch
from controller.domain.plan import Cause, Move, SchemaChange, SchemaStep
from controller.domain.planning import World, columns_of, make_plan
from controller.domain.rollout import OFF
from controller.domain.targeting import decide
from tests.domain.company import Company, Story
from tests.domain.guardrails.plans import company, planned
from tests.domain.strategies import (
    DAY,
    NOW,
    desired,
    flag,
    ladder,
    ledger,
    with_bucket,
    world,
    worlds,
)

(EARLY,) = with_bucket(0, 1_000)
NEVER_DEPLOYED = DeployState("vercel", (), True, None)
DEPLOYED = DeployState("vercel", (), True, Deployment("dpl", NOW - DAY))


def story_of(case: tuple[World, Company], deploy: DeployState | None = None) -> Story:
    gathered, people = case
    return Story(people, gathered.ledger, gathered.now, deploy)


def changes(plan):
    return {(g.flag, m): g.value for g in plan.groups() for m in g.merchants}


class TestAnyWorld:
    @given(worlds())
    def test_a_plan_changes_exactly_the_values_that_are_not_what_the_rules_say(self, case):
        gathered, people = case
        plan = planned(gathered, people)
        expected = {}
        for wanted in gathered.desired.flags:
            assert wanted.flag.merchant_config
            on = people.on(wanted.flag.merchant_config.column)
            for id_ in people.created_at:
                halted = wanted.key in gathered.ledger.halts
                right = decide(wanted, people.merchant(id_), gathered.now, halted=halted).value
                if right is not (id_ in on):
                    expected[wanted.key, id_] = right
        assert changes(plan) == expected

    @given(worlds())
    def test_each_merchant_changes_once_and_counts_add_up(self, case):
        gathered, people = case
        plan = planned(gathered, people)
        for change in plan.flags:
            merchants = [m for g in change.groups for m in g.merchants]
            assert len(merchants) == len(set(merchants)) == change.changed
            gained = sum(len(g.merchants) for g in change.groups if g.value)
            assert change.on_after == change.on_before + 2 * gained - change.changed
            assert all(g.merchants == tuple(sorted(g.merchants)) for g in change.groups)
            assert all(g.merchants for g in change.groups)
        assert plan.merchants == len(people.created_at)

    @given(worlds(), st.integers(1, 30), st.randoms())
    def test_batches_and_their_order_do_not_matter(self, case, size, random):
        gathered, people = case
        columns = columns_of(gathered.desired, gathered.ledger)
        order = list(people.created_at)
        random.shuffle(order)
        shuffled = list(people.batches(columns, size, order))
        nobody = MerchantBatch([], np.empty((len(columns), 0), np.int8), np.empty(0, np.int64))
        shuffled.insert(random.randint(0, len(shuffled)), nobody)
        plan = make_plan(gathered, shuffled)
        assert plan == planned(gathered, people)
        assert plan.hash == planned(gathered, people).hash

    @given(worlds(), st.sampled_from([None, NEVER_DEPLOYED, DEPLOYED]))
    def test_a_second_run_changes_nothing(self, case, deploy):
        story = story_of(case, deploy)
        story.reconcile(case[0].desired)
        second = story.plan(case[0].desired)
        part = applicable(second)
        assert part.groups == ()
        assert part.deploy_changes == ()
        assert set(second.definitions_changed) <= part.withheld
        for change in second.flags:
            assert change.flag in part.withheld or not change.groups

    @given(worlds())
    def test_an_advance_that_is_refused_is_not_recorded_and_stays_refused(self, case):
        story = story_of(case)
        first = story.reconcile(case[0].desired)
        for key in applicable(first).withheld:
            before, after = (x.applied.get(key) for x in (case[0].ledger, story.ledger))
            assert (after is None) is (before is None)
            if before and after:
                assert after == replace(before, evaluated_at=case[0].ledger.decided_at(key))

    @given(worlds())
    def test_what_is_applied_is_recorded(self, case):
        story = story_of(case)
        plan = story.reconcile(case[0].desired)
        withheld = applicable(plan).withheld
        for wanted in case[0].desired.flags:
            if wanted.key not in withheld:
                assert story.ledger.applied[wanted.key].desired == wanted
        kept = {f.key for f in case[0].desired.flags} | withheld
        assert story.ledger.applied.keys() <= kept

    @given(worlds())
    def test_a_released_flag_changes_nothing(self, case):
        plan = planned(*case)
        for change in plan.flags:
            if change.move is Move.RELEASE:
                assert change.groups == ()
                assert change.on_after == change.on_before

    @given(worlds())
    def test_what_is_unmanaged_is_drift_that_would_be_turned_off(self, case):
        for change in planned(*case).flags:
            drift = {
                m
                for g in change.groups
                if g.cause is Cause.DRIFT and not g.value
                for m in g.merchants
            }
            assert set(change.unmanaged) <= drift
            assert tuple(sorted(change.unmanaged)) == change.unmanaged


class TestColumns:
    def test_those_of_the_files_and_of_the_ledger(self):
        wanted = desired(flag(column="b"), flag(key="global", column=None))
        remembered = ledger(flag(key="gone", column="a"), flag(column="b"))
        assert columns_of(wanted, remembered) == ("a", "b")

    def test_the_rows_of_a_batch_follow_them(self):
        people = Company.of({EARLY: True}, column="b")
        same = flag("10%", column="b")
        wanted = desired(same, flag(key="other", column="a"))
        plan = planned(world(wanted, ledger(same, flag(key="other", column="a"))), people)
        assert not plan.has_changes

    def test_a_plan_without_any_column_still_counts_merchants(self):
        plan = planned(world(desired(flag(column=None))), company({"a": None}))
        assert (plan.merchants, plan.changed) == (1, 0)
        assert plan.flags[0].column is None


class TestSchemaSteps:
    def steps(self, schema, *flags):
        wanted = desired(*(flags or (flag(column="b"), flag(key="two", column="a"))))
        return planned(world(wanted, schema=schema), company({"m": None})).schema_steps

    def test_a_missing_table_is_created_with_its_columns(self):
        assert self.steps(ActualSchema(False, frozenset(), {})) == (
            SchemaStep(SchemaChange.CREATE_TABLE, "MerchantConfig"),
            SchemaStep(SchemaChange.ADD_COLUMN, "a"),
            SchemaStep(SchemaChange.ADD_COLUMN, "b"),
        )

    def test_only_what_is_missing_is_created(self):
        assert self.steps(ActualSchema(True, frozenset({"a"}), {})) == (
            SchemaStep(SchemaChange.ADD_COLUMN, "b"),
        )

    def test_a_column_of_another_type_is_not_added_again(self):
        assert not self.steps(ActualSchema(True, frozenset({"a"}), {"b": "text"}))

    def test_flags_without_a_column_need_no_table(self):
        assert not self.steps(ActualSchema(False, frozenset(), {}), flag(column=None))

    def test_a_released_flag_needs_no_column(self):
        gathered = world(
            desired(), ledger(flag(column="a")), schema=ActualSchema(True, frozenset(), {})
        )
        assert not planned(gathered, company({"m": None})).schema_steps


class TestMoves:
    def move(self, before, *after):
        remembered = ledger(*([before] if before else []))
        plan = planned(world(desired(*after), remembered), company({EARLY: None}))
        (change,) = plan.flags
        return change.move, change.from_phase, change.to_phase

    def test_a_flag_that_was_never_applied_is_new(self):
        assert self.move(None, flag("pilot")) == (Move.NEW, OFF, "pilot")

    def test_a_flag_moves_along_its_ladder(self):
        assert self.move(flag("pilot"), flag("10%")) == (Move.ADVANCE, "pilot", "10%")
        assert self.move(flag("10%"), flag("pilot")) == (Move.RETREAT, "10%", "pilot")
        assert self.move(flag("10%"), flag("10%")) == (Move.SAME, "10%", "10%")

    def test_a_flag_whose_file_is_gone_is_released_where_it_stands(self):
        assert self.move(flag("10%")) == (Move.RELEASE, "10%", "10%")

    def test_a_flag_without_a_rollout_is_at_off(self):
        assert self.move(None, flag(None)) == (Move.NEW, OFF, OFF)


class TestDefinitions:
    def changed(self, before, *after, **ledger_fields):
        gathered = world(desired(*after), ledger(*before, **ledger_fields))
        return planned(gathered, company({"a": None})).definitions_changed

    def test_new_changed_and_released_flags_are_recorded(self):
        before = [flag(key="same"), flag(key="changed"), flag(key="gone")]
        after = [flag(key="same"), flag("pilot", key="changed"), flag(key="new")]
        assert self.changed(before, *after) == ("changed", "gone", "new")

    def test_any_change_of_the_file_counts(self):
        described = flag()
        other = replace(described, flag=replace(described.flag, owner="@acme/others"))
        assert self.changed([described], other) == ("seq",)

    def test_a_resumed_flag_is_recorded_so_that_its_halt_is_forgotten(self):
        assert self.changed([flag()], flag(), resumed=["seq"]) == ("seq",)
        assert self.changed([flag()], flag(), halts=["seq"]) == ()

    def test_another_definition_is_another_plan_even_where_no_value_changes(self):
        before = world(desired(flag(phases=ladder())), ledger(flag(phases=[])))
        after = world(desired(flag(phases=ladder(soak=3))), ledger(flag(phases=[])))
        people = company({"a": None})
        assert planned(before, people).hash != planned(after, people).hash


@pytest.mark.parametrize("at", [OFF, "pilot", "10%", "100%"])
def test_a_flag_may_have_a_rollout_and_no_column(at):
    """Then only its global value can be applied, and nobody's row is touched."""
    plan = planned(
        world(desired(flag(at, ladder("a"), column=None))), company({"a": None, "b": None})
    )
    assert plan.changed == 0
    assert plan.flags[0].to_phase == at
