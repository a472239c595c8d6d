"""A connection that dies around COMMIT: the truth is looked up, never guessed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from controller.errors import DatabaseUnreachable, OutcomeUnknown, Refused
from controller.merchant_store.commit_outcome import Outcome, commit, look_up
from tests.merchant_store.builders import FLAG, Shop, desired, group, write
from tests.merchant_store.proxy import Cut, wire


def test_a_reply_that_was_lost_is_found_out_to_be_a_commit(shop: Shop):
    shop.add("m1")
    with wire(shop.url, Cut.AFTER_COMMIT) as cut:
        done = replace(shop, url=cut.url).store().commit(write(group("m1")))
        assert cut.is_cut.is_set()
    assert (done.generation, done.changed) == (1, {FLAG: 1})
    assert shop.on() == {"m1"}
    assert shop.history() == [(1, FLAG, "m1", True, "phase")]


def test_a_commit_that_never_arrived_is_found_out_to_be_none(shop: Shop):
    shop.add("m1")
    with wire(shop.url, Cut.BEFORE_COMMIT) as cut, pytest.raises(DatabaseUnreachable) as caught:
        replace(shop, url=cut.url).store().commit(write(group("m1")))
    assert "nothing was changed" in caught.value.message
    assert shop.on() == set()
    assert shop.store().commit(write(group("m1"))).generation == 1


@pytest.mark.parametrize("when", Cut)
def test_when_nobody_can_be_asked_the_outcome_is_unknown_and_a_second_run_heals(
    shop: Shop, when: Cut
):
    shop.add("m1")
    with wire(shop.url, when, heals=False) as cut, pytest.raises(OutcomeUnknown) as caught:
        replace(shop, url=cut.url).store().commit(write(group("m1")))
    assert "run the same command again" in caught.value.hint
    with shop.store().snapshot() as snapshot:
        generation = snapshot.ledger.generation
    shop.store().commit(write(group("m1"), generation=generation))
    assert shop.on() == {"m1"}
    assert len(shop.history()) == 1


def test_a_halt_is_looked_up_as_well(shop: Shop):
    shop.add("m1")
    shop.store().commit(write(group("m1"), record=(desired(),)))
    with wire(shop.url, Cut.AFTER_COMMIT) as cut:
        done = replace(shop, url=cut.url).store().halt(FLAG, reason="r", actor="a")
    assert done.changed == {FLAG: 1}
    assert shop.on() == set()


def test_a_commit_that_the_server_refuses_is_not_looked_up(shop: Shop):
    shop.add("m1")
    shop.execute("""
        CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'not on a Friday'; END $$;
        CREATE CONSTRAINT TRIGGER no AFTER INSERT ON "MerchantConfig"
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no()
    """)
    with pytest.raises(Refused, match="not on a Friday"):
        shop.store().commit(write(group("m1")))
    assert shop.on() == set()


@contextmanager
def _running(shop: Shop) -> Iterator[tuple[psycopg.Connection, str]]:
    with psycopg.connect(shop.url) as connection:
        row = connection.execute("SELECT pg_current_xact_id()::text").fetchone()
        assert row
        yield connection, row[0]
        connection.rollback()


def test_a_transaction_that_still_runs_is_running(shop: Shop):
    with _running(shop) as (_, transaction), psycopg.connect(shop.url) as other:
        assert look_up(other, str(uuid.uuid4()), transaction) is Outcome.RUNNING


def test_without_a_ledger_nothing_was_committed(shop: Shop):
    with _running(shop) as (connection, transaction):
        connection.rollback()
    with psycopg.connect(shop.url) as other:
        assert look_up(other, str(uuid.uuid4()), transaction) is Outcome.ROLLED_BACK


def test_a_transaction_from_another_server_counts_by_its_run_row(shop: Shop):
    run = shop.store().commit(write()).run_id
    with psycopg.connect(shop.url) as other:
        assert look_up(other, run, "99999999999") is Outcome.COMMITTED
        assert look_up(other, str(uuid.uuid4()), "99999999999") is Outcome.ROLLED_BACK


def test_a_server_that_cannot_say_yet_leaves_it_unknown(shop: Shop):
    with _running(shop) as (_, transaction), psycopg.connect(shop.url) as connection:
        connection.execute("SELECT 1")
        connection.close()
        with pytest.raises(OutcomeUnknown):
            commit(
                connection,
                run_id=str(uuid.uuid4()),
                transaction=transaction,
                connect=lambda: psycopg.connect(shop.url),
                pauses=(0.0, 0.0),
            )
