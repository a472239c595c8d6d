"""Exact evidence about a success rate, valid however often it is looked at.

The bottom of the gate: numbers in, numbers out. A run is good or not; `good` of `runs` were good.
For a rate `p0`, `log_evidence_above` says how strongly that speaks against "the true rate is at
most p0", and `log_evidence_below` against "the true rate is at least p0".

Both are the uniform mixture of likelihood ratios over the rates on the other side of `p0`:

    E_above = integral of L(q) / L(p0) over q in (p0, 1), divided by 1 - p0
            = F(good; runs + 1, p0) / ((runs + 1) (1 - p0) f(good; runs, p0))
    E_below = (1 - F(good; runs + 1, p0)) / ((runs + 1) p0 f(good; runs, p0))

with `L` the likelihood, `f` and `F` the binomial mass and distribution function. Each is 1 before
the first run and a supermartingale under the hypothesis it speaks against: whatever was seen so
far, its expected next value is at most its present one. By Ville's inequality the chance that it
*ever* reaches 1 / alpha is at most alpha: one may look after every run and stop when one likes.

Sources: Robbins, Statistical methods related to the law of the iterated logarithm (1970); Ville,
Étude critique de la notion de collectif (1939); Ramdas, Grünwald, Vovk, Shafer, Game-theoretic
statistics and safe anytime-valid inference (arXiv 2210.01948); Howard, Ramdas, McAuliffe, Sekhon,
Time-uniform, nonparametric, nonasymptotic confidence sequences (arXiv 1810.08240). The fixed-sample
limit: Clopper and Pearson (Biometrika 26, 1934). The bound of a median: David and Nagaraja, Order
Statistics, section 7.1.

Everything is in natural logarithms. A probability of exactly nothing is minus infinity and stays
so: clipped to a tiny number it would turn hopeless data into a pass.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

_NEGLIGIBLE: Final = 1e-17
"""A term this much smaller than the sum no longer changes a double."""

_BISECTIONS: Final = 40
"""Halvings of the unit interval: the limits of an interval are exact to 1e-12."""


def log_pmf(good: int, runs: int, rate: float) -> float:
    """The log of the probability of exactly `good` of `runs`; minus infinity where impossible."""
    _check(runs, rate)
    if not 0 <= good <= runs:
        return -math.inf
    if rate in {0.0, 1.0}:
        return 0.0 if good == runs * rate else -math.inf
    return (
        math.lgamma(runs + 1)
        - math.lgamma(good + 1)
        - math.lgamma(runs - good + 1)
        + good * math.log(rate)
        + (runs - good) * math.log1p(-rate)
    )


def log_cdf(good: int, runs: int, rate: float) -> float:
    """The log of the probability of at most `good` of `runs`."""
    _check(runs, rate)
    if good < 0:
        return -math.inf
    if good >= runs:
        return 0.0
    if good < runs * rate:
        return _log_lower_tail(good, runs, rate)
    return _log_complement(_log_lower_tail(runs - good - 1, runs, 1.0 - rate))


def log_sf(good: int, runs: int, rate: float) -> float:
    """The log of the probability of more than `good` of `runs`."""
    _check(runs, rate)
    return log_cdf(runs - good - 1, runs, 1.0 - rate)


def _log_lower_tail(good: int, runs: int, rate: float) -> float:
    """The log of the lower tail, for `good` below the mean.

    Each term is smaller than the one before: factored by its largest term the sum never underflows
    and may stop early, so that the work grows with the square root of `runs`.
    """
    largest = log_pmf(good, runs, rate)
    if largest == -math.inf:
        return largest
    odds = (1.0 - rate) / rate
    term = total = 1.0
    for successes in range(good, 0, -1):
        term *= successes * odds / (runs - successes + 1)
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(0.0, largest + math.log(total))


def _log_complement(log_probability: float) -> float:
    """The log of 1 - exp(log_probability)."""
    if log_probability >= 0.0:
        return -math.inf
    return math.log(-math.expm1(log_probability))


def log_evidence_above(good: int, runs: int, rate: float) -> float:
    """The log evidence that the true rate is above `rate`.

    Nothing is above 1, so the evidence for that is none: minus infinity. One good run disproves a
    rate of 0: plus infinity.

    Raises:
        ValueError: `good` is not within 0 and `runs`, or `rate` is not within 0 and 1.
    """
    _check(runs, rate)
    if not 0 <= good <= runs:
        raise ValueError(f"{good} good of {runs} runs")
    if rate == 1.0:
        return -math.inf
    explained = log_pmf(good, runs, rate)
    if explained == -math.inf:
        return math.inf
    return log_cdf(good, runs + 1, rate) - math.log(runs + 1) - math.log1p(-rate) - explained


def log_evidence_below(good: int, runs: int, rate: float) -> float:
    """The log evidence that the true rate is below `rate`: `log_evidence_above`, mirrored.

    Raises:
        ValueError: `good` is not within 0 and `runs`, or `rate` is not within 0 and 1.
    """
    return log_evidence_above(runs - good, runs, 1.0 - rate)


def log_threshold(alpha: float) -> float:
    """The log evidence that is needed for an error rate of at most `alpha`.

    Raises:
        ValueError: `alpha` is not above 0 and below 1: no evidence at all would be enough.
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"an error rate lies between 0 and 1, not at {alpha}")
    return -math.log(alpha)


