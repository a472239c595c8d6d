"""One total order, tested for every combination."""

import itertools

import pytest

from controller.gate.verdict import CriterionVerdict, Verdict, worst

LADDER = ("proceed", "fix_minor", "insufficient_data", "error", "rollback")
CRITERION_LADDER = ("pass", "warn", "inconclusive", "insufficient_data", "error", "fail")


def combinations(kind):
    members = list(kind)
    sizes = range(1, len(members) + 1)
    return [some for size in sizes for some in itertools.combinations(members, size)]


def test_the_ladders_are_those_of_the_documentation():
    assert tuple(str(verdict) for verdict in Verdict) == LADDER
    assert tuple(str(verdict) for verdict in CriterionVerdict) == CRITERION_LADDER


@pytest.mark.parametrize("combination", combinations(Verdict), ids=lambda c: "+".join(map(str, c)))
def test_the_worst_of_every_combination_in_every_order(combination):
    expected = LADDER[max(LADDER.index(verdict.value) for verdict in combination)]
    for order in itertools.permutations(combination):
        assert worst(order).value == expected
        assert worst((*order, *order)).value == expected


@pytest.mark.parametrize(
    "combination", combinations(CriterionVerdict), ids=lambda c: "+".join(map(str, c))
)
def test_the_worst_criterion_of_every_combination(combination):
    expected = CRITERION_LADDER[max(CRITERION_LADDER.index(v.value) for v in combination)]
    assert worst(combination).value == expected
    assert worst(reversed(combination)).value == expected


@pytest.mark.parametrize("kind", [Verdict, CriterionVerdict])
def test_the_order_is_total(kind):
    for one, other in itertools.product(kind, kind):
        assert (one < other) + (one == other) + (one > other) == 1
        assert (one <= other) == (one.severity <= other.severity)


@pytest.mark.parametrize(
    ("criterion", "gate"),
    [
        ("pass", "proceed"),
        ("warn", "fix_minor"),
        ("inconclusive", "insufficient_data"),
        ("insufficient_data", "insufficient_data"),
        ("error", "error"),
        ("fail", "rollback"),
    ],
)
def test_what_a_criterion_means_for_the_gate(criterion, gate):
    assert CriterionVerdict(criterion).for_the_gate is Verdict(gate)


@pytest.mark.parametrize(
    "combination", combinations(CriterionVerdict), ids=lambda c: "+".join(map(str, c))
)
def test_taking_the_worst_and_translating_commute(combination):
    translated = worst(verdict.for_the_gate for verdict in combination)
    assert translated is worst(combination).for_the_gate


def test_nothing_has_no_worst():
    with pytest.raises(ValueError, match="empty"):
        worst(())
