"""Whoever waits behind a lock is told so once, and for whom."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from controller.merchant_store.lock_wait import LockWait, told_of_waits
from tests.merchant_store.builders import COLUMN, FLAG, Shop, group, write
from tests.waiting import until_somebody_waits

SOON = 0.02


def test_it_is_said_once_with_the_process_and_its_program(shop: Shop):
    shop.add("m1")
    told: list[LockWait] = []
    said = threading.Event()

    def tell(found: LockWait) -> None:
        told.append(found)
        said.set()

    def wait() -> None:
        with (
            psycopg.connect(shop.url) as session,
            told_of_waits(session, lambda: psycopg.connect(shop.url), tell, patience=SOON),
        ):
            session.execute('SELECT FROM "Merchant" FOR UPDATE')

    with (
        psycopg.connect(shop.url, application_name="psql") as holder,
        ThreadPoolExecutor(1) as pool,
    ):
        holder.execute('SELECT FROM "Merchant" FOR UPDATE')
        waiting = pool.submit(wait)
        until_somebody_waits(shop.url)
        assert said.wait(20)
        holder.rollback()
        waiting.result(20)
        (found,) = told
        assert (found.process, found.program) == (holder.info.backend_pid, "psql")
    assert found.user
    assert found.since is not None


def test_who_does_not_wait_is_told_nothing(shop: Shop):
    told: list[LockWait] = []
    with (
        psycopg.connect(shop.url) as session,
        told_of_waits(session, lambda: psycopg.connect(shop.url), told.append, patience=SOON),
    ):
        session.execute("SELECT pg_sleep(0.1)")
    assert told == []


def test_without_a_session_to_spare_nothing_is_said_and_nothing_fails(shop: Shop):
    def refuse() -> psycopg.Connection:
        raise psycopg.OperationalError("too many connections")

    told: list[LockWait] = []
    with (
        psycopg.connect(shop.url) as session,
        told_of_waits(session, refuse, told.append, patience=SOON),
    ):
        session.execute("SELECT pg_sleep(0.1)")
    assert told == []


def test_an_error_of_the_transaction_stays_the_error(shop: Shop):
    with (
        psycopg.connect(shop.url) as session,
        pytest.raises(ZeroDivisionError),
        told_of_waits(session, lambda: psycopg.connect(shop.url), print, patience=SOON),
    ):
        raise ZeroDivisionError


@pytest.mark.parametrize("act", ["commit", "halt"])
def test_the_store_tells_of_its_waits(shop: Shop, act: str):
    shop.add("m1")
    shop.store().commit(write(group("m1")))
    told: list[LockWait] = []
    said = threading.Event()

    def tell(found: LockWait) -> None:
        told.append(found)
        said.set()

    store = shop.store(on_wait=tell, lock_timeout=timedelta(seconds=20))
    with (
        psycopg.connect(shop.url, application_name="psql") as holder,
        ThreadPoolExecutor(1) as pool,
    ):
        holder.execute("SELECT FROM rollout.environment FOR UPDATE")
        if act == "commit":
            done = pool.submit(store.commit, write(group("m1", value=False), generation=1))
        else:
            done = pool.submit(store.halt, FLAG, reason="harm", actor="a", column=COLUMN)
        assert said.wait(20)
        holder.rollback()
        done.result(20)
    assert [found.program for found in told] == ["psql"]


def test_an_observer_that_hangs_holds_nobody_back(shop: Shop):
    asked, released = threading.Event(), threading.Event()

    def hang() -> psycopg.Connection:
        asked.set()
        assert released.wait(30)
        raise psycopg.OperationalError("at last")

    with (
        psycopg.connect(shop.url) as session,
        told_of_waits(session, hang, print, patience=SOON),
    ):
        assert asked.wait(20)
    assert not released.is_set()
    released.set()
