"""What a gate would do: to releases of known quality, in runs, and in days at today's traffic.

Asked when a policy is reviewed, not when a rollout is judged. A release of quality .90 is one in
which 90 % of the runs are good, independently, a bad run being bad by every measure; merchants that
differ among each other, the worst-merchant rule and counts that must be zero are left out. For a
sequential gate the figures are exact and count a look after every run; for a deterministic one they
are those of its first look.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from controller.domain.gate_policy import (
    CriterionMode,
    DeterministicGate,
    GatePolicy,
    SequentialGate,
)
from controller.domain.wording import counted
from controller.gate import policy_check, power, sequential, statistics, words
from controller.gate.stopping import Boundaries, outcomes, sequential_boundaries, together

QUALITIES: Final = (0.80, 0.85, 0.90, 0.95, 0.97, 0.99)
"""The true rates that are shown."""

MAX_HORIZON: Final = 2_000
"""Runs looked ahead. A floor of 99 % needs 449; the exact computation costs the square of it."""

_HALF_BROKEN: Final = 0.5
_USUAL: Final = (0.1, 0.9)
"""The share of passing releases between which "usually" lies."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a phase will have to be judged by.

    Attributes:
        merchants: In the cohort of the phase.
        runs_per_day: Of all of them together.
    """

    merchants: int
    runs_per_day: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What the gate does to a release of one quality.

    Attributes:
        quality: The true share of good runs.
        passes: The chance that it ever passes, within the horizon.
        fails: The chance that rollback is called for.
        usual_runs: If it passes: between which numbers of runs, in 8 of 10 cases.
        usual_wait: The same as time; None without traffic.
    """

    quality: float
    passes: float
    fails: float
    usual_runs: tuple[int, int] | None
    usual_wait: tuple[timedelta, timedelta] | None


class FlawKind(StrEnum):
    """Why a gate is of no use."""

    SENSELESS = "senseless"
    NEVER_PASSES = "never_passes"
    TOO_SLOW = "too_slow"
    ALWAYS_PASSES = "always_passes"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One reason not to accept a gate, with the figures and what to change."""

    kind: FlawKind
    message: str


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What a gate would do.

    Attributes:
        horizon: How many runs were looked ahead.
        fewest_runs: That can pass, all of them good; None where no number within the horizon can.
        points: By quality, rising.
        by_criterion: The same for each deciding criterion alone.
    """

    gate: str
    horizon: int
    fewest_runs: int | None
    points: tuple[OperatingPoint, ...]
    by_criterion: tuple[tuple[str, tuple[OperatingPoint, ...]], ...]
    flaws: tuple[Flaw, ...]


def characteristics(
    policy: GatePolicy,
    traffic: Traffic | None = None,
    *,
    phase_soak: timedelta = timedelta(0),
    qualities: Sequence[float] = QUALITIES,
) -> Characteristics:
    """Compute what a gate would do, and what is wrong with it.

    Args:
        policy: The gate.
        traffic: Without it there are no times, and no flaws that come from a small phase.
        phase_soak: The phase's own soak; the longer of it and the gate's counts.
        qualities: True rates to compute it for, rising.
    """
    if found := policy_check.problems(policy):
        flaws = tuple(Flaw(FlawKind.SENSELESS, text) for text in found)
        return Characteristics(policy.name, 0, None, (), (), flaws)
    if isinstance(policy, DeterministicGate):
        return _of_deterministic(policy, traffic, phase_soak, qualities)
    return _of_sequential(policy, traffic, phase_soak, qualities)


def summary(result: Characteristics) -> str:
    """The gist in one sentence, for a comment on the change of a policy."""
    if not result.points:
        return "; ".join(flaw.message for flaw in result.flaws)
    worst, best = result.points[0], result.points[-1]
    text = (
        f"passes a {words.whole_percent(1 - worst.quality)}-broken release with probability "
        f"{words.probability(worst.passes)}; passes a {words.whole_percent(best.quality)} release "
        f"with {words.probability(best.passes)}"
    )
    if best.usual_wait:
        soonest, latest = (words.duration(wait) for wait in best.usual_wait)
        usual = soonest if soonest == latest else f"{soonest} to {latest}"
        text += f", usually in {usual} at your traffic"
    if result.fewest_runs is not None:
        text += f"; needs at least {counted(result.fewest_runs, 'run')}"
    return text


def _of_sequential(
    policy: SequentialGate,
    traffic: Traffic | None,
    phase_soak: timedelta,
    qualities: Sequence[float],
) -> Characteristics:
    horizon = _horizon(policy, traffic)
    rules = _boundaries(policy, horizon)
    whole = together(rules.values(), min_runs=policy.min_runs)
    soak = max(policy.timing.soak_min, phase_soak)
    return Characteristics(
        policy.name,
        horizon,
        whole.fewest_runs,
        _points(whole, qualities, traffic, soak),
        tuple(
            (name, _points(together([rule], min_runs=policy.min_runs), qualities, traffic, soak))
            for name, rule in rules.items()
        ),
        _sequential_flaws(policy, traffic, whole),
    )


