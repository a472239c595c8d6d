"""Counts that cannot be true are not counts: each becomes an `Uncounted` that says so.

The first step of a judgement. Everything behind it may rely on whole numbers, on times with a zone,
on parts that are no larger than their whole. Rows multiplied by a join, a NULL that became None, a
NaN, a database that answers in decimals: none of it may reach the arithmetic, where it could come
out as a pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from controller.gate import baseline as baselines
from controller.gate.counts import (
    Baseline,
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

Part = TypeVar("Part")


def vetted(counts: GateCounts) -> GateCounts:
    """The same counts, with an `Uncounted` in the place of everything that cannot be true."""
    identity = _vet(counts.identity, Identity, _identity)
    population = _vet(counts.population, Population, lambda p: _population(p, identity))
    freshness = _vet(counts.freshness, Freshness, _freshness)
    rates = _vet_all(counts.rates, RateCount, lambda r: _rate(r, population))
    totals = _vet_all(counts.totals, TotalCount, _total)
    durations = _vet(counts.durations, Durations, lambda d: _durations(d, population))
    baseline = _vet(counts.baseline, Baseline, _baseline)
    untreated = _vet(counts.untreated, Tally, _tally)
    produced = counts.produced
    if produced is not None:
        produced = _vet(produced, Produced, _produced)
    return replace(
        counts,
        identity=identity,
        freshness=freshness,
        population=population,
        rates=rates,
        totals=totals,
        durations=durations,
        baseline=baseline,
        untreated=untreated,
        produced=produced,
    )


def _vet(part: object, kind: type[Part], problem: Callable[[Part], str | None]) -> Part | Uncounted:
    if isinstance(part, Uncounted):
        return part
    if not isinstance(part, kind):
        return Uncounted(f"nothing usable was delivered, but {part!r}")
    found = problem(part)
    return part if found is None else Uncounted(found)


def _vet_all(
    parts: Mapping[str, Part | Uncounted], kind: type[Part], problem: Callable[[Part], str | None]
) -> dict[str, Part | Uncounted]:
    sound: dict[str, Part | Uncounted] = {}
    for name, part in parts.items():
        vetted_part = _vet(part, kind, problem)
        sound[name] = vetted_part
    return sound


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0  # not bool, not a float or decimal that looks whole


def _not_counts(**values: object) -> str | None:
    wrong = [f"{name} is {value!r}" for name, value in values.items() if not _is_count(value)]
    return f"not a count: {', '.join(wrong)}" if wrong else None


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_length(value: object) -> bool:
    return isinstance(value, timedelta) and value >= timedelta(0)


def _tally(tally: object) -> str | None:
    if not isinstance(tally, Tally):
        return f"not a tally: {tally!r}"
    found = _not_counts(good=tally.good, matured=tally.matured)
    if found is None and tally.good > tally.matured:
        found = f"{tally.good} good of {tally.matured} runs is impossible"
    return found


def _within(part: Tally, whole: Tally) -> bool:
    return part.good <= whole.good and part.bad <= whole.bad


def _rate(count: RateCount, population: Population | Uncounted) -> str | None:
    found = _tally(count.all_runs) or _tally(count.capped) or _not_counts(merchants=count.merchants)
    if found:
        return found
    if not _within(count.capped, count.all_runs):
        return "the capped runs are not among all runs"
    if (count.merchants == 0) != (count.all_runs.matured == 0):
        return f"{count.all_runs.matured} runs of {count.merchants} merchants is impossible"
    if count.merchants > count.all_runs.matured:
        return f"{count.merchants} merchants with {count.all_runs.matured} runs is impossible"
    return _worst_merchant(count.worst, count) or _fan_out(count, population)


def _worst_merchant(worst: object, count: RateCount) -> str | None:
    if not isinstance(worst, WorstMerchantCount):
        return f"the worst merchant was not looked for: {worst!r}"
    found = _not_counts(considered=worst.considered)
    if found or (worst.worst is None and worst.considered == 0):
        return found
    if not isinstance(worst.worst, MerchantTally) or not 0 < worst.considered <= count.merchants:
        return (
            f"{worst.considered} of {count.merchants} merchants considered, {worst.worst!r} found"
        )
    found = _tally(worst.worst.tally)
    if found is None and not _within(worst.worst.tally, count.all_runs):
        found = "the worst merchant's runs are not among all runs"
    return found


def _fan_out(count: RateCount, population: Population | Uncounted) -> str | None:
    if isinstance(population, Uncounted):
        return None  # the check of the runs reports it
    if (
        count.all_runs.matured > population.matured
        or count.capped.matured > population.capped
        or count.merchants > population.merchants
    ):
        return (
            f"{count.all_runs.matured} runs were counted where only {population.matured} have "
            "matured: does a join multiply rows?"
        )
    return None


def _total(total: TotalCount) -> str | None:
    return _not_counts(count=total.count)


def _population(population: Population, identity: Identity | Uncounted) -> str | None:
    found = _not_counts(
        matured=population.matured,
        capped=population.capped,
        merchants=population.merchants,
        pending=population.pending,
        recent=population.recent,
        **{f"excluded ({reason})": runs for reason, runs in population.excluded.items()},
    )
    if found or not _is_length(population.recent_window):
        return found or f"not a length of time: {population.recent_window!r}"
    if isinstance(identity, Identity) and population.merchants > identity.cohort_counted:
        return f"{population.merchants} merchants in a cohort of {identity.cohort_counted}"
    return _impossible(population)


def _impossible(population: Population) -> str | None:
    """What cannot be of runs and merchants, however many there are."""
    if not population.recent <= population.capped <= population.matured:
        return (
            f"{population.recent} recent of {population.capped} capped of {population.matured} "
            "matured runs is impossible"
        )
    if not population.merchants <= population.capped:
        return f"{population.merchants} merchants with {population.capped} runs is impossible"
    if population.matured and not population.merchants:
        return f"{population.matured} runs of no merchant is impossible"
    return None


def _durations(durations: Durations, population: Population | Uncounted) -> str | None:
    found = _not_counts(runs=durations.runs, within=durations.within)
    if found:
        return found
    if durations.within > durations.runs:
        return f"{durations.within} quick runs of {durations.runs} is impossible"
    if (durations.worst is None) != (durations.runs == 0):
        return f"{durations.runs} durations of which the longest is {durations.worst!r}"
    if durations.worst is not None and not _is_length(durations.worst):
        return f"the longest duration is {durations.worst!r}"
    if isinstance(population, Population) and durations.runs > population.matured:
        return f"{durations.runs} durations of {population.matured} matured runs is impossible"
    return _median(durations.median, durations.worst)


def _median(median: timedelta | None, worst: timedelta | None) -> str | None:
    if median is None or (_is_length(median) and worst is not None and median <= worst):
        return None
    return f"half of the durations are at most {median!r}, and the longest is {worst!r}"


def _produced(produced: Produced) -> str | None:
    found = _not_counts(orders=produced.orders, line_items=produced.line_items)
    if found is None and produced.line_items and not produced.orders:
        found = f"{produced.line_items} line items of no order is impossible"
    return found


def _identity(identity: Identity) -> str | None:
    found = _not_counts(
        cohort_recorded=identity.cohort_recorded,
        cohort_found=identity.cohort_found,
        missing=identity.missing,
        extra=identity.extra,
        cohort_counted=identity.cohort_counted,
    )
    if found is None and identity.since is not None and not _is_moment(identity.since):
        found = f"the beginning of the phase has no zone: {identity.since!r}"
    return found


def _freshness(freshness: Freshness) -> str | None:
    if freshness.watermark is not None and not _is_moment(freshness.watermark):
        return f"the newest run's time has no zone: {freshness.watermark!r}"
    if freshness.replica_lag is not None and not _is_length(freshness.replica_lag):
        return f"the replica's lag is {freshness.replica_lag!r}"
    return None


def _baseline(baseline: Baseline) -> str | None:
    found = _tally(baseline.completed) or _not_counts(
        merchants=baseline.merchants, durations=baseline.durations
    )
    if found is None and not all(
        _is_moment(at) for at in (baseline.starts, baseline.ends, baseline.measured_at)
    ):
        found = "a time of the baseline has no zone"
    if found is None and baseline.median_bound is not None:
        found = None if _is_length(baseline.median_bound) else "its median is not a length of time"
    if found is None and not baselines.is_intact(baseline):
        found = "the stored baseline is not the one that was frozen: its hash differs"
    return found
