"""What gates said is kept for good, and read back for many flags in one question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from controller.merchant_store.interface import StoredEvidence
from tests.merchant_store.builders import FLAG, Shop, desired, ids, write

AT = datetime(2026, 11, 20, tzinfo=UTC)
KEPT = StoredEvidence("", FLAG, "10%", "proceed", AT, None, "ada", "{}")


def _asked(shop: Shop) -> None:
    shop.add(*ids(2))
    store = shop.store()
    store.commit(write(record=(desired(),)))
    for number in range(3):
        for flag in (FLAG, "other"):
            at = AT + timedelta(hours=number)
            kept = replace(KEPT, id=f"{flag}-{number}", flag=flag, judged_at=at)
            assert store.keep_evidence(kept)


def test_without_a_ledger_nothing_is_kept(shop: Shop):
    store = shop.store()
    assert not store.keep_evidence(replace(KEPT, id="a"))
    assert store.newest_evidence([FLAG]) == ()


def test_the_newest_of_many_flags_are_read_at_once(shop: Shop):
    _asked(shop)
    store = shop.store()
    assert [one.id for one in store.newest_evidence([FLAG, "nothing"])] == [f"{FLAG}-2"]
    found = [one.id for one in store.newest_evidence(["other", FLAG, "a\x00b"], limit=2)]
    assert sorted(found) == sorted(["other-2", "other-1", f"{FLAG}-2", f"{FLAG}-1"])
    assert [id_ for id_ in found if id_.startswith("other")] == ["other-2", "other-1"]
    assert store.newest_evidence([]) == ()


def test_what_is_read_at_once_is_what_is_read_alone(shop: Shop):
    _asked(shop)
    store = shop.store()
    assert store.newest_evidence([FLAG], limit=9) == store.evidence_of(FLAG, limit=9)
