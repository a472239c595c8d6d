"""A verdict on 10,000 runs, and what it costs to say in advance what a gate would do."""

from datetime import UTC, datetime, timedelta

from benchmarks.result import Result, below
from benchmarks.timing import medians, timed
from benchmarks.workbench import Workbench
from controller.domain.gate_policy import Criterion, GateTiming, SequentialGate
from controller.domain.units import Percent
from controller.gate import statistics, stopping
from controller.gate.characteristics import characteristics
from controller.gate.counts import (
    Freshness,
    GateCounts,
    Identity,
    Population,
    RateCount,
    Tally,
    TotalCount,
    Uncounted,
    WorstMerchantCount,
)
from controller.gate.judge import judge

_SINCE = datetime(2026, 11, 20, tzinfo=UTC)
NOW = _SINCE + timedelta(days=3)
_RUNS = 10_000
POLICY = SequentialGate(
    name="ramp",
    timing=GateTiming(
        soak_min=timedelta(days=1),
        outcome_deadline=timedelta(minutes=30),
        max_staleness=timedelta(days=1),
        max_wait=timedelta(days=14),
    ),
    min_runs=20,
    min_merchants=4,
    runs_per_merchant=10,
    criteria=tuple(
        Criterion(name, Percent(9_500), Percent(8_500))
        for name in ("completed", "on_time", "data_complete", "shopify_synced", "own_measure")
    ),
    never=("corrupted", "duplicate_orders"),
    worst_merchant=None,
    alpha_pass=0.05,
    alpha_fail=0.05,
)


def run(bench: Workbench) -> list[Result]:
    """Five criteria at once, undecided ones: those take the longest."""
    ten_thousand = counts()
    found = medians(
        {
            "verdict": lambda: timed(lambda: _judge(ten_thousand)),
            "characteristics": lambda: timed(_characteristics),
        },
        bench.rounds(9),
    )
    return [
        below("a verdict on 10,000 runs, 5 criteria", found["verdict"], " s", 0.05),
        below("a gate's characteristics over 2,000 runs", found["characteristics"], " s", None),
    ]


def _judge(counts: GateCounts) -> None:
    statistics.lower_limit.cache_clear()
    judge(POLICY, counts, (), NOW)


def _characteristics() -> None:
    stopping.evidence_boundary.cache_clear()
    characteristics(POLICY)


def counts() -> GateCounts:
    """What 10,000 runs of a rollout came to, with a sixth of them bad."""
    merchants = _RUNS // POLICY.runs_per_merchant
    rates = {}
    for bad, criterion in enumerate(POLICY.criteria, start=1_400):
        tally = Tally(_RUNS - bad, _RUNS)
        rates[criterion.name] = RateCount(tally, tally, merchants, WorstMerchantCount(0, None))
    return GateCounts(
        environment="production",
        flag="sequential_workflow",
        phase="10%",
        identity=Identity("10%", _SINCE, None, merchants, merchants, 0, 0, merchants),
        freshness=Freshness(NOW, None),
        population=Population(_RUNS, _RUNS, merchants, 0, {}, 100, timedelta(days=1)),
        rates=rates,
        totals={name: TotalCount(0) for name in POLICY.never},
        durations=Uncounted("not asked for"),
        baseline=Uncounted("not measured"),
        untreated=Tally(97, 100),
    )
