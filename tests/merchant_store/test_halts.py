"""Off at once, and off until a person says otherwise; with nothing but a connection string."""

import pytest

from controller.domain.plan import Cause
from controller.errors import Refused, UsageError
from controller.merchant_store.postgres import PostgresMerchantStore, environment_from_ledger
from tests.merchant_store.builders import COLUMN, FLAG, Shop, desired, group, write
from tests.merchant_store.test_app_tables import HOSTILE

REASON = 'orders are lost: it\'s "bad" \\ ü'


@pytest.fixture
def live(shop: Shop) -> Shop:
    shop.add("m1", "m2", "m3")
    shop.configure({"m3": False})
    shop.store().commit(write(group("m1", "m2"), record=(desired(),)))
    return shop


def _halts(shop: Shop) -> dict:
    with shop.store().snapshot() as snapshot:
        return dict(snapshot.ledger.halts)


def test_a_halt_turns_everyone_off_and_says_why(live: Shop):
    done = live.store().halt(FLAG, reason=REASON, actor="night shift")

    assert (done.generation, done.changed) == (2, {FLAG: 2})
    assert live.on() == set()
    halt = _halts(live)[FLAG]
    assert (halt.reason, halt.actor, halt.phase) == (REASON, "night shift", "pilot")
    assert live.history()[2:] == [
        (2, FLAG, "m1", False, "halt"),
        (2, FLAG, "m2", False, "halt"),
    ]
    [run, _] = live.store().runs(flag=FLAG, limit=10)
    assert (run.kind, run.actor, run.summary["reason"]) == ("halt", "night shift", REASON)


def test_rows_that_were_off_are_not_touched(live: Shop):
    query = 'SELECT * FROM "MerchantConfig" WHERE "merchantId" = \'m3\''
    before = live.execute(query)
    live.store().halt(FLAG, reason=REASON, actor="a")
    assert live.execute(query) == before


def test_a_plan_made_before_the_halt_cannot_undo_it(live: Shop):
    live.store().halt(FLAG, reason=REASON, actor="a")
    with pytest.raises(Exception, match="generation 1 of demo, but generation 2"):
        live.store().commit(write(group("m1"), generation=1))


def test_a_second_halt_says_who_halted_first(live: Shop):
    live.store().halt(FLAG, reason=REASON, actor="first")
    with pytest.raises(Refused, match=r"halted already.* by first: orders are lost"):
        live.store().halt(FLAG, reason="again", actor="second")
    with live.store().snapshot() as snapshot:
        assert snapshot.ledger.generation == 2


def test_a_second_halt_sweeps_what_somebody_has_turned_on_by_hand(live: Shop):
    live.store().halt(FLAG, reason=REASON, actor="first")
    live.execute('UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = true')
    assert live.store().halt(FLAG, reason="again", actor="second").changed == {FLAG: 3}
    assert live.on() == set()
    assert _halts(live)[FLAG].actor == "first"


def test_resume_ends_it_and_the_next_plan_knows(live: Shop):
    store = live.store()
    store.halt(FLAG, reason=REASON, actor="a")
    ended = store.resume(FLAG, reason="fixed", actor="b")
    assert ended.reason == REASON
    with store.snapshot() as snapshot:
        assert snapshot.ledger.halts == {}
        assert snapshot.ledger.resumed == {FLAG}
        assert snapshot.ledger.generation == 3
    assert live.on() == set()

    store.commit(write(group("m1", "m2", cause=Cause.HALT), generation=3))
    with store.snapshot() as snapshot:
        assert snapshot.ledger.resumed == frozenset()
    assert [run.kind for run in store.runs(flag=FLAG, limit=9)] == [
        "reconcile",
        "resume",
        "halt",
        "reconcile",
    ]


def test_resuming_what_is_not_halted_is_a_mistake(live: Shop):
    with pytest.raises(UsageError, match="is not halted in demo"):
        live.store().resume(FLAG, reason="r", actor="a")


