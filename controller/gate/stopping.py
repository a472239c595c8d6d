"""What a sequential rule would do to a release of known quality: exactly, by dynamic programming.

Beside the way of a change: no verdict needs it. `characteristics.py` uses it to say at review time
what a gate would pass, and the tests use it as an oracle for `statistics.py`.

A rule looks after every run. It is a pair of boundaries: for each number of runs `n`, the fewest
good runs that pass and the most good runs that fail. The chance to be at `good` of `n` without
having stopped before follows from the chances at `n - 1`, so all of them up to a horizon cost
horizon² / 2 multiplications.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from controller.domain.units import Percent
from controller.gate.statistics import log_evidence_above, log_threshold


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where a rule stops, by the number of runs from 0 to the horizon.

    Attributes:
        pass_at: The fewest good runs that pass; more than there are runs where none does.
        fail_at: The most good runs that fail; -1 where none does.
    """

    pass_at: tuple[int, ...]
    fail_at: tuple[int, ...]

    @property
    def horizon(self) -> int:
        """The largest number of runs that is looked at."""
        return len(self.pass_at) - 1

    @property
    def fewest_runs(self) -> int | None:
        """The fewest runs that can pass, all of them good; None where none do."""
        return next((n for n, good in enumerate(self.pass_at) if good <= n), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule does to a release with one true rate, looked at after every run.

    Attributes:
        rate: The true rate.
        passed: The chance of having passed by the n-th run, for n from 0 to the horizon.
        failed: The chance of having failed by the n-th run.
    """

    rate: float
    passed: tuple[float, ...]
    failed: tuple[float, ...]

    @property
    def passes(self) -> float:
        """The chance of passing within the horizon."""
        return self.passed[-1]

    @property
    def fails(self) -> float:
        """The chance of failing within the horizon."""
        return self.failed[-1]

    @property
    def expected_runs(self) -> float:
        """How many runs it takes on average to stop; the horizon counts where it never stops."""
        stopped = zip(self.passed[:-1], self.failed[:-1], strict=True)
        return sum(1.0 - passed - failed for passed, failed in stopped)

    def runs_to_pass(self, share: float) -> int | None:
        """After how many runs this share of those that pass has passed; None where none passes."""
        if self.passes <= 0.0:
            return None
        wanted = share * self.passes
        return next(n for n, passed in enumerate(self.passed) if passed >= wanted)


@lru_cache(maxsize=256)
def evidence_boundary(rate: float, alpha: float, horizon: int) -> tuple[int, ...]:
    """The fewest good runs that prove, at error rate `alpha`, a true rate above `rate`.

    For n from 0 to `horizon`; n + 1 where even n of n prove nothing. One more bad run never helps
    and one more good run never hurts, so the boundary stays or rises by one with each run.

    Raises:
        ValueError: `rate` or `alpha` is not a probability.
    """
    needed = log_threshold(alpha)

    def step(fewest: int, runs: int) -> int:
        proven = fewest <= runs and log_evidence_above(fewest, runs, rate) >= needed
        return fewest if proven else fewest + 1

    return tuple(accumulate(range(1, horizon + 1), step, initial=1))


def fewest_for_share(share: Percent, runs: int) -> int:
    """The fewest good runs that are at least this share of `runs`, in exact integer arithmetic."""
    return -(-share.basis_points * runs // 10_000)


def sequential_boundaries(
    floor: Percent, target: Percent, *, alpha_pass: float, alpha_fail: float, horizon: int
) -> Boundaries:
    """The boundaries of one rate criterion, as `sequential.py` judges it.

    Raises:
        ValueError: An error rate is not between 0 and 1.
    """
    above = evidence_boundary(floor.fraction, alpha_pass, horizon)
    below = evidence_boundary(1.0 - target.fraction, alpha_fail, horizon)
    return Boundaries(
        tuple(max(good, fewest_for_share(target, n)) for n, good in enumerate(above)),
        tuple(min(n - bad, fewest_for_share(floor, n) - 1) for n, bad in enumerate(below)),
    )


def together(criteria: Iterable[Boundaries], *, min_runs: int) -> Boundaries:
    """The boundaries of several criteria on the same runs: all must pass, any may fail.

    Exact where a bad run is bad by every measure, as a run that gets stuck is. Nothing passes
    before `min_runs`; failing needs no minimum.

    Raises:
        ValueError: There is no criterion, or their horizons differ.
    """
    boundaries = tuple(criteria)
    columns = zip(*(rule.pass_at for rule in boundaries), strict=True)
    pass_at = [max(goods) if n >= min_runs else n + 1 for n, goods in enumerate(columns)]
    fail_at = [max(goods) for goods in zip(*(rule.fail_at for rule in boundaries), strict=True)]
    return Boundaries(tuple(pass_at), tuple(fail_at))


def outcomes(boundaries: Boundaries, rates: Sequence[float]) -> tuple[Outcome, ...]:
    """What the rule does at each true rate. Exact up to rounding in the last digits.

    Raises:
        ValueError: A rate is not between 0 and 1.
    """
    import numpy as np  # noqa: PLC0415 -- judging must not pay for the import; only this needs it

    if not all(0.0 <= rate <= 1.0 for rate in rates):
        raise ValueError("a rate lies between 0 and 1")
    good_chance = np.array(rates, dtype=np.float64)[:, None]
    alive = np.zeros((len(rates), boundaries.horizon + 1))
    alive[:, 0] = 1.0
    passed = np.zeros((len(rates), boundaries.horizon + 1))
    failed = np.zeros_like(passed)
    for n in range(1, boundaries.horizon + 1):
        gained = alive[:, :n] * good_chance
        alive[:, :n] -= gained
        alive[:, 1 : n + 1] += gained
        best = alive[:, boundaries.pass_at[n] : n + 1]
        bad = alive[:, : boundaries.fail_at[n] + 1]
        passed[:, n] = passed[:, n - 1] + best.sum(axis=1)
        failed[:, n] = failed[:, n - 1] + bad.sum(axis=1)
        best[:] = bad[:] = 0.0
    chances = (np.minimum(1.0, passed), np.minimum(1.0, failed))  # the last digit may round up
    return tuple(
        Outcome(rate, tuple(p.tolist()), tuple(f.tolist()))
        for rate, p, f in zip(rates, *chances, strict=True)
    )
