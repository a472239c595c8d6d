"""Spark SQL, through its Thrift server, counts what a plain loop counts."""

import importlib.util
import shutil
from datetime import timedelta

import pytest

from controller.workflow_data.sql import SqlWorkflowData
from tests.workflow_data.straightforward import summary, summary_of
from tests.workflow_data.world import NOW, PILOT, RAMP, SINCE, World, environment, minutes, question

_INSTALLED = all(importlib.util.find_spec(name) for name in ("pyspark", "pyhive"))
pytestmark = [
    pytest.mark.skipif(
        not (_INSTALLED and shutil.which("java")),
        reason="needs Java and requirements/spark.txt (450 MB)",
    ),
    # PyHive leaves the last socket of a session to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def world():
    world = World()
    for number in range(7):
        run = world.run(f"r{number}", "m1" if number < 5 else "m2", took=minutes(4 + 3 * number))
        order = world.order(run.id, total="30.00" if number else "-1.00")
        for amount in ("10.00", "20.00"):
            world.item(order, amount)
    world.order("r1")
    world.run("untreated", "m3")
    world.run("pending", after=NOW - SINCE - minutes(5), took=None, status="processing")
    world.run("stuck", after=minutes(5), took=None, status="processing")
    world.run("failed", status="failed")
    world.run("backwards", took=minutes(-3))
    world.run("late", took=minutes(50))
    for number in range(5):
        world.run(f"before{number}", after=-timedelta(days=number + 1), took=minutes(38 + number))
    return world


@pytest.fixture(scope="module")
def data(tmp_path_factory, world):
    from tests.workflow_data.spark_server import load, thrift_server  # noqa: PLC0415 -- see above

    with thrift_server(tmp_path_factory.mktemp("spark")) as address:
        load(address, world)
        yield SqlWorkflowData(environment(), "postgresql://nowhere", address)


@pytest.mark.parametrize("policy", [RAMP, PILOT], ids=["ramp", "pilot"])
def test_spark_counts_what_a_loop_counts(data, world, policy):
    asked = question(policy, ["m1", "m2"])
    assert summary_of(data.count(asked)) == summary(world, asked)


def test_spark_finds_the_same_median(data):
    baseline = data.measure_baseline(question(PILOT, ["m1"]))
    assert (baseline.durations, baseline.median_bound) == (5, minutes(38))


def test_spark_says_in_one_sentence_what_is_wrong(data):
    broken = SqlWorkflowData(
        environment(tables={"run": "Nowhere", "order": "PurchaseOrder", "line_item": "LineItem"}),
        "postgresql://nowhere",
        str(data._runs.engine.url),
    )
    reason = broken.count(question(RAMP, ["m1"])).rates["completed"].reason
    assert "Nowhere" in reason
    assert len(reason) < 500