def test_a_run_may_end_a_halt_that_git_made_unnecessary(live: Shop):
    store = live.store()
    store.halt(FLAG, reason=REASON, actor="a")
    store.commit(write(generation=2, ended_halts={FLAG: "the files turn it off"}))
    with store.snapshot() as snapshot:
        assert snapshot.ledger.halts == {}
        assert snapshot.ledger.resumed == frozenset()
    assert live.execute("SELECT ended_by, ended_reason FROM rollout.halt") == [
        ("alice", "the files turn it off")
    ]


def test_a_flag_can_be_halted_again_after_its_resume(live: Shop):
    store = live.store()
    store.halt(FLAG, reason="one", actor="a")
    store.resume(FLAG, reason="fixed", actor="a")
    store.halt(FLAG, reason="two", actor="a")
    assert _halts(live)[FLAG].reason == "two"


def test_an_unknown_flag_is_a_mistake_that_names_the_way_out(live: Shop):
    with pytest.raises(UsageError, match="knows no flag typo") as caught:
        live.store().halt("typo", reason="r", actor="a")
    assert "--column" in caught.value.hint
    with live.store().snapshot() as snapshot:
        assert snapshot.ledger.generation == 1


def test_a_mistyped_environment_does_not_get_a_halt_of_its_own(live: Shop):
    with pytest.raises(UsageError, match="no environment dem; it knows: demo"):
        live.store(name="dem").halt(FLAG, reason="r", actor="a", column=COLUMN)
    assert live.on() == {"m1", "m2"}


def test_before_the_first_apply_a_column_is_enough(shop: Shop):
    shop.add("m1")
    shop.configure({"m1": True})
    done = shop.store().halt(FLAG, reason=REASON, actor="a", column=COLUMN)
    assert (done.generation, done.changed) == (1, {FLAG: 1})
    assert shop.on() == set()
    assert set(_halts(shop)) == {FLAG}
    with shop.store().snapshot() as snapshot:
        assert snapshot.ledger.applied == {}


def test_a_flag_that_was_never_on_anywhere_can_be_halted(young_shop: Shop):
    young_shop.add("m1")
    done = young_shop.store().halt(FLAG, reason=REASON, actor="a", column=COLUMN)
    assert done.changed == {}
    assert set(_halts(young_shop)) == {FLAG}


def test_a_flag_with_only_a_global_home_is_halted_in_the_ledger(shop: Shop):
    shop.add("m1")
    shop.store().commit(write(record=(desired(column=None),)))
    assert shop.store().halt(FLAG, reason=REASON, actor="a").changed == {}
    assert set(_halts(shop)) == {FLAG}


def test_the_ledger_knows_the_tables_when_the_files_do_not(shop: Shop):
    shop.execute("""
        CREATE SCHEMA "s p";
        CREATE TABLE "s p"."Mer""chant; DROP" ("select" text PRIMARY KEY, "shop domain" text,
            "isActive" boolean DEFAULT true, "createdAt" timestamptz DEFAULT now());
        CREATE TABLE "s p"."merchant config" (id text PRIMARY KEY, "{merchant}" text UNIQUE,
            "enableSequentialWorkflow" boolean, "createdAt" timestamptz, "it's" timestamptz);
        INSERT INTO "s p"."Mer""chant; DROP" VALUES ('m1', 'one')
    """)
    usual = shop.store(schema="s p", tables=HOSTILE)
    usual.commit(write(group("m1"), record=(desired(),)))

    night = PostgresMerchantStore(environment_from_ledger(shop.url, None), shop.url)
    assert night.halt(FLAG, reason=REASON, actor="a").changed == {FLAG: 1}
    assert shop.execute('SELECT "enableSequentialWorkflow" FROM "s p"."merchant config"') == [
        (False,)
    ]


def test_a_reason_of_any_bytes_does_not_stop_a_halt(live: Shop):
    live.store().halt(FLAG, reason="a\0b\udcff", actor="\udcff")
    assert _halts(live)[FLAG].reason.startswith("a\N{REPLACEMENT CHARACTER}b")
