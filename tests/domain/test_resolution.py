"""Resolved for all at once, who has a flag is who `explain` says should have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.authorship import Authorship
from controller.domain.explanation import Found, explain
from controller.domain.resolution import audience_of, resolve
from tests.domain.company import Company
from tests.domain.strategies import (
    NOW,
    any_id,
    flag,
    flags,
    ladder,
    ledger,
    moments,
    named_ids,
    override,
)

NOTHING = Found(None, Authorship(None, None, None))
ages = st.dictionaries(st.one_of(named_ids, any_id), moments, min_size=1, max_size=30)


def has(resolved) -> dict[str, bool]:
    """Each exception's value."""
    return dict.fromkeys(resolved.exceptions, not resolved.usual)


@given(flags("a"), flags("b"), ages, st.sets(st.sampled_from(["a", "b"])))
def test_it_says_of_every_merchant_what_explain_says(one, other, created, halted):
    company = Company(created)
    world = ledger(halts=halted)
    for found in resolve([one, other], halted, NOW, company.batches([])):
        values = has(found)
        for id_ in created:
            told = explain(found.desired, world, company.merchant(id_), NOW, NOTHING)
            assert values.get(id_, found.usual) is told.should_have
        assert list(values) == sorted(values)
        assert found.count == len(values)


def resolved_of(desired, ids=("m1", "m2", "m3"), **options):
    company = Company.of(dict.fromkeys(ids))
    (found,) = resolve([desired], options.get("halts", ()), NOW, company.batches([]))
    return found


def test_without_a_percentage_the_few_are_listed():
    found = resolved_of(flag("pilot", ladder("m2", "ghost")))
    assert (found.usual, list(found.exceptions)) == (False, ["m2"])


def test_at_100_percent_those_without_it_are_listed_so_that_whoever_comes_later_has_it():
    desired = flag("100%", ladder("m2"), overrides=[override("m3", value=False)])
    found = resolved_of(desired)
    assert (found.usual, list(found.exceptions)) == (True, ["m3"])


def test_the_global_value_reaches_everyone_and_a_halt_beats_it():
    desired = flag("off", ladder("m2"), globally_on=True)
    assert (resolved_of(desired).usual, resolved_of(desired).count) == (True, 0)
    halted = resolved_of(desired, halts={desired.key})
    assert (halted.usual, halted.count, halted.halted) == (False, 0, True)
    assert audience_of(desired, NOW, halted=True).threshold == 0


@pytest.mark.parametrize("size", [1, 7, 8, 9, 10_000])
def test_the_size_of_the_batches_changes_nothing(size):
    ids = [f"m{number}" for number in range(100)]
    desired = flag("50%", ladder("m7"))
    (found,) = resolve([desired], (), NOW, Company.of(dict.fromkeys(ids)).batches([], size=size))
    assert set(found.exceptions) == set(resolved_of(desired, ids).exceptions)
    assert 30 < found.count < 70


def test_no_flags_is_no_answer_and_no_error():
    assert resolve([], (), NOW, Company.of({"m1": True}).batches([])) == ()
