"""Who has the feature, by the ledger that the real store wrote, here or in another database."""

from datetime import timedelta

import pytest

from controller.gate.counts import Identity, Tally, Uncounted
from controller.workflow_data import cohorts
from controller.workflow_data.flavour import Flavour
from controller.workflow_data.sql import SqlWorkflowData
from tests.merchant_store.builders import Shop, desired, group, write
from tests.workflow_data.engines import loose_postgres
from tests.workflow_data.world import RAMP, World, environment, minutes, question


@pytest.fixture
def shop(prisma_database):
    shop = Shop(prisma_database)
    shop.add("m1", "m2", "m3", "m4")
    shop.configure(dict.fromkeys(["m1", "m2", "m3", "m4"], False))
    return shop


@pytest.fixture
def applied(shop):
    """m1 and m2 have it; m3 had it and lost it."""
    with_store(shop, write(group("m1", "m3"), record=(desired(),)))
    with_store(shop, write(group("m3", value=False), group("m2"), generation=1))
    return shop


def with_store(shop, change):
    store = shop.store()
    store.commit(change)
    store.close()


def now_of(shop):
    [(now,)] = shop.execute("SELECT now()")
    return now


def asked(shop, **more):
    now = now_of(shop) + timedelta(hours=2)
    [(since,)] = shop.execute("SELECT min(at) FROM rollout.history")
    return question(RAMP, environment="demo", now=now, since=since, **more)


def add_runs(shop, *, seconds=60):
    for merchant in ("m1", "m2", "m3"):
        for number in range(2):
            shop.execute(
                'INSERT INTO "WorkflowExecution" (id, "merchantId", status, "createdAt", '
                "\"completedAt\") SELECT %s, %s, 'completed', t, t + interval '4 minutes' "
                "FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' + %s * interval '1 second' t) x",
                f"{merchant}-{number}",
                merchant,
                seconds,
            )


def data(shop, own=None):
    return SqlWorkflowData(environment(), shop.url, own)


def test_the_ledgers_cohort_is_counted_by_a_join(applied):
    add_runs(applied)
    counts = data(applied).count(asked(applied))
    identity = counts.identity
    assert isinstance(identity, Identity)
    assert (identity.cohort_recorded, identity.cohort_found, identity.cohort_counted) == (2, 2, 2)
    assert (identity.missing, identity.extra) == (0, 0)
    assert counts.rates["completed"].all_runs == Tally(4, 4)
    assert counts.untreated == Tally(2, 2)


def test_runs_in_another_database_are_counted_for_the_same_cohort(applied, database):
    world = World()
    loose_postgres(database, world)
    add_runs(applied)
    there = Shop(database)
    there.execute('DROP TABLE "WorkflowExecution"')
    there.execute(
        'CREATE TABLE "WorkflowExecution" (id TEXT, "merchantId" TEXT, status TEXT, '
        '"createdAt" TIMESTAMP, "completedAt" TIMESTAMP)'
    )
    for row in applied.execute(
        'SELECT id, "merchantId", status, "createdAt", "completedAt" FROM "WorkflowExecution"'
    ):
        there.execute('INSERT INTO "WorkflowExecution" VALUES (%s, %s, %s, %s, %s)', *row)
    asked_now = asked(applied)
    here, elsewhere = (data(applied, own).count(asked_now) for own in (None, database))
    assert elsewhere.identity == here.identity
    assert elsewhere.population == here.population
    assert elsewhere.untreated == here.untreated


def test_a_merchant_set_by_hand_is_extra_and_one_unset_is_missing(applied):
    applied.execute(
        'UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = "merchantId" <> \'m1\''
    )
    identity = data(applied).count(asked(applied)).identity
    assert (identity.missing, identity.extra) == (1, 2)


def test_a_merchant_that_had_it_before_the_ledger_counts_when_a_file_names_it(applied):
    applied.execute(
        'UPDATE "MerchantConfig" SET "enableSequentialWorkflow" = true WHERE "merchantId" = \'m4\''
    )
    named = asked(applied, named=frozenset({"m4", "m3", "nobody"}))
    identity = data(applied).count(named).identity
    assert (identity.cohort_recorded, identity.missing, identity.extra) == (3, 0, 0)


def test_a_deleted_merchant_is_no_longer_recorded(applied):
    add_runs(applied)
    applied.execute("DELETE FROM \"Merchant\" WHERE id = 'm2'")
    counts = data(applied).count(asked(applied))
    assert (counts.identity.cohort_recorded, counts.identity.cohort_found) == (1, 1)
    assert counts.population.merchants == 1


def test_runs_before_a_merchant_got_it_are_not_its_treated_runs(applied):
    add_runs(applied, seconds=-3600)
    counts = data(applied).count(asked(applied))
    assert counts.population.matured == 0


def test_the_past_is_judged_by_what_the_ledger_knew_then(applied):
    [(first,)] = applied.execute("SELECT min(at) FROM rollout.history")
    earlier = asked(applied, as_of=first + timedelta(microseconds=1))
    identity = data(applied).count(earlier).identity
    assert identity.cohort_recorded == 2  # m1 and m3


def test_another_environments_changes_are_not_ours(applied):
    other = asked(applied)
    counts = data(applied).count(type(other)(**{**_fields(other), "environment": "staging"}))
    assert counts.identity.cohort_recorded == 0
    assert counts.identity.extra == 2


def _fields(value):
    return {name: getattr(value, name) for name in value.__slots__}


def test_without_a_ledger_everything_is_uncounted(shop):
    counts = data(shop).count(question(RAMP, since=None, applied=None))
    assert isinstance(counts.identity, Uncounted)
    assert all(isinstance(rate, Uncounted) for rate in counts.rates.values())


def test_a_flag_without_a_column_has_no_cohort(applied):
    counts = data(applied).count(asked(applied, column=None))
    assert "no value of its own" in counts.identity.reason


def test_many_merchants_travel_in_batches_that_add_up(database):
    world = World()
    for number in range(30):
        world.run(f"r{number:02}", f"m{number % 10}", took=minutes(number))
    loose_postgres(database, world)
    everyone = [f"m{number}" for number in range(10)]
    whole = SqlWorkflowData(environment(), database).count(question(RAMP, everyone))

    class Small:
        cohort_batch = 3
        cohort = Flavour.POSTGRESQL.cohort

    parts = cohorts.batches(question(RAMP, everyone).cohort, Small())
    assert len(parts) == 4
    assert whole.population.matured == 30
