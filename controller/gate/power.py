"""What a sequential gate can decide at all: from its text alone, without data and without traffic.

Beside the way of a change: `controller.config` asks this of every gate that a file describes, so
that a gate which can never pass, or which passes anything, is a problem of the file. The figures of
`characteristics.py` go further and cost more; validation has milliseconds.
"""

import math
from functools import lru_cache
from typing import Final

from controller.domain.gate_policy import Criterion, CriterionMode, SequentialGate
from controller.domain.units import Percent
from controller.gate import statistics

REACHABLE_RUNS: Final = 10_000
"""More good runs than this, without one bad among them, are not to be had from any phase."""

_LOOKS: Final = 400
_MOST_LOOKS: Final = 2_000
"""Runs looked ahead for luck; the exact computation costs the square of it."""


def deciding(policy: SequentialGate) -> tuple[Criterion, ...]:
    """The criteria that decide; the others are only shown."""
    return tuple(c for c in policy.criteria if c.mode is CriterionMode.DECIDE)


@lru_cache(maxsize=1_024)  # a thousand files have the same few floors
def runs_to_prove(floor: Percent, alpha: float) -> int | None:
    """The fewest runs, all of them good, that prove a true rate above the floor.

    Returns:
        None where `REACHABLE_RUNS` do not.

    Raises:
        ValueError: `alpha` is not a probability.
    """
    needed = statistics.log_threshold(alpha)

    def proven(runs: int) -> bool:
        return statistics.log_evidence_above(runs, runs, floor.fraction) >= needed

    if not proven(REACHABLE_RUNS):
        return None
    low, high = 0, REACHABLE_RUNS  # each further good run proves more
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proven(middle) else (middle, high)
    return high


def runs_needed(policy: SequentialGate) -> int | None:
    """The fewest runs that the gate can pass on; None where no reachable number is enough."""
    proofs = [runs_to_prove(criterion.floor, policy.alpha_pass) for criterion in deciding(policy)]
    reachable = [proof for proof in proofs if proof is not None]
    return max([policy.min_runs, *reachable]) if len(reachable) == len(proofs) else None


def merchants_needed(policy: SequentialGate, runs: int) -> int:
    """The fewest merchants that can give the gate so many runs, and as many as it asks for."""
    return max(policy.min_merchants, math.ceil(runs / policy.runs_per_merchant))


def chance_to_pass(policy: SequentialGate, quality: float) -> float:
    """How likely a release ever passes of whose runs a share of `quality` is good, by all measures.

    A bound where one of the floors is at least `quality`: the error rate of that proof. Certainty
    where every floor and target is below it: time proves what is true. Otherwise the release misses
    a target and passes only by luck, which is computed exactly for a look after each run; luck
    after the 2,000th is left out.

    Raises:
        ValueError: An error rate is not a probability.
    """
    criteria = deciding(policy)
    if any(criterion.floor.fraction >= quality for criterion in criteria):
        return policy.alpha_pass
    if all(criterion.target.fraction <= quality for criterion in criteria):
        return 1.0
    from controller.gate import stopping  # noqa: PLC0415 -- only for gates that look too easy

    horizon = min(_MOST_LOOKS, max(_LOOKS, 2 * policy.min_runs))
    rules = (
        stopping.sequential_boundaries(
            criterion.floor,
            criterion.target,
            alpha_pass=policy.alpha_pass,
            alpha_fail=policy.alpha_fail / len(criteria),
            horizon=horizon,
        )
        for criterion in criteria
    )
    whole = stopping.together(rules, min_runs=policy.min_runs)
    (outcome,) = stopping.outcomes(whole, [quality])
    return outcome.passes
