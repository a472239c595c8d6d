"""What is asked of the whole before and beside its criteria, in the order of evaluation.

First whether the gate makes sense and the counts are those of the rollout, then whether they are
new and clean enough, at the end the patience: soak, runs, merchants.
"""

from datetime import datetime, timedelta
from typing import Final

from controller.domain.gate_policy import DeterministicGate, GatePolicy, SequentialGate
from controller.domain.instants import format_instant
from controller.domain.wording import counted
from controller.gate import policy_check, words
from controller.gate.counts import Freshness, GateCounts, Population, Uncounted
from controller.gate.identity import check_identity, since_of
from controller.gate.report import Check, CheckName
from controller.gate.verdict import CriterionVerdict

_CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""Data may be this much newer than the clock that judges it, before the clocks are distrusted."""

_MOST_EXCLUDED: Final = 0.05
"""A larger share of runs with impossible time stamps is more than a blemish."""

_PASS, _WARN = CriterionVerdict.PASS, CriterionVerdict.WARN
_ERROR, _TOO_EARLY = CriterionVerdict.ERROR, CriterionVerdict.INSUFFICIENT_DATA


def run_checks(
    policy: GatePolicy, counts: GateCounts, now: datetime, phase_soak: timedelta
) -> tuple[Check, ...]:
    """Every check of the whole, whether it passes or not."""
    return (
        _policy(policy),
        check_identity(counts, now),
        _freshness(policy, counts, now),
        _clocks(policy, counts),
        _soak(policy, counts, now, phase_soak),
        _runs(policy, counts),
        *((_merchants(policy, counts),) if isinstance(policy, SequentialGate) else ()),
    )


def _policy(policy: GatePolicy) -> Check:
    found = policy_check.problems(policy)
    if found:
        return Check(CheckName.POLICY, _ERROR, f"The gate makes no sense: {'; '.join(found)}.")
    return Check(CheckName.POLICY, _PASS, "The gate is sound.")


def _freshness(policy: GatePolicy, counts: GateCounts, now: datetime) -> Check:
    if isinstance(counts.freshness, Uncounted):
        reason = f"The age of the data could not be read: {counts.freshness.reason}."
        return Check(CheckName.FRESHNESS, _ERROR, reason)
    watermark = counts.freshness.watermark
    if watermark is None:
        return Check(CheckName.FRESHNESS, _ERROR, "There is no run of any merchant at all.")
    stale = _stale(policy, counts.freshness, watermark, now)
    if stale:
        return Check(CheckName.FRESHNESS, _ERROR, stale)
    newest = f"The newest run of any merchant is of {format_instant(watermark)}"
    since = since_of(counts)
    if since is not None and watermark < since:
        reason = f"{newest}, before the phase began."
        return Check(CheckName.FRESHNESS, _TOO_EARLY, reason, "A first run since the phase began.")
    return Check(CheckName.FRESHNESS, _PASS, f"{newest}.")


def _stale(
    policy: GatePolicy, freshness: Freshness, watermark: datetime, now: datetime
) -> str | None:
    limit = policy.timing.max_staleness
    if watermark > now + _CLOCK_TOLERANCE:
        return f"The newest run is of {format_instant(watermark)}, in the future: a clock is wrong."
    if now - watermark > limit:
        return (
            f"The newest run of any merchant is {words.duration(now - watermark)} old, more than "
            f"{words.duration(limit)}: is the data still being written, and copied here?"
        )
    if freshness.replica_lag is not None and freshness.replica_lag > limit:
        return f"The replica is {words.duration(freshness.replica_lag)} behind."
    return None


def _clocks(policy: GatePolicy, counts: GateCounts) -> Check:
    population = counts.population
    if isinstance(population, Uncounted):
        return Check(CheckName.CLOCKS, _ERROR, f"Not counted: {population.reason}.")
    excluded, considered = population.excluded_runs, population.excluded_runs + population.matured
    if excluded == 0:
        return Check(CheckName.CLOCKS, _PASS, "No run is left out.")
    reasons = ", ".join(f"{runs} {why}" for why, runs in sorted(population.excluded.items()))
    found = f"{counted(excluded, 'run')} of {considered:,} left out as bad data: {reasons}."
    # A pilot has so few runs that one it cannot judge matters.
    allowed = 0 if isinstance(policy, DeterministicGate) else _MOST_EXCLUDED * considered
    return Check(CheckName.CLOCKS, _WARN if excluded > allowed else _PASS, found)


def _soak(policy: GatePolicy, counts: GateCounts, now: datetime, phase_soak: timedelta) -> Check:
    since = since_of(counts)
    if since is None:
        return Check(CheckName.SOAK, _ERROR, "It is not known when the phase began.")
    soak = max(policy.timing.soak_min, phase_soak)
    applied = f"Applied for {words.duration(max(timedelta(0), now - since))}"
    if not soak:
        return Check(CheckName.SOAK, _PASS, f"{applied}; no soak is asked for.")
    if now - since >= soak:
        return Check(CheckName.SOAK, _PASS, f"{applied}, at least {words.duration(soak)}.")
    over = (
        f"The soak is over at {format_instant(since + soak)}, in {words.about(since + soak - now)}."
    )
    return Check(CheckName.SOAK, _TOO_EARLY, f"{applied} of {words.duration(soak)}.", over)


def _runs(policy: GatePolicy, counts: GateCounts) -> Check:
    population = counts.population
    if isinstance(population, Uncounted):
        return Check(CheckName.RUNS, _ERROR, f"Not counted: {population.reason}.")
    runs = evidence_runs(policy, population)
    pending = f"; {population.pending:,} pending" if population.pending else ""
    found = f"{counted(runs, 'matured run')}, {policy.min_runs:,} needed{pending}."
    if runs >= policy.min_runs:
        return Check(CheckName.RUNS, _PASS, found)
    needs = f"{counted(policy.min_runs - runs, 'more matured run')}."
    return Check(CheckName.RUNS, _TOO_EARLY, found, needs)


def evidence_runs(policy: GatePolicy, population: Population) -> int:
    """The runs that count towards `min_runs`: in a sequential gate the first of each merchant."""
    return population.capped if isinstance(policy, SequentialGate) else population.matured


def _merchants(policy: SequentialGate, counts: GateCounts) -> Check:
    population = counts.population
    if isinstance(population, Uncounted):
        return Check(CheckName.MERCHANTS, _ERROR, f"Not counted: {population.reason}.")
    merchants, least = population.merchants, policy.min_merchants
    found = f"{counted(merchants, 'merchant')} with a matured run, {least:,} needed."
    if merchants >= least:
        return Check(CheckName.MERCHANTS, _PASS, found)
    needs = f"{counted(least - merchants, 'more merchant')} with a matured run."
    return Check(CheckName.MERCHANTS, _TOO_EARLY, found, needs)
