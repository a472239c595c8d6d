"""What a run leaves in the ledger: definitions with their times, releases, its revision."""

from tests.merchant_store.builders import FLAG, Shop, desired, group, write


def test_since_follows_the_definition_and_phase_since_the_phase(shop: Shop):
    store = shop.store()

    def applied():
        with store.snapshot() as snapshot:
            return snapshot.ledger.applied[FLAG]

    store.commit(write(record=(desired(),), revision="a" * 40))
    first = applied()
    store.commit(write(record=(desired(),), generation=1, revision="b" * 40))
    same = applied()
    store.commit(write(record=(desired(owner="@acme/other"),), generation=2))
    edited = applied()
    store.commit(write(record=(desired(phase="everyone"),), generation=3))
    advanced = applied()

    assert (same.since, same.phase_since) == (first.since, first.phase_since)
    assert (same.generation, same.revision) == (2, "b" * 40)
    assert edited.since > first.since
    assert edited.phase_since == first.phase_since
    assert advanced.phase_since > edited.phase_since


def test_a_released_flag_is_forgotten_by_plans_but_not_by_history(shop: Shop):
    shop.add("m1")
    store = shop.store()
    store.commit(write(group("m1"), record=(desired(),)))
    store.commit(write(generation=1, released=(FLAG,)))
    with store.snapshot() as snapshot:
        assert snapshot.ledger.applied == {}
    assert [run.generation for run in store.runs(flag=FLAG, limit=10)] == [2, 1]
    assert len(store.changes(flag=FLAG, merchant=None, limit=10)) == 1
    assert shop.on() == {"m1"}

    store.commit(write(generation=2, record=(desired(),)))
    with store.snapshot() as snapshot:
        assert FLAG in snapshot.ledger.applied


def test_the_revision_of_a_run_without_one_does_not_erase_the_last(shop: Shop):
    store = shop.store()
    store.commit(write(revision="a" * 40))
    store.commit(write(generation=1))
    with store.snapshot() as snapshot:
        assert snapshot.ledger.revision == "a" * 40


def test_the_tables_are_remembered_as_applied_last(shop: Shop):
    shop.store().commit(write())
    [(schema, names)] = shop.execute("SELECT app_schema, app_tables FROM rollout.environment")
    assert (schema, names["merchant_config"]) == ("public", "MerchantConfig")


def test_a_run_notes_how_many_values_really_changed(shop: Shop):
    shop.add("m1")
    shop.store().commit(write(group("m1", "deleted-meanwhile")))
    assert shop.execute("SELECT flags, changed FROM rollout.run") == [([FLAG], {FLAG: 1})]
