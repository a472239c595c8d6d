"""The whole gate, asked after every run: at the floor it hardly ever says yes, however often asked.

test_statistics.py and docs/statistics.md hold the evidence alone to the same; here every verdict is
that of `judge`, with everything that it looks at.
"""

import random
from functools import cache

import pytest

from controller.gate.judge import judge
from controller.gate.verdict import Verdict
from tests.gate.builders import NOW, identity, population, ramp_counts, ramp_of, rate

SEQUENCES = 2_000
RUNS = 100
MERCHANTS = 100


@cache
def verdict(floor: int, good: int, runs: int) -> Verdict:
    """What the gate says; the target is the floor, so that nothing but the proof holds it back."""
    policy = ramp_of(completed=(floor, floor))
    counts = ramp_counts(
        identity=identity("10%", MERCHANTS),
        population=population(runs, merchants=MERCHANTS),
        rates={"completed": rate(good, runs, merchants=MERCHANTS)},
    )
    return judge(policy, counts, (), NOW).verdict


@pytest.mark.parametrize("floor", [80, 90])
def test_two_thousand_releases_at_the_floor(floor: int):
    chance = random.Random(20261120)
    passed = 0
    for _ in range(SEQUENCES):
        good = 0
        for runs in range(1, RUNS + 1):
            good += chance.random() < floor / 100
            found = verdict(floor, good, runs)
            if found in {Verdict.PROCEED, Verdict.ROLLBACK}:
                passed += found is Verdict.PROCEED
                break
    assert 0 < passed <= 0.05 * SEQUENCES
