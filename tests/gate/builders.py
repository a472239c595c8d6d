"""Policies and counts to begin a test with: a healthy rollout, of which one thing is changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from controller.domain.gate_policy import (
    Criterion,
    CriterionMode,
    DeterministicGate,
    GateTiming,
    SequentialGate,
    Waiver,
    WorstMerchant,
)
from controller.domain.units import Percent
from controller.gate import baseline
from controller.gate.counts import (
    Baseline,
    BaselineSource,
    Durations,
    Freshness,
    GateCounts,
    Identity,
    MerchantTally,
    Population,
    Produced,
    RateCount,
    Tally,
    TotalCount,
    Uncounted,
    WorstMerchantCount,
)

SINCE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NOW = SINCE + timedelta(days=3)
TIMING = GateTiming(
    soak_min=timedelta(hours=24),
    outcome_deadline=timedelta(minutes=30),
    max_staleness=timedelta(hours=6),
    max_wait=timedelta(days=14),
)


def percent(value: float) -> Percent:
    return Percent(round(value * 100))


PILOT = DeterministicGate(
    name="pilot",
    timing=replace(TIMING, soak_min=timedelta(0)),
    min_runs=1,
    duration_proceed=timedelta(minutes=10),
    duration_fix_minor=timedelta(minutes=30),
    failed_rollback=1,
    stuck_rollback=1,
    require=(
        "purchase_order_created",
        "line_items_extracted",
        "data_complete",
        "shopify_synced",
    ),
    never=("duplicate_orders", "corrupted"),
)

RAMP = SequentialGate(
    name="ramp",
    timing=TIMING,
    min_runs=20,
    min_merchants=4,
    runs_per_merchant=10,
    criteria=(
        Criterion("completed", percent(95), percent(85)),
        Criterion("on_time", percent(95), percent(85), within=timedelta(minutes=10)),
        Criterion(
            "faster_than_baseline", percent(50), percent(50), ratio=0.5, mode=CriterionMode.INFORM
        ),
    ),
    never=("duplicate_orders", "corrupted"),
    worst_merchant=WorstMerchant("completed", min_runs=3, fix_minor_below=percent(70)),
    alpha_pass=0.05,
    alpha_fail=0.05,
)


def ramp_of(**criteria: tuple[float, float]) -> SequentialGate:
    """A ramp with these criteria only, as (target, floor) in percent, and no other rule."""
    return replace(
        RAMP,
        criteria=tuple(
            Criterion(name, percent(target), percent(floor))
            for name, (target, floor) in criteria.items()
        ),
        worst_merchant=None,
        min_merchants=1,
        min_runs=1,
    )


def rate(
    good: int,
    matured: int,
    *,
    capped: tuple[int, int] | None = None,
    merchants: int = 10,
    worst: MerchantTally | None = None,
) -> RateCount:
    """A measure; all runs are evidence to pass unless `capped` says otherwise."""
    merchants = min(merchants, matured)
    if worst is None and matured:
        share = -(-good * 3 // matured)
        worst = MerchantTally("m-worst", Tally(min(good, share), min(matured, 3)))
    return RateCount(
        all_runs=Tally(good, matured),
        capped=Tally(*(capped or (good, matured))),
        merchants=merchants,
        worst=WorstMerchantCount(1 if worst else 0, worst),
        query="select 1",
    )


def population(matured: int, *, merchants: int = 10, **changes: Any) -> Population:
    whole = Population(
        matured=matured,
        capped=matured,
        merchants=min(merchants, matured),
        pending=0,
        excluded={},
        recent=min(matured, 24),
        recent_window=timedelta(hours=24),
    )
    return replace(whole, **changes)


def identity(phase: str, merchants: int, **changes: Any) -> Identity:
    whole = Identity(
        phase_applied=phase,
        since=SINCE,
        halted=None,
        cohort_recorded=merchants,
        cohort_found=merchants,
        missing=0,
        extra=0,
        cohort_counted=merchants,
    )
    return replace(whole, **changes)


BASELINE = baseline.frozen(
    Baseline(
        source=BaselineSource.SAME_MERCHANTS,
        starts=SINCE - timedelta(days=60),
        ends=SINCE,
        merchants=10,
        completed=Tally(196, 200),
        durations=196,
        median_bound=timedelta(minutes=38),
        measured_at=SINCE,
        hash="",
    )
)


def counts_of(
    rates: Mapping[str, RateCount | Uncounted],
    matured: int,
    *,
    phase: str,
    merchants: int = 10,
    **changes: Any,
) -> GateCounts:
    """Counts in which nothing is wrong but the rates that are given."""
    whole = GateCounts(
        environment="production",
        flag="sequential_workflow",
        phase=phase,
        identity=identity(phase, merchants),
        freshness=Freshness(watermark=NOW - timedelta(minutes=20), replica_lag=None),
        population=population(matured, merchants=merchants),
        rates=rates,
        totals={
            name: TotalCount(0) for name in ("failed", "stuck", "duplicate_orders", "corrupted")
        },
        durations=Uncounted("not asked for"),
        baseline=BASELINE,
        untreated=Tally(97, 100),
    )
    return replace(whole, **changes)


def ramp_counts(good: int = 100, matured: int = 100, **changes: Any) -> GateCounts:
    """A ramp whose deciding criteria all have the same counts."""
    rates = {name: rate(good, matured) for name in ("completed", "on_time", "faster_than_baseline")}
    return replace(counts_of(rates, matured, phase="10%"), **changes)


def pilot_counts(
    runs: int = 5,
    *,
    worst: timedelta = timedelta(minutes=4, seconds=10),
    failed: int = 0,
    stuck: int = 0,
    incomplete: Mapping[str, int] | None = None,
    **changes: Any,
) -> GateCounts:
    """A pilot with this many matured runs of one merchant; the others took four minutes."""
    completed = runs - failed - stuck
    slow = int(worst > PILOT.duration_proceed)
    rates = {
        name: rate(completed - (incomplete or {}).get(name, 0), completed, merchants=1)
        for name in PILOT.require
    }
    durations = Durations(
        runs=completed,
        within=max(0, completed - slow),
        worst=worst if completed else None,
        worst_run="run-1" if completed else None,
        median=min(worst, timedelta(minutes=4)) if completed else None,
    )
    produced = Produced(orders=completed, line_items=3 * completed)
    whole = counts_of(
        rates, runs, phase="pilot", merchants=1, durations=durations, produced=produced
    )
    totals = {**whole.totals, "failed": TotalCount(failed), "stuck": TotalCount(stuck)}
    return replace(whole, **({"totals": totals} | changes))


def waiver(criterion: str, **changes: Any) -> Waiver:
    whole = Waiver(
        flag="sequential_workflow",
        phase="10%",
        criterion=criterion,
        reason="the ERP of two merchants is down",
        approved_by="@acme/workflow-team",
        expires=date(2026, 12, 1),
    )
    return replace(whole, **changes)
