import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.causes import Causes
from controller.domain.cohort import Audience, positions
from controller.domain.comparison import Comparison, Sheet, Tally
from controller.domain.plan import Cause, ChangeGroup
from tests.domain.company import Company
from tests.domain.strategies import (
    NOW,
    any_id,
    batch_of,
    flag,
    ladder,
    ledger,
    override,
    with_bucket,
)


def compare(before, after, company: Company, size: int = 100) -> Tally:
    remembered = ledger(*([before] if before else []))
    causes = Causes.of(after, remembered, NOW)
    audience = Audience.of(after, NOW, halted=False)
    comparison = Comparison.of(after, remembered, causes, audience, row=0)
    for batch in company.batches(["enableSeq"], size):
        comparison.add(Sheet(batch, positions(comparison.named, batch.ids)))
    return comparison.tally


def people(**values):
    return Company.of(values, column="enableSeq")


def test_values_are_compared_and_counted():
    same = flag("pilot", ladder("a", "b"))
    tally = compare(same, same, people(a=True, b=False, c=True, d=None))
    assert (tally.on_before, tally.on_after) == (2, 2)
    assert tally.groups("seq") == (
        ChangeGroup("seq", False, Cause.DRIFT, ("c",)),
        ChangeGroup("seq", True, Cause.DRIFT, ("b",)),
    )


def test_no_row_and_no_value_are_off():
    same = flag("pilot")
    tally = compare(same, same, people(a=None, b=False))
    assert tally.groups("seq") == ()
    assert tally.on_before == 0


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_it_does_not_matter_how_the_merchants_are_cut_into_batches(size):
    after = flag("50%", ladder("a"), overrides=[override("b", value=True)])
    values = people(**{f"m{number}": number % 3 == 0 for number in range(40)}, a=False, b=False)
    whole = compare(flag("10%"), after, values)
    assert compare(flag("10%"), after, values, size).groups("seq") == whole.groups("seq")


def test_groups_are_sorted_by_value_cause_and_merchant():
    tally = Tally()
    tally.changed[True, Cause.PHASE] = ["b", "a"]
    tally.changed[True, Cause.DRIFT] = ["c"]
    tally.changed[False, Cause.PHASE] = ["d"]
    found = [(g.value, g.cause, g.merchants) for g in tally.groups("seq")]
    assert found == [
        (False, Cause.PHASE, ("d",)),
        (True, Cause.DRIFT, ("c",)),
        (True, Cause.PHASE, ("a", "b")),
    ]


def test_merchants_singled_out_are_told_apart_from_the_many():
    early = with_bucket(1_000, 5_000, count=5)
    after = flag("50%", overrides=[override(early[2], value=True)])
    tally = compare(flag("10%"), after, people(**dict.fromkeys(early, False)))
    assert set(tally.changed[True, Cause.OVERRIDE]) == {early[2]}
    assert set(tally.changed[True, Cause.PHASE]) == set(early) - {early[2]}


def test_the_named_are_those_of_the_audience_now_and_then():
    before = flag("10%", exclude=["a"], overrides=[override("b", value=True)])
    after = flag("10%", exclude=["c"], overrides=[override("d", value=True)])
    early = with_bucket(0, 1_000, count=2)
    tally = compare(before, after, people(a=None, b=True, c=None, d=None))
    assert tally.groups("seq")
    shut_out = flag("10%", exclude=early)
    values = dict.fromkeys(early, None)
    assert not compare(shut_out, shut_out, Company.of(values, column="enableSeq")).changed


def test_a_batch_without_ages_has_no_new_merchants():
    batch = batch_of({"a": None})
    ageless = type(batch)(batch.ids, batch.values, None)
    same = flag("100%")
    causes = Causes.of(same, ledger(same), NOW)
    audience = Audience.of(same, NOW, halted=False)
    comparison = Comparison.of(same, ledger(same), causes, audience, row=0)
    comparison.add(Sheet(ageless, {}))
    assert list(comparison.tally.changed) == [(True, Cause.DRIFT)]


def test_flags_that_share_a_salt_hash_a_batch_once():
    sheet = Sheet(batch_of(dict.fromkeys(["a", "b"])), {})
    first = Audience.of(flag("10%"), NOW, halted=False)
    second = Audience.of(flag("50%", key="other"), NOW, halted=False)
    other_salt = Audience.of(flag("50%", salt="other"), NOW, halted=False)
    everyone = Audience.of(flag("100%", salt="unused"), NOW, halted=False)
    for audience in (first, second, other_salt, everyone):
        sheet.reached_by(audience)
    assert set(sheet.places) == {"seq", "other"}


@given(st.lists(any_id, unique=True), st.frozensets(any_id))
def test_positions_are_where_the_merchants_stand(ids, names):
    found = positions(names, ids)
    assert found == {id_: ids.index(id_) for id_ in ids if id_ in names}


def test_counts_are_plain_numbers():
    tally = compare(None, flag("100%"), people(a=True, b=False))
    assert type(tally.on_before) is int
    assert type(tally.on_after) is int
    assert not isinstance(tally.on_after, np.integer)
