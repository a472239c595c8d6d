"""The newest comes first, and no more is read than asked for."""

from controller.domain.plan import Cause
from tests.merchant_store.builders import COLUMN, FLAG, Shop, desired, group, ids, write

COLUMNS = {FLAG: COLUMN, "other": "other"}


def _lived(shop: Shop) -> Shop:
    shop.add(*ids(4))
    shop.execute('ALTER TABLE "MerchantConfig" ADD COLUMN other BOOLEAN')
    store = shop.store()
    store.commit(write(group(*ids(3)), record=(desired(),), columns=COLUMNS))
    store.commit(write(group(*ids(4), flag="other"), generation=1, columns=COLUMNS))
    store.commit(write(generation=2))
    store.commit(
        write(group("m000001", value=False, cause=Cause.DRIFT), generation=3, columns=COLUMNS)
    )
    return shop


def _told(changes) -> list[tuple]:
    return [(c.generation, c.flag, c.merchant, c.value) for c in changes]


def test_without_a_ledger_there_is_no_history(shop: Shop):
    store = shop.store()
    assert store.runs(flag=None, limit=5) == ()
    assert store.changes(flag=None, merchant=None, limit=5) == ()
    assert store.changes(flag=None, merchant="m1", limit=5) == ()


def test_runs_by_flag_and_number(shop: Shop):
    store = _lived(shop).store()
    assert [run.generation for run in store.runs(flag=None, limit=10)] == [4, 3, 2, 1]
    assert [run.generation for run in store.runs(flag="other", limit=10)] == [2]
    assert [run.generation for run in store.runs(flag=FLAG, limit=1)] == [4]
    assert store.runs(flag=None, limit=10)[0].changed == {FLAG: 1}


def test_the_newest_runs_of_many_flags_are_read_at_once(shop: Shop):
    empty = shop.store()
    assert empty.newest_runs([FLAG], limit=5) == {}
    store = _lived(shop).store()
    found = store.newest_runs([FLAG, "other", "nothing"], limit=1)
    assert {flag: [run.generation for run in runs] for flag, runs in found.items()} == {
        FLAG: [4],
        "other": [2],
    }
    whole = store.newest_runs([FLAG], limit=9)
    assert tuple(whole[FLAG]) == store.runs(flag=FLAG, limit=9)


def test_changes_newest_first_then_by_merchant(shop: Shop):
    store = _lived(shop).store()
    assert _told(store.changes(flag=None, merchant=None, limit=3)) == [
        (4, FLAG, "m000001", False),
        (2, "other", "m000000", True),
        (2, "other", "m000001", True),
    ]
    assert len(store.changes(flag=None, merchant=None, limit=100)) == 8


def test_changes_of_a_flag(shop: Shop):
    store = _lived(shop).store()
    assert _told(store.changes(flag=FLAG, merchant=None, limit=2)) == [
        (4, FLAG, "m000001", False),
        (1, FLAG, "m000000", True),
    ]
    assert len(store.changes(flag=FLAG, merchant=None, limit=100)) == 4
    assert store.changes(flag="nothing", merchant=None, limit=5) == ()


def test_changes_of_a_merchant(shop: Shop):
    store = _lived(shop).store()
    assert _told(store.changes(flag=None, merchant="m000001", limit=10)) == [
        (4, FLAG, "m000001", False),
        (2, "other", "m000001", True),
        (1, FLAG, "m000001", True),
    ]
    assert _told(store.changes(flag="other", merchant="m000001", limit=10)) == [
        (2, "other", "m000001", True)
    ]
    assert store.changes(flag=None, merchant="a\0b", limit=10) == ()


def test_the_small_index_is_used_for_one_merchant(shop: Shop):
    _lived(shop)
    shop.execute(
        "INSERT INTO rollout.change "
        "SELECT 1, 1, 1, true, 'x' || n FROM generate_series(1, 200000) n"
    )
    shop.execute("ANALYZE rollout.change")
    plan = shop.execute("EXPLAIN SELECT * FROM rollout.change WHERE merchant_id = 'm000001'")
    assert any("change_place" in line for (line,) in plan)