def _horizon(policy: SequentialGate, traffic: Traffic | None) -> int:
    if traffic is None:
        return MAX_HORIZON
    return max(1, min(MAX_HORIZON, traffic.merchants * policy.runs_per_merchant))


def _boundaries(policy: SequentialGate, horizon: int) -> dict[str, Boundaries]:
    alpha = sequential.error_rates(policy)
    return {
        criterion.name: sequential_boundaries(
            criterion.floor,
            criterion.target,
            alpha_pass=alpha.passing,
            alpha_fail=alpha.failing,
            horizon=horizon,
        )
        for criterion in policy.criteria
        if criterion.mode is CriterionMode.DECIDE
    }


def _points(
    rule: Boundaries, qualities: Sequence[float], traffic: Traffic | None, soak: timedelta
) -> tuple[OperatingPoint, ...]:
    points = []
    for outcome in outcomes(rule, qualities):
        low, high = (outcome.runs_to_pass(share) for share in _USUAL)
        usual = (low, high) if low is not None and high is not None else None
        wait = usual and traffic and _wait(usual, traffic, soak)
        points.append(
            OperatingPoint(outcome.rate, outcome.passes, outcome.fails, usual, wait or None)
        )
    return tuple(points)


def _wait(
    runs: tuple[int, int], traffic: Traffic, soak: timedelta
) -> tuple[timedelta, timedelta] | None:
    if traffic.runs_per_day <= 0:
        return None
    soonest, latest = (max(soak, timedelta(days=n / traffic.runs_per_day)) for n in runs)
    return soonest, latest


def _sequential_flaws(
    policy: SequentialGate, traffic: Traffic | None, rule: Boundaries
) -> tuple[Flaw, ...]:
    flaws = []
    if traffic and traffic.merchants < policy.min_merchants:
        flaws.append(
            Flaw(
                FlawKind.NEVER_PASSES,
                f"it can never pass: `min_merchants` is {policy.min_merchants}, and the phase has "
                f"{counted(traffic.merchants, 'merchant')}",
            )
        )
    if rule.fewest_runs is None:
        flaws.append(Flaw(FlawKind.NEVER_PASSES, _never(policy, traffic, rule)))
    elif traffic:
        flaws += _too_slow(policy, traffic, rule.fewest_runs)
    half_broken = power.chance_to_pass(policy, _HALF_BROKEN)
    if half_broken > _HALF_BROKEN:
        flaws.append(
            Flaw(
                FlawKind.ALWAYS_PASSES,
                "it passes everything: a release in which half of all runs are bad passes with "
                f"probability {words.probability(half_broken)}; raise the floors",
            )
        )
    return tuple(flaws)


def _never(policy: SequentialGate, traffic: Traffic | None, rule: Boundaries) -> str:
    reach = counted(rule.horizon, "run")
    needed = power.runs_needed(policy)
    runs = f"{needed:,}" if needed else f"more than {power.REACHABLE_RUNS:,}"
    if traffic is None or rule.horizon == MAX_HORIZON:
        return (
            f"it cannot pass within {reach}, all of them good, because it needs {runs}: lower the "
            "highest floor"
        )
    return (
        f"it can never pass: it needs {runs} good runs, and at most {reach} count "
        f"({policy.runs_per_merchant} of each of {counted(traffic.merchants, 'merchant')}); "
        "widen the phase, raise `runs_per_merchant` or lower the floors"
    )


def _too_slow(policy: GatePolicy, traffic: Traffic, runs: int) -> list[Flaw]:
    wait = policy.timing.max_wait
    if traffic.runs_per_day > 0 and runs / traffic.runs_per_day <= wait / timedelta(days=1):
        return []
    message = (
        f"it cannot pass in time: {counted(runs, 'run')} are needed, `max_wait` is "
        f"{words.duration(wait)}, and there are {traffic.runs_per_day:.3g} runs a day"
    )
    return [Flaw(FlawKind.TOO_SLOW, message)]


def _of_deterministic(
    policy: DeterministicGate,
    traffic: Traffic | None,
    phase_soak: timedelta,
    qualities: Sequence[float],
) -> Characteristics:
    runs, soak = policy.min_runs, max(policy.timing.soak_min, phase_soak)
    wait = _wait((runs, runs), traffic, soak) if traffic else None
    points = tuple(
        OperatingPoint(
            quality,
            quality**runs,
            # Rollback: at least so many bad runs among the first.
            math.exp(statistics.log_sf(policy.failed_rollback - 1, runs, 1.0 - quality)),
            (runs, runs),
            wait,
        )
        for quality in qualities
    )
    flaws = _too_slow(policy, traffic, runs) if traffic else []
    if not policy.duration_proceed:
        flaws.append(Flaw(FlawKind.NEVER_PASSES, "it can never pass: no run takes no time at all"))
    return Characteristics(policy.name, runs, runs, points, (), tuple(flaws))
