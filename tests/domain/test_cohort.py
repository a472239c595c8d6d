from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.bucketing import buckets
from controller.domain.cohort import Audience, referenced
from controller.domain.merchant import MerchantBatch
from controller.domain.rollout import OFF
from controller.domain.targeting import decide
from tests.domain.company import Company
from tests.domain.strategies import (
    DAY,
    NOW,
    any_id,
    batch_of,
    edits,
    flag,
    flags,
    ladder,
    merchant,
    moments,
    named_ids,
    override,
    phase,
    salts,
    with_bucket,
)


def agree(desired, company: Company, now: datetime, *, halted: bool) -> None:
    (batch,) = company.batches([], size=10_000)
    one_by_one = [decide(desired, company.merchant(i), now, halted=halted).value for i in batch.ids]
    assert Audience.of(desired, now, halted=halted).reaches(batch).tolist() == one_by_one


ages = st.dictionaries(st.one_of(named_ids, any_id), moments, min_size=1, max_size=30)


@given(flags(), ages, st.booleans(), st.integers(-100, 100))
def test_the_audience_is_everyone_for_whom_the_chain_of_rules_says_on(desired, ages, halted, days):
    agree(desired, Company(ages), NOW + timedelta(days=days, microseconds=days), halted=halted)


@given(flags().flatmap(edits), ages)
def test_it_agrees_after_any_edit(desired, ages):
    agree(desired, Company(ages), NOW, halted=False)


@pytest.mark.parametrize("at", [OFF, "pilot", "10%", "50%", "100%"])
@pytest.mark.parametrize("excluded", [True, False])
@pytest.mark.parametrize("min_age", [timedelta(), 30 * DAY])
@pytest.mark.parametrize("halted", [True, False])
def test_it_agrees_in_each_corner(at, excluded, min_age, halted):
    early, named, middle, late = (
        with_bucket(low, low + 1_000)[0] for low in (0, 500, 4_000, 9_000)
    )
    young, on, off = with_bucket(0, 500, count=4)[1:]
    desired = flag(
        at,
        ladder(named, young),
        exclude=[early, named, on, late] if excluded else [],
        min_age=min_age,
        overrides=[override(on, value=True), override(off, value=False)],
    )
    ages = dict.fromkeys([early, named, middle, late, on, off], NOW - 400 * DAY)
    agree(desired, Company({**ages, young: NOW, f"{young}2": NOW}), NOW, halted=halted)


@pytest.mark.parametrize("share", [0.01, 10, 50, 99.99])
def test_the_boundary_bucket_is_out(share):
    edge = round(share * 100)
    inside, outside = with_bucket(edge - 1, edge)[0], with_bucket(edge, edge + 1)[0]
    audience = Audience.of(flag("part", [phase("part", percent=share)]), NOW, halted=False)
    batch = batch_of(dict.fromkeys([inside, outside]))
    assert audience.reaches(batch).tolist() == [True, False]
    shut = flag("part", [phase("part", percent=share)], exclude=[inside])
    assert not Audience.of(shut, NOW, halted=False).reaches(batch).any()


@given(salts, st.lists(any_id, min_size=70, max_size=90, unique=True))
def test_it_agrees_on_many_merchants_with_any_ids(salt, ids):
    desired = flag("50%", salt=salt, exclude=ids[:3], overrides=[override(ids[5], value=True)])
    agree(desired, Company(dict.fromkeys(ids, NOW - DAY)), NOW, halted=False)


@pytest.mark.parametrize("year", [1948, 1969, 1970, 2020])
@pytest.mark.parametrize("milliseconds", [-1500, -999, -1, 0, 1, 999, 1500])
def test_it_agrees_at_the_edge_of_an_age_in_any_year(year, milliseconds):
    now = NOW.replace(year=year)
    created = now - 30 * DAY + timedelta(milliseconds=milliseconds)
    (who,) = with_bucket(0, 100)
    agree(flag("10%", min_age=30 * DAY), Company({who: created}), now, halted=False)


def test_buckets_that_are_known_already_are_not_computed_again():
    desired = flag("50%")
    batch = batch_of(dict.fromkeys(["a", "b", "c"]))
    nobody, everybody = np.full(3, 9_999, np.uint16), np.zeros(3, np.uint16)
    audience = Audience.of(desired, NOW, halted=False)
    assert not audience.reaches(batch, nobody).any()
    assert audience.reaches(batch, everybody).all()
    assert (audience.reaches(batch, buckets("seq", batch.ids)) == audience.reaches(batch)).all()


def test_an_age_that_matters_must_have_been_read():
    batch = batch_of(dict.fromkeys(["a"]))
    ageless = type(batch)(batch.ids, batch.values, None)
    with pytest.raises(ValueError, match="age"):
        Audience.of(flag("50%"), NOW, halted=False).reaches(ageless)
    assert Audience.of(flag("100%"), NOW, halted=False).reaches(ageless).all()
    assert not Audience.of(flag("pilot"), NOW, halted=False).reaches(ageless).any()


def test_a_batch_without_merchants_is_nobody():
    empty = MerchantBatch([], np.empty((0, 0), np.int8), np.empty(0, np.int64))
    for at in (OFF, "pilot", "50%", "100%"):
        assert Audience.of(flag(at), NOW, halted=False).reaches(empty).shape == (0,)


def test_it_hashes_only_where_buckets_decide():
    at = {
        name: Audience.of(flag(name), NOW, halted=False).hashes
        for name in (OFF, "pilot", "10%", "100%")
    }
    assert at == {OFF: False, "pilot": False, "10%": True, "100%": False}
    assert not Audience.of(flag("10%"), NOW, halted=True).hashes
    assert not Audience.of(flag(None), NOW, halted=False).hashes


def test_files_refer_to_merchants_in_overrides_phases_and_exclusions():
    desired = flag(
        "pilot",
        [*ladder("pilot1"), phase("all", "vip", percent=100)],
        overrides=[override("o1", value=False)],
        exclude=["x1"],
    )
    assert referenced(desired) == {"pilot1", "vip", "o1", "x1"}
    assert referenced(flag(None, overrides=[override("o1", value=True)])) == {"o1"}


def test_a_merchant_need_not_be_in_the_batch_to_be_named():
    desired = flag("pilot", ladder("elsewhere"))
    assert not Audience.of(desired, NOW, halted=False).reaches(batch_of({"here": None})).any()
    assert decide(desired, merchant("elsewhere"), NOW, halted=False).value
