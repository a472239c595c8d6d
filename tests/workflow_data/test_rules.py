"""Each rule of counting, on the smallest rows that show it."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from controller.domain.environment import CustomMeasure
from controller.gate.baseline import is_intact
from controller.gate.counts import BaselineSource, Produced, Tally, Uncounted
from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.engines import loose_postgres
from tests.workflow_data.world import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    World,
    criterion,
    environment,
    minutes,
    question,
)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def count(database, world):
    def counted(policy=RAMP, cohort=("m1",), *, measures=(), amounts=True, **more):
        loose_postgres(database, world)
        data = SqlWorkflowData(environment(measures=measures, amounts=amounts), database)
        return data.count(question(policy, cohort, **more))

    return counted


def test_a_young_unfinished_run_is_pending_and_an_old_one_stuck(world, count):
    world.run("young", after=NOW - SINCE - minutes(29), took=None, status="processing")
    world.run("old", after=NOW - SINCE - minutes(30), took=None, status="processing")
    counts = count()
    assert (counts.population.pending, counts.population.matured) == (1, 1)
    assert counts.totals["stuck"].count == 1
    assert counts.totals["stuck"].examples == ("old",)
    assert counts.rates["completed"].all_runs == Tally(0, 1)


def test_a_run_that_completes_late_was_stuck_at_its_deadline(world, count):
    world.run("just", took=minutes(30))
    world.run("late", took=minutes(30) + timedelta(milliseconds=1))
    counts = count()
    assert counts.rates["completed"].all_runs == Tally(1, 2)
    assert counts.totals["stuck"].examples == ("late",)


def test_a_stuck_run_fails_every_rate_whatever_it_left_behind(world, count):
    world.run("late", took=minutes(45))
    world.item(world.order("late"))
    assert {rate.all_runs for rate in count().rates.values()} == {Tally(0, 1)}


def test_a_failed_run_with_a_broken_clock_is_still_a_failure(world, count):
    world.run("failed", took=timedelta(days=-28_000), status="failed")
    counts = count()
    assert counts.totals["failed"].count == 1
    assert counts.population.excluded == {}


def test_impossible_time_stamps_are_left_out_and_shown(world, count):
    world.run("backwards", took=minutes(-1))
    world.run("next year", took=timedelta(days=300))
    world.run("unborn", after=timedelta(days=300))
    world.run("endless", took=None)
    assert count().population.excluded == {
        "completed at an unknown time": 1,
        "completed before it was created": 1,
        "completed in the future": 1,
        "created in the future": 1,
    }


def test_a_future_run_does_not_make_stale_data_fresh(world, count):
    world.run("unborn", after=timedelta(days=300))
    world.run("old", after=minutes(1))
    assert count().freshness.watermark == SINCE + minutes(1)


@pytest.mark.parametrize("status", ["cancelled", "Completed", "", None])
def test_a_status_that_nobody_configured_is_an_error_not_a_guess(world, count, status):
    world.run("good")
    world.run("odd", status=status)
    counts = count()
    assert isinstance(counts.population, Uncounted)
    assert "not in the configuration" in counts.population.reason
    assert all(isinstance(rate, Uncounted) for rate in counts.rates.values())


def test_two_orders_from_one_run_are_one_duplicate_and_one_run(world, count):
    run = world.run("twice")
    for _ in range(2):
        order = world.order(run.id)
        for _ in range(3):
            world.item(order, "10.00")
    counts = count()
    assert counts.totals["duplicate_orders"].count == 1
    assert counts.totals["duplicate_orders"].examples == ("twice",)
    assert counts.rates["purchase_order_created"].all_runs == Tally(1, 1)
    assert counts.rates["data_complete"].all_runs == Tally(0, 1)


def test_many_line_items_do_not_multiply_a_run(world, count):
    run = world.run("rich")
    order = world.order(run.id)
    for _ in range(30):
        world.item(order, "1.00")
    rates = count().rates
    assert {rate.all_runs for rate in rates.values()} == {Tally(1, 1)}


def test_a_run_without_order_and_an_order_without_items(world, count):
    world.run("nothing")
    world.order(world.run("bare").id)
    rates = count().rates
    assert rates["purchase_order_created"].all_runs == Tally(1, 2)
    assert rates["line_items_extracted"].all_runs == Tally(0, 2)


@pytest.mark.parametrize(
    ("total", "complete"),
    [("30.00", 1), ("30.01", 1), ("29.99", 1), ("30.02", 0), ("29.98", 0), (None, 0)],
)
def test_line_items_add_up_to_the_total_within_a_cent(world, count, total, complete):
    order = world.order(world.run("r").id, total=total)
    world.item(order, "10.00")
    world.item(order, "20.00")
    assert count().rates["data_complete"].all_runs == Tally(complete, 1)
    assert count(amounts=False).rates["data_complete"].all_runs.good == (total is not None)


@pytest.mark.parametrize("field", ["number", "supplier"])
@pytest.mark.parametrize("value", ["", None])
def test_a_missing_field_makes_an_order_incomplete(world, count, field, value):
    world.item(world.order(world.run("r").id, **{field: value}))
    assert count().rates["data_complete"].all_runs == Tally(0, 1)


@pytest.mark.parametrize("fields", [{"shopify": None}, {"sync": "pending"}, {"sync": None}])
def test_an_order_that_did_not_reach_the_shop(world, count, fields):
    world.item(world.order(world.run("r").id, **fields))
    assert count().rates["shopify_synced"].all_runs == Tally(0, 1)


@pytest.mark.parametrize("fields", [{"total": "-0.01"}, {"merchant": None}])
def test_corrupted_orders_count_whatever_became_of_their_run(world, count, fields):
    world.run("r", after=NOW - SINCE - minutes(3), took=None, status="processing")
    world.item(world.order("r", **fields))
    counts = count()
    assert counts.population.pending == 1
    assert counts.totals["corrupted"].examples == ("r",)


def test_line_items_without_an_order_are_no_proof_of_harm_but_an_error(world, count):
    order = world.order(world.run("r").id)
    world.item(order)
    world.orders.clear()
    corrupted = count().totals["corrupted"]
    assert isinstance(corrupted, Uncounted)
    assert "belong to no order" in corrupted.reason


def test_only_the_first_runs_of_a_merchant_count_to_pass(world, count):
    for number in range(5):
        world.run(f"r{number}", after=minutes(60 + number), took=minutes(4 if number < 3 else 20))
    rate = count().rates["on_time"]
    assert (rate.capped, rate.all_runs) == (Tally(3, 3), Tally(3, 5))


def test_runs_of_the_same_instant_are_taken_by_their_keys(world, count):
    for key, took in (("b", 4), ("a", 20), ("d", 20), ("c", 4)):
        world.run(key, took=minutes(took))
    assert count().rates["on_time"].capped == Tally(2, 3)


def test_durations_of_a_pilot(world, count):
    world.run("quick", took=minutes(4))
    world.run("slow", took=minutes(12))
    world.run("late", took=minutes(50))
    world.run("failed", status="failed", took=minutes(90))
    durations = count(PILOT).durations
    assert (durations.runs, durations.within) == (3, 1)
    assert (durations.worst, durations.worst_run) == (minutes(50), "late")
    assert durations.median == minutes(12)


@pytest.mark.parametrize(("took", "median"), [((), None), ((4,), 4), ((9, 4), 4), ((9, 4, 4), 4)])
def test_of_an_even_number_of_runs_the_lower_of_the_middle_ones_is_the_median(
    world, count, took, median
):
    for number, length in enumerate(took):
        world.run(f"r{number}", took=minutes(length))
    assert count(PILOT).durations.median == (None if median is None else minutes(median))


def test_what_a_pilot_produced_is_counted_without_fan_out_and_of_matured_runs_alone(world, count):
    world.run("two", took=minutes(4))
    world.run("failed", status="failed")
    world.run("pending", status="processing", took=None, after=NOW - SINCE - minutes(9))
    for run, items in (("two", 3), ("two", 2), ("failed", 1), ("pending", 5), (None, 1)):
        order = world.order(run)
        for _ in range(items):
            world.item(order)
    assert count(PILOT).produced == Produced(orders=3, line_items=6)
    assert count().produced is None


def test_what_a_pilot_produced_is_missing_where_its_tables_are(world, database):
    world.run("a")
    loose_postgres(database, world)
    with psycopg.connect(database) as connection:
        connection.execute('DROP TABLE "LineItem"')
    counts = SqlWorkflowData(environment(), database).count(question(PILOT, ("m1",)))
    assert isinstance(counts.produced, Uncounted)
    assert counts.durations.median == minutes(4)


def test_the_baseline_is_the_lower_bound_of_the_same_merchants_median(world, database):
    for number in range(20):
        world.run(f"r{number:02}", after=-timedelta(days=number + 1), took=minutes(30 + number))
    loose_postgres(database, world)
    data = SqlWorkflowData(environment(), database)
    baseline = data.measure_baseline(question(PILOT, ["m1"]))
    assert baseline.source is BaselineSource.SAME_MERCHANTS
    assert baseline.durations == 20
    assert baseline.median_bound == minutes(36)  # the 7th of 20
    assert baseline.completed == Tally(1, 20)
    assert is_intact(baseline)


def test_too_few_runs_of_their_own_make_the_untreated_the_baseline(world, database):
    world.run("own", after=-timedelta(days=2))
    for number in range(8):
        world.run(f"r{number}", "m2", after=-timedelta(days=number + 1), took=minutes(38))
    world.run("old", "m2", after=-timedelta(days=61))
    loose_postgres(database, world)
    data = SqlWorkflowData(environment(), database)
    baseline = data.measure_baseline(question(PILOT, ["m1"]))
    assert (baseline.source, baseline.durations) == (BaselineSource.UNTREATED, 8)
    assert baseline.median_bound == minutes(38)


def test_faster_than_the_baseline(world, database, count):
    for number in range(8):
        world.run(f"b{number}", after=-timedelta(days=number + 1), took=minutes(38))
    world.run("fast", took=minutes(19))
    world.run("slow", took=minutes(19) + timedelta(seconds=1))
    loose_postgres(database, world)
    data = SqlWorkflowData(environment(), database)
    policy = replace(RAMP, criteria=(criterion("faster_than_baseline", ratio=0.5),))
    asked = question(policy, ["m1"])
    asked = replace(asked, baseline=data.measure_baseline(asked))
    assert data.count(asked).rates["faster_than_baseline"].all_runs == Tally(1, 2)
    without = count(policy)
    assert "no baseline" in without.rates["faster_than_baseline"].reason


def own(sql):
    return (CustomMeasure("mine", sql),)


def mine():
    return replace(RAMP, criteria=(criterion("mine"),), worst_merchant=None)


def test_a_measure_of_ones_own(world, count):
    world.run("a")
    world.run("b")
    world.run("stuck", after=minutes(1), took=None, status="processing")
    measures = own("SELECT id, id <> 'b' FROM \"WorkflowExecution\" WHERE status = 'completed'")
    assert count(mine(), measures=measures).rates["mine"].all_runs == Tally(1, 3)


def test_a_measure_that_leaves_completed_runs_out_is_an_error_and_hides_nothing_else(world, count):
    world.run("a")
    counts = count(mine(), measures=own('SELECT id, true FROM "WorkflowExecution" WHERE false'))
    assert "yields no row for 1" in counts.rates["mine"].reason
    assert counts.population.matured == 1


@pytest.mark.parametrize("sql", ["SELECT nothing, true FROM nowhere", "DELETE FROM x"])
def test_a_measure_that_fails_takes_only_its_own_place(world, count, sql):
    world.run("a")
    counts = count(mine(), measures=own(sql))
    assert isinstance(counts.rates["mine"], Uncounted)
    assert counts.totals["failed"].count == 0


def test_a_measure_that_nobody_defined(world, count):
    assert "no measure called" in count(mine()).rates["mine"].reason


def test_a_missing_table_is_said_and_not_raised(database):
    with psycopg.connect(database) as connection:
        connection.execute('DROP TABLE "LineItem" CASCADE')
    counts = SqlWorkflowData(environment(), database).count(question(RAMP, ["m1"]))
    assert "LineItem" in counts.rates["data_complete"].reason
    assert counts.rates["completed"].all_runs == Tally(0, 0)


def test_a_database_that_is_down_is_said_in_every_place():
    nowhere = "postgresql://127.0.0.1:1/nowhere?connect_timeout=1"
    counts = SqlWorkflowData(environment(), nowhere).count(question(RAMP, ["m1"]))
    assert isinstance(counts.identity, Uncounted)
    assert isinstance(counts.population, Uncounted)


def test_traffic_of_the_last_month(world, database):
    for number in range(60):
        world.run(f"r{number}", f"m{number % 3}", after=-timedelta(hours=number))
    loose_postgres(database, world)
    traffic = SqlWorkflowData(environment(), database).traffic(NOW)
    assert (traffic.merchants, traffic.runs_per_day) == (3, 2.0)