@lru_cache(maxsize=4096)
def lower_limit(good: int, runs: int, alpha: float) -> float:
    """The largest rate that the true rate is proven to be above; 0 where nothing is proven.

    The inversion of `log_evidence_above`: a floor is passed exactly when it is at most this limit.
    With probability 1 - alpha the true rate is above all these limits at once, for every number of
    runs.

    The slope of log E in the rate is (runs + 1 - 1/E - good/rate) / (1 - rate), negative below
    good / (runs + 1); from there on E is at most e. So above e it falls, and bisection finds the
    one place where it crosses 1 / alpha.

    Raises:
        ValueError: The counts are impossible, or `alpha` is not between 0 and 1/e.
    """
    if not 0.0 < alpha <= 1.0 / math.e:
        raise ValueError(f"limits are defined for an error rate of at most 1/e, not for {alpha}")
    needed = log_threshold(alpha)

    def proven(rate: float) -> bool:
        return log_evidence_above(good, runs, rate) >= needed

    return _last_true(proven, good / (runs + 1))


def upper_limit(good: int, runs: int, alpha: float) -> float:
    """The smallest rate that the true rate is proven to be below; 1 where nothing is proven.

    Raises:
        ValueError: The counts are impossible, or `alpha` is not between 0 and 1/e.
    """
    return 1.0 - lower_limit(runs - good, runs, alpha)


def fixed_sample_lower_limit(good: int, runs: int, alpha: float) -> float:
    """The Clopper-Pearson lower limit: the smallest rate that is compatible with `good` of `runs`.

    For one look at a fixed number of runs, as the pilot's smoke test is. With all runs good it is
    `alpha ** (1 / runs)`: 5 of 5 are compatible with a true rate as low as 55 %.

    Raises:
        ValueError: The counts are impossible, or `alpha` is not between 0 and 1.
    """
    _check(runs, 0.0)
    if not 0 <= good <= runs:
        raise ValueError(f"{good} good of {runs} runs")
    if good == 0:
        return 0.0
    incompatible = -log_threshold(alpha)

    def too_low(rate: float) -> bool:
        return log_sf(good - 1, runs, rate) < incompatible

    return _last_true(too_low, 1.0)


def median_lower_rank(size: int, confidence: float = 0.9) -> int | None:
    """Which of `size` sorted values is a lower bound of the median, with at least this confidence.

    Whatever the distribution: the `rank`-th smallest value (counted from 1) lies above the true
    median only when fewer than `rank` values fall below it, and each falls like a fair coin.

    Returns:
        The largest rank that keeps the confidence; None where there are too few values (for 90 %,
        fewer than 4).

    Raises:
        ValueError: `size` is negative, or `confidence` is not between 0 and 1.
    """
    allowed = -log_threshold(1.0 - confidence)
    if log_cdf(0, size, 0.5) > allowed:
        return None
    low, high = 1, size
    while low < high:
        middle = (low + high + 1) // 2
        if log_cdf(middle - 1, size, 0.5) <= allowed:
            low = middle
        else:
            high = middle - 1
    return low


def _last_true(holds: Callable[[float], bool], end: float) -> float:
    """Where a condition that holds from 0 up to some place within (0, end) ceases to hold."""
    low, high = 0.0, end
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if holds(middle):
            low = middle
        else:
            high = middle
    return low


def _check(runs: int, rate: float) -> None:
    if runs < 0:
        raise ValueError(f"{runs} runs")
    if not 0.0 <= rate <= 1.0:  # also refuses NaN, for which every comparison is false
        raise ValueError(f"a rate lies between 0 and 1, not at {rate}")
