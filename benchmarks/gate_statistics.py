"""The figures of docs/statistics.md and docs/gates.md: `python -m benchmarks.gate_statistics`.

Everything but the last two tables is exact (dynamic programming); what is simulated uses Python's
own generator with a fixed seed, whose numbers are the same on every machine.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from operator import ge

from controller.domain.units import Percent
from controller.gate import statistics
from controller.gate.power import runs_to_prove
from controller.gate.stopping import (
    Boundaries,
    evidence_boundary,
    outcomes,
    sequential_boundaries,
    together,
)

ALPHA = 0.05
FLOORS = (80, 85, 90, 95, 98, 99)
SEED = 20261120
SEQUENCES = 2_000
_Z = 1.6448536269514722  # the 95 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the documentation."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """The table as it stands in the documentation."""
        lines = [self.head, ("---",) * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def tables() -> tuple[Table, ...]:
    """Every exact table."""
    return (
        runs_needed(),
        peeking(),
        ramp(),
        choices(),
        phase_sizes(),
        worst_merchants(),
        hourly_windows(),
        baseline_medians(),
    )


def runs_needed() -> Table:
    """How many runs it takes to prove a floor, with a few failures among them."""
    failures = (0, 1, 2, 3, 5)
    rows = []
    for floor in FLOORS:
        boundary = evidence_boundary(floor / 100, ALPHA, 1_500)
        needed = (next(n for n, s in enumerate(boundary) if s <= n - bad) for bad in failures)
        rows.append((f"{floor} %", *(str(runs) for runs in needed)))
    head = ("floor", "no failure", *(f"{bad} failure{'s' * (bad > 1)}" for bad in failures[1:]))
    return Table("runs needed to pass a floor", head, tuple(rows))


# --- looking after every run --------------------------------------------------------------------

Rule = Callable[[int, int], bool]


def _ever(rule: Rule, rate: float, horizon: int, *, first_look: int = 1) -> float:
    """The exact chance that a rule is ever met, looking after every run from the first look on."""
    pass_at = _pass_at(rule, horizon, first_look=first_look)
    (outcome,) = outcomes(Boundaries(pass_at, (-1,) * (horizon + 1)), [rate])
    return outcome.passes


def _pass_at(rule: Rule, horizon: int, *, first_look: int = 1) -> tuple[int, ...]:
    """For each number of runs the fewest good ones that meet a rule; one more where none do."""
    pass_at = [n + 1 for n in range(first_look)]
    fewest = 0  # one more run never makes fewer good ones enough
    for n in range(first_look, horizon + 1):
        fewest = next((s for s in range(fewest, n + 1) if rule(s, n)), n + 1)
        pass_at.append(fewest)
    return tuple(pass_at)


def _point_estimate(rate: float, good: int, runs: int) -> bool:
    return good >= rate * runs - 1e-9


def _wilson(rate: float, good: int, runs: int) -> bool:
    seen, spread = good / runs, _Z * _Z / runs
    middle = seen + spread / 2
    width = _Z * math.sqrt(seen * (1 - seen) / runs + spread / (4 * runs))
    return (middle - width) / (1 + spread) > rate


def _fixed_sample_test(rate: float, good: int, runs: int) -> bool:
    return statistics.log_sf(good - 1, runs, rate) <= math.log(ALPHA)


def _ours(rate: float, good: int, runs: int) -> bool:
    needed = statistics.log_threshold(ALPHA)
    return statistics.log_evidence_above(good, runs, rate) >= needed


RULES: tuple[tuple[str, Callable[[float, int, int], bool], int], ...] = (
    ("rate seen is at least the floor, from 30 runs on", _point_estimate, 30),
    ("95 % Wilson bound above the floor", _wilson, 1),
    ("exact binomial test at 5 %, made for one look", _fixed_sample_test, 1),
    ("this gate", _ours, 1),
)
"""Ways to say that a release is above its floor, and the number of runs of the first look."""


def peeking() -> Table:
    """The chance of ever passing a release that is exactly at its floor."""
    rows = []
    for name, rule, first in RULES:
        chances = [
            _ever(partial(rule, floor), floor, horizon, first_look=first)
            for horizon in (100, 1_000)
            for floor in (0.90, 0.95)
        ]
        rows.append((name, *(f"{chance:.4f}" for chance in chances)))
    head = ("rule", ".90, 100 runs", ".95, 100 runs", ".90, 1,000 runs", ".95, 1,000 runs")
    return Table("ever passing at the floor, looking after every run", head, tuple(rows))


def hourly_windows() -> Table:
    """Judging each hour alone: an hour is bad when fewer than 95 % of its runs are good."""
    rows = []
    for hours, tolerated in ((24, 0), (24, 3), (6, 3)):
        chances = []
        for quality in (0.99, 0.95, 0.80):
            bad_hour = 1 - quality**2
            chances.append(math.exp(statistics.log_cdf(tolerated, hours, bad_hour)))
        rows.append((f"{hours} hours, {tolerated} bad tolerated", *(f"{c:.3f}" for c in chances)))
    head = ("two runs an hour, judged alone", ".99 passes", ".95 passes", ".80 passes")
    return Table("judging each hour alone", head, tuple(rows))


# --- what a choice costs ------------------------------------------------------------------------


def _gate(target: int, floor: int, *, criteria: int = 2, horizon: int = 2_000) -> Boundaries:
    rule = sequential_boundaries(
        Percent(floor * 100),
        Percent(target * 100),
        alpha_pass=ALPHA,
        alpha_fail=ALPHA / criteria,
        horizon=horizon,
    )
    return together([rule], min_runs=20)


def _usual(chances: Sequence[float]) -> str:
    """Between which numbers of runs it happens in 8 of 10 cases in which it happens at all."""
    low, high = (
        next(n for n, chance in enumerate(chances) if chance >= share * chances[-1])
        for share in (0.1, 0.9)
    )
    return f"{low} to {high}" if low < high else str(low)


def ramp() -> Table:
    """What the default ramp does: target 95 %, floor 85 %, at most 400 runs."""
    rows = [
        (
            f"{outcome.rate:.2f}",
            f"{outcome.passes:.4f}",
            f"{outcome.fails:.4f}",
            f"{1 - outcome.passes - outcome.fails:.4f}",
            _usual(outcome.passed),
        )
        for outcome in outcomes(_gate(95, 85, horizon=400), (0.80, 0.85, 0.90, 0.95, 0.97, 0.99))
    ]
    head = ("true rate", "passes", "rollback", "undecided after 400", "runs, if it passes")
    return Table("target 95 %, floor 85 %, of two criteria", head, tuple(rows))


def choices() -> Table:
    """What a choice of target and floor costs."""
    rows = []
    for target, floor in ((90, 80), (95, 85), (95, 90), (98, 90), (98, 95), (99, 98)):
        rule = _gate(target, floor)
        best, broken = outcomes(rule, (0.995, 0.80))
        at_floor = outcomes(rule, (floor / 100,))[0]
        rows.append(
            (
                f"{target} % / {floor} %",
                str(rule.fewest_runs),
                _usual(best.passed),
                f"{at_floor.passes:.3f}",
                _usual(broken.failed),
            )
        )
    head = (
        "target / floor",
        "fewest runs",
        "runs, for a 99.5 % release",
        "passes at the floor",
        "runs until a 20 %-broken release is rolled back",
    )
    return Table("what a choice costs", head, tuple(rows))


CAPS_SHOWN = (3, 5, 10)
SHARE_SHOWN = 0.10


def phase_sizes() -> Table:
    """How many merchants a phase must have, and how many the company for a tenth to be so many."""
    rows = []
    for floor in FLOORS:
        runs = runs_to_prove(Percent(floor * 100), ALPHA)
        merchants = [math.ceil((runs or math.inf) / cap) for cap in CAPS_SHOWN]
        cells = (f"{few} ({math.ceil(few / SHARE_SHOWN):,})" for few in merchants)
        rows.append((f"{floor} %", str(runs), *cells))
    head = ("floor", "good runs", *(f"at most {cap} of each merchant" for cap in CAPS_SHOWN))
    return Table("merchants that a phase needs (eligible ones, for 10 %)", head, tuple(rows))


def worst_merchants() -> Table:
    """How often the rule on the worst merchant holds back a release of which 1 % of runs is bad."""
    rows = []
    for least in (3, 4, 5, 10):
        bad = least - -(-70 * least // 100) + 1  # the fewest bad runs that are below 70 %
        chance = math.exp(statistics.log_sf(bad - 1, least, 0.01))
        cells = (f"{1 - (1 - chance) ** merchants:.3f}" for merchants in (10, 50, 200))
        rows.append((str(least), f"{bad} of {least}", *cells))
    head = ("`min_runs`", "bad runs below 70 %", "10 merchants", "50 merchants", "200 merchants")
    return Table("a 99 % release held back by its worst merchant", head, tuple(rows))


# --- the baseline's median ----------------------------------------------------------------------


def baseline_medians() -> Table:
    """`faster_than_baseline` at the boundary: passing although nothing is faster than asked."""
    rows = []
    for size in (10, 20, 50, 200):
        point = (size + 1) // 2
        bound = statistics.median_lower_rank(size) or 1
        chances = (_passes_at_the_boundary(size, rank) for rank in (point, bound))
        rows.append((str(size), *(f"{chance:.3f}" for chance in chances), str(bound)))
    head = ("baseline runs", "with the median itself", "with its bound", "rank of the bound")
    return Table("faster_than_baseline, target and floor 50 %, 200 runs", head, tuple(rows))


def _passes_at_the_boundary(size: int, rank: int) -> float:
    """The chance over all baselines: the share below its `rank`-th value is Beta distributed."""
    above = evidence_boundary(0.5, ALPHA, 200)
    rule = Boundaries(
        tuple(max(good, -(-n // 2)) for n, good in enumerate(above)), (-1,) * len(above)
    )
    steps = 400
    shares = [(i + 0.5) / steps for i in range(steps)]
    density = [
        math.exp(statistics.log_pmf(rank - 1, size - 1, share)) * size / steps for share in shares
    ]
    chances = [outcome.passes for outcome in outcomes(rule, shares)]
    return sum(weight * chance for weight, chance in zip(density, chances, strict=True))


# --- simulated ----------------------------------------------------------------------------------


PEEKED_FLOORS = (0.80, 0.90, 0.95)
PEEKED_RUNS = 300


def simulated_peeking(floor: float) -> tuple[int, ...]:
    """How many of the same 2,000 sequences at the floor each rule ever passes, run by run."""
    chance = random.Random(SEED)
    rules = [
        _pass_at(partial(rule, floor), PEEKED_RUNS, first_look=first) for _, rule, first in RULES
    ]
    passed = [0] * len(rules)
    for _ in range(SEQUENCES):
        goods = tuple(accumulate(chance.random() < floor for _ in range(PEEKED_RUNS)))
        for position, pass_at in enumerate(rules):
            passed[position] += any(map(ge, goods, pass_at[1:]))
    return tuple(passed)


def simulations() -> Table:
    """Simulated peeking by each rule; for ours beside the exact chance."""
    columns = [simulated_peeking(floor) for floor in PEEKED_FLOORS]
    rows = [
        (name, *(f"{passed} ({passed / SEQUENCES:.1%})".replace("%", " %") for passed in row))
        for (name, _, _), row in zip(RULES, zip(*columns, strict=True), strict=True)
    ]
    exact = (_ever(partial(_ours, floor), floor, PEEKED_RUNS) for floor in PEEKED_FLOORS)
    rows.append(("this gate, the exact chance", *(f"{chance:.4f}" for chance in exact)))
    head = (f"of {SEQUENCES:,} sequences ever passed", *(f"at {f:.2f}" for f in PEEKED_FLOORS))
    return Table("peeking, simulated", head, tuple(rows))


def clustered(merchants: int, correlation: float, cap: int | None, *, times: int = 1_000) -> float:
    """The chance of passing merchants whose rates differ, with a mean exactly at the floor of 85 %.

    Merchants' rates are Beta distributed with this correlation between the runs of one merchant.
    Traffic is uneven: the k-th busiest has 1/k of the runs of the busiest. 400 runs, looked at
    after every one.
    """
    chance = random.Random(SEED)
    boundary = evidence_boundary(0.85, ALPHA, 400)
    spread = 1 / correlation - 1
    weights = list(accumulate(1 / rank for rank in range(1, merchants + 1)))
    passed = 0
    for _ in range(times):
        rates = [chance.betavariate(0.85 * spread, 0.15 * spread) for _ in range(merchants)]
        passed += _passes_clustered(chance, rates, weights, cap, boundary)
    return passed / times


def _passes_clustered(
    chance: random.Random,
    rates: Sequence[float],
    weights: Sequence[float],
    cap: int | None,
    boundary: Sequence[int],
) -> bool:
    seen = [0] * len(rates)
    good = runs = 0
    for merchant in chance.choices(range(len(rates)), cum_weights=weights, k=400):
        seen[merchant] += 1
        is_good = chance.random() < rates[merchant]
        if cap is not None and seen[merchant] > cap:
            continue
        runs, good = runs + 1, good + is_good
        if good >= boundary[runs]:
            return True
    return False


CAPS = (None, 10, 5, 3)


def clustered_row(merchants: int, correlation: float) -> tuple[str, ...]:
    """One row: without a cap, with caps of 10, 5 and 3."""
    chances = (clustered(merchants, correlation, cap) for cap in CAPS)
    return (str(merchants), f"{correlation:g}", *(f"{chance:.3f}" for chance in chances))


def clusters() -> Table:
    """False passes where runs of one merchant are alike."""
    rows = tuple(clustered_row(n, rho) for n in (10, 30, 100) for rho in (0.05, 0.1, 0.3))
    head = ("merchants", "correlation", "no cap", "cap 10", "cap 5", "cap 3")
    return Table("runs of one merchant are alike, simulated 1,000 times", head, rows)


def main() -> None:
    """Print every table as it stands in the documentation."""
    for table in (*tables(), simulations(), clusters()):
        print(f"{table.title}\n\n{table.markdown()}\n")


if __name__ == "__main__":
    main()
