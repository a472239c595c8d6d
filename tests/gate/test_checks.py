"""Each check of the whole, at its boundary and in its words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.gate.checks import evidence_runs, run_checks
from controller.gate.counts import Freshness, Uncounted
from controller.gate.report import CheckName
from tests.gate.builders import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    identity,
    pilot_counts,
    population,
    ramp_counts,
)

GONE = Uncounted("timed out")
MINUTE = timedelta(minutes=1)


def check(name, counts, policy=RAMP, now=NOW, soak=timedelta(0)):
    (found,) = [c for c in run_checks(policy, counts, now, soak) if c.name is name]
    return str(found.verdict), found.reason, found.needs


def test_the_order_is_the_order_of_evaluation():
    names = [c.name for c in run_checks(RAMP, ramp_counts(), NOW, timedelta(0))]
    assert names == list(CheckName)
    pilot = [c.name for c in run_checks(PILOT, pilot_counts(), NOW, timedelta(0))]
    assert pilot == [name for name in CheckName if name is not CheckName.MERCHANTS]


def test_policy():
    assert check(CheckName.POLICY, ramp_counts()) == ("pass", "The gate is sound.", "")
    broken = replace(RAMP, min_runs=0, min_merchants=0)
    assert check(CheckName.POLICY, ramp_counts(), broken) == (
        "error",
        (
            "The gate makes no sense: `min_runs` must be at least 1; `min_merchants` must be at "
            "least 1."
        ),
        "",
    )


@pytest.mark.parametrize(
    ("freshness", "verdict", "reason"),
    [
        (
            Freshness(NOW, None),
            "pass",
            "The newest run of any merchant is of 2026-11-23 08:00 UTC.",
        ),
        (Freshness(NOW - timedelta(hours=6), None), "pass", "The newest run"),
        (
            Freshness(NOW - timedelta(hours=6, seconds=1), None),
            "error",
            "is 6 h old, more than 6 h",
        ),
        (Freshness(NOW + 5 * MINUTE, None), "pass", "The newest run"),
        (Freshness(NOW + 6 * MINUTE, None), "error", "in the future: a clock is wrong"),
        (Freshness(None, None), "error", "There is no run of any merchant at all."),
        (Freshness(NOW, timedelta(hours=6)), "pass", "The newest run"),
        (Freshness(NOW, timedelta(hours=7)), "error", "The replica is 7 h behind."),
        (GONE, "error", "The age of the data could not be read: timed out."),
    ],
)
def test_freshness(freshness, verdict, reason):
    found = check(CheckName.FRESHNESS, ramp_counts(freshness=freshness))
    assert found[0] == verdict
    assert reason in found[1]


def test_data_from_before_the_phase_is_no_data_yet():
    counts = ramp_counts(freshness=Freshness(SINCE - MINUTE, None))
    assert check(CheckName.FRESHNESS, counts, now=SINCE + MINUTE) == (
        "insufficient_data",
        "The newest run of any merchant is of 2026-11-20 07:59 UTC, before the phase began.",
        "A first run since the phase began.",
    )
    at_once = ramp_counts(freshness=Freshness(SINCE, None))
    assert check(CheckName.FRESHNESS, at_once, now=SINCE + MINUTE)[0] == "pass"


@pytest.mark.parametrize(
    ("excluded", "policy", "verdict"),
    [
        ({}, RAMP, "pass"),
        ({"completed in 1948": 5}, RAMP, "pass"),
        ({"completed in 1948": 6}, RAMP, "warn"),
        ({"completed in 1948": 3, "completed next year": 3}, RAMP, "warn"),
        ({"completed in 1948": 1}, PILOT, "warn"),
    ],
)
def test_clocks(excluded, policy, verdict):
    counts = ramp_counts(population=population(100, excluded=excluded))
    assert check(CheckName.CLOCKS, counts, policy)[0] == verdict


def test_one_run_in_twenty_may_be_left_out():
    excluded = {"completed in 1948": 5}
    for matured, verdict in ((95, "pass"), (94, "warn")):
        counts = ramp_counts(population=population(matured, excluded=excluded))
        assert check(CheckName.CLOCKS, counts)[0] == verdict


def test_clocks_of_runs_that_could_not_be_counted():
    assert check(CheckName.CLOCKS, ramp_counts(population=GONE)) == (
        "error",
        "Not counted: timed out.",
        "",
    )


def test_excluded_runs_are_named_with_their_reasons():
    excluded = {"completed before created": 1, "created in 1948": 2}
    counts = ramp_counts(population=population(100, excluded=excluded))
    assert check(CheckName.CLOCKS, counts)[1] == (
        "3 runs of 103 left out as bad data: 1 completed before created, 2 created in 1948."
    )


def test_soak():
    assert check(CheckName.SOAK, ramp_counts(), now=SINCE + timedelta(hours=18, minutes=40)) == (
        "insufficient_data",
        "Applied for 18 h 40 min of 1 d.",
        "The soak is over at 2026-11-21 08:00 UTC, in about 6 hours.",
    )
    assert check(CheckName.SOAK, ramp_counts())[1] == "Applied for 3 d, at least 1 d."
    none = check(CheckName.SOAK, pilot_counts(), PILOT)
    assert none == ("pass", "Applied for 3 d; no soak is asked for.", "")
    assert check(CheckName.SOAK, ramp_counts(identity=GONE))[0] == "error"
    assert (
        check(CheckName.SOAK, ramp_counts(identity=identity("10%", 10, since=None)))[0] == "error"
    )
    assert check(CheckName.SOAK, pilot_counts(), PILOT, soak=timedelta(days=4))[0] == (
        "insufficient_data"
    )


def test_runs():
    counts = ramp_counts(population=population(19, pending=3))
    assert check(CheckName.RUNS, counts) == (
        "insufficient_data",
        "19 matured runs, 20 needed; 3 pending.",
        "1 more matured run.",
    )
    assert check(CheckName.RUNS, ramp_counts(20, 20))[:2] == ("pass", "20 matured runs, 20 needed.")
    assert check(CheckName.RUNS, ramp_counts(population=GONE))[0] == "error"


def test_in_a_ramp_only_the_first_runs_of_each_merchant_count():
    crowd = population(500, capped=19, merchants=10)
    assert evidence_runs(RAMP, crowd) == 19
    assert evidence_runs(PILOT, crowd) == 500
    assert check(CheckName.RUNS, ramp_counts(population=crowd))[0] == "insufficient_data"


def test_merchants():
    counts = ramp_counts(population=population(40, merchants=2))
    assert check(CheckName.MERCHANTS, counts) == (
        "insufficient_data",
        "2 merchants with a matured run, 4 needed.",
        "2 more merchants with a matured run.",
    )
    assert check(CheckName.MERCHANTS, ramp_counts(population=population(40, merchants=4)))[0] == (
        "pass"
    )
    assert check(CheckName.MERCHANTS, ramp_counts(population=GONE))[0] == "error"
