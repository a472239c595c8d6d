"""One writer at a time, even from different processes."""

import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest

from controller.errors import Locked
from tests.merchant_store.builders import FLAG, Shop, desired, group, ids, write

QUICK = timedelta(milliseconds=100)


def test_a_held_lock_is_reported_with_its_holder_and_nothing_changes(shop: Shop):
    shop.add("m1")
    shop.store().commit(write())
    with psycopg.connect(shop.url, application_name="a forgotten psql") as other:
        other.execute("SELECT FROM rollout.environment FOR UPDATE")
        with pytest.raises(Locked, match=r"another run is writing demo: .*a forgotten psql"):
            shop.store(lock_timeout=QUICK).commit(write(group("m1"), generation=1))
    assert shop.on() == set()


def test_another_environment_is_not_locked(shop: Shop):
    shop.store().commit(write())
    with psycopg.connect(shop.url) as other:
        other.execute("SELECT FROM rollout.environment WHERE name = 'demo' FOR UPDATE")
        store = shop.store(name="staging", lock_timeout=QUICK)
        assert store.commit(write(environment="staging")).generation == 1


def test_a_row_that_the_app_holds_is_waited_for_and_then_reported(shop: Shop):
    shop.add("m1")
    shop.configure({"m1": False})
    with psycopg.connect(shop.url) as app:
        app.execute('SELECT FROM "MerchantConfig" FOR UPDATE')
        with pytest.raises(Locked, match="another session holds rows"):
            shop.store(lock_timeout=QUICK).commit(write(group("m1")))
    assert shop.on() == set()


def test_a_halt_waits_for_a_run_that_is_writing(shop: Shop):
    shop.add("m1")
    shop.store().commit(write(group("m1"), record=(desired(),)))
    with psycopg.connect(shop.url) as other:
        other.execute("SELECT FROM rollout.environment FOR UPDATE")
        halt = subprocess.Popen([sys.executable, "-c", _HALT, shop.url, FLAG])
        _wait_for_a_waiter(shop)
    assert halt.wait(30) == 0
    assert shop.on() == set()


def _wait_for_a_waiter(shop: Shop) -> None:
    for _ in range(3000):
        if shop.execute(_WAITING):
            return
        time.sleep(0.01)
    pytest.fail("nobody waits")


_WAITING = """
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_HALT = """
import sys
from datetime import timedelta
from tests.merchant_store.builders import Shop
store = Shop(sys.argv[1]).store(lock_timeout=timedelta(milliseconds=10))
store.halt(sys.argv[2], reason="now", actor="night")
"""
_WRITER = """
import sys
from controller.errors import Stale
from tests.merchant_store.builders import Shop, group, ids, write
store = Shop(sys.argv[1]).store()
merchants = ids(300)
mine = merchants[int(sys.argv[2])::3]
for attempt in range(60):
    with store.snapshot() as snapshot:
        generation = snapshot.ledger.generation
    try:
        store.commit(write(group(*mine), generation=generation, actor=sys.argv[2]))
        break
    except Stale:
        continue
else:
    sys.exit("never got through")
"""


def test_three_processes_at_once_leave_one_story(shop: Shop):
    merchants = ids(300)
    shop.add(*merchants)
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, shop.url, str(number)])
        for number in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]

    assert shop.on() == set(merchants)
    runs = shop.store().runs(flag=None, limit=10)
    assert [run.generation for run in runs] == [3, 2, 1]
    assert {run.actor for run in runs} == {"0", "1", "2"}
    assert all(run.changed == {FLAG: 100} for run in runs)
    assert len(shop.history()) == 300
