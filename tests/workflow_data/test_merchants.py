"""The best merchants of a million: SQL asks the same rules as the domain, on every engine."""

import importlib.util
import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.domain.candidates import (
    BY_ACTIVITY,
    Activity,
    CandidateRules,
    Fitness,
    MerchantActivity,
    by_activity,
    score,
)
from controller.domain.units import Percent
from controller.errors import DatabaseUnreachable, Refused
from controller.workflow_data.records import SqlRunRecords
from tests.workflow_data.engines import duckdb_file, loose_postgres
from tests.workflow_data.straightforward import TOLERANCE, outcome
from tests.workflow_data.world import NOW, Run, World, environment, minutes

needs_duckdb = pytest.mark.skipif(
    importlib.util.find_spec("duckdb_engine") is None, reason="duckdb-engine is not installed"
)
MERCHANTS = ("m1", "m2", "M3", "é4", "m5")
RULES = CandidateRules(runs_min=2, runs_max=4, busiest=Percent(4_000))
AGO = st.one_of(
    st.integers(0, 45 * 24 * 60).map(minutes),
    st.sampled_from(
        [
            timedelta(days=7),
            timedelta(days=30),
            timedelta(hours=4),
            timedelta(days=-400),
            -minutes(5),
        ]
    ),
)
TOOK = st.one_of(st.none(), st.integers(-1, 600).map(minutes), st.just(timedelta(hours=4)))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    for number in range(draw(st.integers(0, 25))):
        created, took = NOW - draw(AGO), draw(TOOK)
        world.runs.append(
            Run(
                f"r{number:02}",
                draw(st.sampled_from(MERCHANTS)),
                draw(st.sampled_from(["completed", "completed", "failed", "processing"])),
                draw(st.sampled_from([created] * 9 + [None])),
                None if took is None else created + took,
            )
        )
    return world


def plain(world: World, rules: CandidateRules) -> Activity:
    """The same by a loop over the runs."""
    runs = defaultdict(list)
    for run in world.runs:
        if run.created and NOW - rules.month <= run.created <= NOW + TOLERANCE:
            runs[run.merchant].append(run)
    found = [_activity(merchant, of_merchant, rules) for merchant, of_merchant in runs.items()]
    volumes = sorted({one.runs for one in found}, reverse=True)
    few = [
        volume
        for volume in volumes
        if sum(one.runs >= volume for one in found) * 10_000
        <= len(found) * rules.busiest.basis_points
    ]
    threshold = min(few, default=None)
    said = {one.merchant: by_activity(one, threshold, rules, NOW) for one in found}
    against = {m: sum(not holds for holds in reasons.values()) for m, reasons in said.items()}
    ordered = sorted(
        found, key=lambda o: (against[o.merchant], -score(o, rules), o.merchant.encode())
    )
    return Activity(
        merchants=len(found),
        fit=sum(not n for n in against.values()),
        broken={f: sum(not reasons[f] for reasons in said.values()) for f in BY_ACTIVITY},
        busiest_from=threshold,
        unknown_statuses=0,
        best=tuple(ordered),
    )


def _activity(merchant: str, runs: list[Run], rules: CandidateRules) -> MerchantActivity:
    fates = {run.id: outcome(run, NOW, rules.stuck_after) for run in runs}
    lately = [run for run in runs if run.created >= NOW - rules.trouble_free]
    took = [
        run.completed - run.created
        for run in runs
        if run.status == "completed"
        and run.completed
        and run.created <= run.completed <= NOW + TOLERANCE
    ]
    mean = sum(took, timedelta()) // len(took) if took else None
    return MerchantActivity(
        merchant=merchant,
        runs=len(runs),
        matured=sum(fate in {"done", "failed", "stuck"} for fate in fates.values()),
        good=sum(fate == "done" for fate in fates.values()),
        failed_lately=sum(fates[run.id] == "failed" for run in lately),
        stuck_lately=sum(fates[run.id] == "stuck" for run in lately),
        last_run=max(run.created for run in runs),
        mean_duration=mean,
    )


examples = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(worlds())
@examples
def test_postgresql_finds_what_a_loop_finds(database, world):
    loose_postgres(database, world)
    found = SqlRunRecords(environment(), database).activity(RULES, NOW, limit=100)
    assert found == replace(plain(world, RULES), best=found.best)
    assert sorted(found.best, key=lambda o: o.merchant) == sorted(
        plain(world, RULES).best, key=lambda o: o.merchant
    )


@needs_duckdb
@given(worlds())
@settings(examples, max_examples=15)
def test_duckdb_finds_what_a_loop_finds(tmp_path_factory, world):
    path = tmp_path_factory.getbasetemp() / f"{uuid.uuid4().hex}.duckdb"
    address = duckdb_file(str(path), world)
    records = SqlRunRecords(environment(), "postgresql://nowhere", address)
    found = records.activity(RULES, NOW, limit=100)
    assert replace(found, best=tuple(sorted(found.best, key=lambda o: o.merchant))) == replace(
        plain(world, RULES), best=tuple(sorted(plain(world, RULES).best, key=lambda o: o.merchant))
    )
    path.unlink()


@given(worlds(), st.integers(1, 4))
@settings(examples, max_examples=15)
def test_the_best_leave_the_database_and_the_totals_are_of_all(database, world, limit):
    loose_postgres(database, world)
    found = SqlRunRecords(environment(), database).activity(RULES, NOW, limit=limit)
    whole = plain(world, RULES)
    assert found.merchants == whole.merchants
    assert {o.merchant for o in found.best} == {o.merchant for o in whole.best[:limit]}
    assert found.complete is (limit >= whole.merchants)


def test_a_status_that_nobody_explained_is_refused(database):
    world = World()
    world.run("r1", status="paused")
    loose_postgres(database, world)
    with pytest.raises(Refused, match="1 runs are of a status") as caught:
        SqlRunRecords(environment(), database).activity(RULES, NOW, limit=5)
    assert "workflow_data" in caught.value.hint


def test_without_the_table_it_says_so(database):
    records = SqlRunRecords(environment(schema="nowhere"), database)
    with pytest.raises(Refused, match="cannot be read"):
        records.activity(RULES, NOW, limit=5)


def test_without_an_answer_it_is_unreachable():
    records = SqlRunRecords(environment(), "postgresql://127.0.0.1:1/db")
    with pytest.raises(DatabaseUnreachable):
        records.activity(RULES, NOW, limit=5)


def test_rules_are_boundaries_as_the_plan_says_them(database):
    """Above 80 %, not at it; from 5 to 20 runs; a week and a month to the microsecond."""
    world = World()
    for number in range(5):
        failed = "failed" if number == 4 else "completed"
        world.runs.append(
            Run(f"a{number}", "at", failed, NOW - timedelta(days=8), NOW - timedelta(days=8))
        )
        world.runs.append(
            Run(f"b{number}", "edge", "completed", NOW - timedelta(days=7), NOW - timedelta(days=7))
        )
    loose_postgres(database, world)
    found = SqlRunRecords(environment(), database).activity(CandidateRules(), NOW, limit=5)
    assert (found.broken[Fitness.RELIABLE], found.broken[Fitness.ACTIVE], found.fit) == (1, 1, 1)
