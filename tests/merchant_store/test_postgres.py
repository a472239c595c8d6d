"""The whole store, as the reconciler uses it."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from controller.domain.environment import Allowance, Guardrail
from controller.domain.plan import Cause, SchemaChange, SchemaStep
from controller.errors import Stale
from tests.merchant_store.builders import COLUMN, FLAG, NOW, Shop, desired, group, write

CREATE = (
    SchemaStep(SchemaChange.CREATE_TABLE, "MerchantConfig"),
    SchemaStep(SchemaChange.ADD_COLUMN, COLUMN),
)


def test_the_first_commit_makes_the_ledger_and_the_table(young_shop: Shop):
    young_shop.add("m1", "m2", "m3")
    store = young_shop.store()
    with store.snapshot() as snapshot:
        assert not snapshot.ledger.exists
        assert not snapshot.schema.has_merchant_config

    done = store.commit(write(group("m1"), schema_steps=CREATE, record=(desired(),)))

    assert (done.generation, done.changed) == (1, {FLAG: 1})
    assert young_shop.values() == {"m1": True}
    with store.snapshot() as snapshot:
        assert snapshot.ledger.exists
        assert snapshot.ledger.generation == 1
        assert snapshot.ledger.evaluated_at == NOW
        assert snapshot.ledger.applied[FLAG].desired == desired()
        assert snapshot.schema.columns == {COLUMN}
    [run] = store.runs(flag=FLAG, limit=10)
    assert (run.id, run.kind, run.actor, run.plan_hash) == (
        done.run_id,
        "reconcile",
        "alice",
        "abc",
    )


def test_a_plan_of_another_generation_is_stale_and_changes_nothing(shop: Shop):
    shop.add("m1", "m2")
    store = shop.store()
    store.commit(write(group("m1")))

    with pytest.raises(Stale, match="generation 0 of demo, but generation 1"):
        store.commit(write(group("m2")))

    assert shop.on() == {"m1"}
    assert len(store.runs(flag=None, limit=10)) == 1


def test_environments_share_a_database_but_not_a_generation(shop: Shop):
    shop.add("m1")
    shop.store(name="demo").commit(write(group("m1")))
    other = shop.store(name="staging")
    with other.snapshot() as snapshot:
        assert snapshot.ledger.generation == 0
    assert other.commit(write(environment="staging")).generation == 1
    assert other.changes(flag=None, merchant=None, limit=10) == ()


def test_everything_fails_together(shop: Shop):
    shop.add("m1")
    unknown = {FLAG: "no_such_column"}
    with pytest.raises(Stale):
        shop.store().commit(write(group("m1"), columns=unknown, record=(desired(),)))
    assert shop.execute("SELECT to_regnamespace('rollout')") == [(None,)]


def test_lifted_guardrails_are_remembered_with_their_reason(shop: Shop):
    allowance = Allowance(
        Guardrail.SKIPS_PHASE, FLAG, 'it\'s "urgent" \\ ü', "bob", date(2026, 12, 1)
    )
    store = shop.store()
    store.commit(write(allowances=(allowance,), summary={"changes": []}))
    [run] = store.runs(flag=None, limit=1)
    assert run.summary == {
        "changes": [],
        "allowed": [
            {
                "guardrail": "skips_phase",
                "flag": FLAG,
                "reason": 'it\'s "urgent" \\ ü',
                "approved_by": "bob",
                "expires": "2026-12-01",
            }
        ],
    }


def test_text_that_postgresql_cannot_store_does_not_stop_a_run(shop: Shop):
    store = shop.store()
    store.commit(write(actor="a\0b\udcff", summary={"note": ["\0"], "\udcff": 1}))
    [run] = store.runs(flag=None, limit=1)
    assert (
        run.actor
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}" + "\N{REPLACEMENT CHARACTER}" * 2
    )
    assert run.summary["note"] == ["\N{REPLACEMENT CHARACTER}"]


def test_two_flags_change_in_one_generation(shop: Shop):
    shop.add("m1", "m2")
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN other BOOLEAN')
    done = shop.store().commit(
        write(
            group("m1", flag="b"),
            group("m1", "m2", flag="a"),
            group("m2", flag="b", cause=Cause.OVERRIDE),
            columns={"a": COLUMN, "b": "other"},
        )
    )
    assert done.changed == {"a": 2, "b": 2}
    assert shop.values() == {"m1": True, "m2": True}
    assert shop.values("other") == {"m1": True, "m2": True}
    assert shop.history() == [
        (1, "a", "m1", True, "phase"),
        (1, "a", "m2", True, "phase"),
        (1, "b", "m1", True, "phase"),
        (1, "b", "m2", True, "override"),
    ]


def test_nothing_of_the_session_is_left_behind(shop: Shop):
    """Behind a pooler in transaction mode, the next client would inherit it."""
    store = shop.store()
    store.commit(write())
    assert shop.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
    with psycopg.connect(shop.url) as connection:
        prepared = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert prepared == (0,)


def test_a_write_can_be_committed_again_after_a_look(shop: Shop):
    shop.add("m1")
    store = shop.store()
    plan = write(group("m1"))
    store.commit(plan)
    again = store.commit(replace(plan, expected_generation=1))
    assert (again.generation, again.changed) == (2, {})
    assert len(store.changes(flag=None, merchant=None, limit=10)) == 1
