"""Whatever the rows, SQL counts what a plain loop counts, and every engine counts the same.

With `--hypothesis-profile=thorough` six times as many companies are tried.
"""

import importlib.util
import uuid
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.domain.gate_policy import SequentialGate, WorstMerchant
from controller.workflow_data.counting import Tactics
from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.engines import duckdb_file, index_merchants, loose_postgres
from tests.workflow_data.straightforward import summary, summary_of
from tests.workflow_data.world import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    Item,
    Order,
    Run,
    World,
    environment,
    minutes,
    percent,
    question,
)

needs_duckdb = pytest.mark.skipif(
    importlib.util.find_spec("duckdb_engine") is None, reason="duckdb-engine is not installed"
)
MERCHANTS = ("m1", "m2", "m3", "m4")
STATUSES = ("completed", "completed", "completed", "failed", "processing", "pending")
CREATED = st.one_of(
    st.integers(-100, 4_320).map(lambda m: SINCE + minutes(m)),
    # Many at the same moment: which of them are the first ones is decided by their keys.
    st.integers(0, 3).map(lambda m: SINCE + minutes(m)),
    st.sampled_from([None, NOW + minutes(4), NOW + timedelta(days=400), NOW - minutes(30), SINCE]),
)
TOOK = st.one_of(
    st.none(),
    st.integers(0, 60).map(minutes),
    st.sampled_from(
        [
            minutes(-1),
            minutes(30),
            minutes(10),
            timedelta(days=-28_000),
            timedelta(days=500),
            timedelta(milliseconds=600_001),
        ]
    ),
)
text = st.sampled_from(["x", "x", "x", "", None])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    for number in draw(st.permutations(range(draw(st.integers(0, 14))))):
        created, took = draw(CREATED), draw(TOOK)
        end = None if took is None else (created or NOW) + took
        run = Run(
            f"r{number:02}",
            draw(st.sampled_from(MERCHANTS)),
            draw(st.sampled_from(STATUSES)),
            created,
            end,
        )
        world.runs.append(run)
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
            order = Order(
                f"o{len(world.orders):02}",
                run.id,
                draw(text),
                draw(text),
                draw(text),
                draw(st.sampled_from(["30.00", "30.00", "29.99", "30.02", "-1.00", None])),
                draw(text),
                draw(st.sampled_from(["synced", "synced", "pending", None])),
            )
            world.orders.append(order)
            for _ in range(draw(st.integers(0, 3))):
                amount = draw(st.sampled_from(["10.00", "15.00", "30.00", None]))
                world.items.append(Item(f"i{len(world.items):02}", order.id, amount))
    _leave_strays(draw, world)
    return world


def _leave_strays(draw: st.DrawFn, world: World) -> None:
    """Orders of no run, or of one that is gone, with or without line items."""
    for number in range(draw(st.integers(0, 2))):
        run = draw(st.sampled_from([None, "gone"]))
        order = Order(f"stray{number}", run, total=draw(st.sampled_from(["-1.00", "30.00"])))
        world.orders.append(order)
        if draw(st.booleans()):
            world.items.append(Item(order.id, order.id))


@st.composite
def ramps(draw: st.DrawFn) -> SequentialGate:
    """Gates that ask about some measures, and count few or many runs of a merchant."""
    completed, *others = RAMP.criteria
    chosen = draw(st.sets(st.sampled_from(range(len(others)))))
    least = draw(st.integers(0, 4))
    return replace(
        RAMP,
        runs_per_merchant=draw(st.sampled_from([1, 2, 3, 20])),
        criteria=(completed, *(others[number] for number in sorted(chosen))),
        worst_merchant=WorstMerchant("completed", least, percent(70)) if least else None,
    )


cohorts = st.sampled_from(
    [
        dict.fromkeys(MERCHANTS, SINCE),
        {"m1": SINCE, "m2": SINCE + timedelta(hours=30)},
        {"m1": SINCE + minutes(2), "m3": SINCE - timedelta(days=1), "m4": NOW - minutes(30)},
        {"m4": SINCE - timedelta(days=9), "elsewhere": SINCE},
    ]
)
questions = st.builds(question, st.one_of(ramps(), st.just(RAMP), st.just(PILOT)), cohorts)
examples = settings(
    max_examples=settings.default.max_examples * 15 // 100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(worlds(), questions, st.booleans(), st.booleans(), st.booleans())
@examples
def test_postgresql_counts_what_a_loop_counts(database, world, asked, by_index, everyone, whole):
    loose_postgres(database, world)
    if by_index:
        index_merchants(database)
    everyone = everyone and all(since <= asked.since for since in asked.cohort.since.values())
    data = SqlWorkflowData(environment(), database, tactics=Tactics(everyone, whole))
    assert summary_of(data.count(asked)) == summary(world, asked)


@needs_duckdb
@given(worlds(), questions)
@examples
def test_duckdb_counts_what_a_loop_counts(tmp_path_factory, world, asked):
    path = tmp_path_factory.getbasetemp() / f"{uuid.uuid4().hex}.duckdb"
    address = duckdb_file(str(path), world)
    data = SqlWorkflowData(environment(), "postgresql://nowhere", address)
    assert summary_of(data.count(asked)) == summary(world, asked)
    path.unlink()


@pytest.mark.parametrize("moment", ["TIMESTAMP", "TIMESTAMPTZ"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_the_servers_zone_and_the_columns_type_change_nothing(database, zone, moment):
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE \"{name}\" SET timezone = '{zone}'")
    world = World()
    for number in range(8):
        world.run(f"r{number}", after=minutes(7 * number), took=minutes(8 + number))
    world.run("fresh", after=NOW - SINCE - minutes(29), took=None, status="processing")
    loose_postgres(database, world, moment=moment)
    asked = question(RAMP, ["m1"])
    counts = SqlWorkflowData(environment(), database).count(asked)
    assert summary_of(counts) == summary(world, asked)
    assert counts.freshness.watermark == NOW - minutes(29)
