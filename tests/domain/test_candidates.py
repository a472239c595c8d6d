"""Who is fit for a pilot: every rule, each at its boundary, and the order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.candidates import (
    BY_ACTIVITY,
    Activity,
    CandidateRules,
    Fitness,
    MerchantActivity,
    Search,
    by_activity,
    score,
)
from controller.domain.desired import DesiredFlag
from controller.domain.flag import Flag, MerchantConfigHome, Override
from controller.domain.merchant import Merchant
from controller.domain.rollout import OFF, Bucketing, Eligibility, Phase, Rollout
from controller.domain.units import Percent

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULES = CandidateRules()
MICROSECOND = timedelta(microseconds=1)
GOOD = MerchantActivity("m1", 10, 10, 10, 0, 0, NOW - timedelta(hours=3), timedelta(minutes=38))


def merchant(key="m1", *, active=True, age=timedelta(days=400)):
    return Merchant(key, f"{key}.example.com", active, NOW - age)


def desired(phase=OFF, *, named=(), exclude=(), overrides=(), percent=10):
    phases = (
        Phase("pilot", tuple(named), None, timedelta(0), None),
        Phase("some", (), Percent(percent * 100), timedelta(0), None),
    )
    flag = Flag("f", "d", "o", None, MerchantConfigHome("c"), None, False, tuple(overrides))
    eligible = Eligibility(timedelta(days=30), frozenset(exclude))
    return DesiredFlag(flag, Rollout("f", phase, Bucketing("f", 1), eligible, phases))


def activity(*best, busiest_from=None):
    return Activity(len(best), 0, {}, busiest_from, 0, best)


def judged(one=GOOD, who=None, flag=None, busiest_from=None, nameless=()):
    known = {} if who is None else {who.id: who}
    search = Search(flag or desired(), RULES, NOW)
    (found,) = search.rank(activity(one, busiest_from=busiest_from), known, nameless)
    return found


def test_a_good_merchant_has_every_reason_for_and_none_against():
    found = judged(who=merchant())
    assert found.is_fit
    assert list(found.reasons) == list(Fitness)


@pytest.mark.parametrize(
    ("change", "against"),
    [
        ({"last_run": NOW - timedelta(days=7)}, ()),
        ({"last_run": NOW - timedelta(days=7) - MICROSECOND}, (Fitness.ACTIVE,)),
        ({"good": 8}, (Fitness.RELIABLE,)),
        ({"good": 9}, ()),
        ({"good": 0, "matured": 0}, (Fitness.RELIABLE,)),
        ({"runs": 5}, ()),
        ({"runs": 4}, (Fitness.MODERATE,)),
        ({"runs": 20}, ()),
        ({"runs": 21}, (Fitness.MODERATE,)),
        ({"failed_lately": 1}, (Fitness.NO_FAILURES,)),
        ({"stuck_lately": 1}, (Fitness.NOTHING_STUCK,)),
    ],
)
def test_what_a_merchant_did_at_each_boundary(change, against):
    assert judged(replace(GOOD, **change), merchant()).against == against


@pytest.mark.parametrize(("threshold", "holds"), [(None, True), (11, True), (10, False)])
def test_the_busiest_come_last(threshold, holds):
    assert judged(who=merchant(), busiest_from=threshold).reasons[Fitness.NOT_BUSIEST] is holds


@pytest.mark.parametrize(
    ("who", "flag", "against"),
    [
        (merchant(active=False), desired(), (Fitness.IN_USE,)),
        (merchant(age=timedelta(days=30)), desired(), ()),
        (merchant(age=timedelta(days=30) - MICROSECOND), desired(), (Fitness.ESTABLISHED,)),
        (merchant(), desired(exclude=["m1"]), (Fitness.NOT_EXCLUDED,)),
        (merchant(), desired(named=["m1"]), (Fitness.NOT_CHOSEN,)),
        (
            merchant(),
            desired(overrides=[Override("m1", value=False, reason="r")]),
            (Fitness.NOT_OVERRIDDEN,),
        ),
        (
            merchant(),
            desired(overrides=[Override("m1", value=False, reason="r", expires=date(2026, 1, 1))]),
            (),
        ),
        (
            merchant(),
            desired(overrides=[Override("m1", value=True, reason="r")]),
            (Fitness.NOT_CHOSEN,),
        ),
        (merchant(), desired("some", percent=100), (Fitness.NOT_CHOSEN,)),
        (merchant(), replace(desired(), rollout=None), ()),
    ],
)
def test_what_the_app_and_the_files_say(who, flag, against):
    assert judged(who=who, flag=flag).against == against


def test_it_says_how_a_merchant_was_chosen():
    assert judged(who=merchant(), flag=desired(named=["m1"])).taken == (
        "named in phase pilot already"
    )
    everyone = desired("some", percent=100)
    assert judged(who=merchant(), flag=everyone).taken == "has it already, in phase some"


def test_whom_the_app_has_deleted_or_no_file_can_name_is_not_fit():
    assert judged(who=None).against == (Fitness.KNOWN,)
    found = judged(who=merchant(), nameless={"m1"})
    assert found.against == (Fitness.KNOWN,)
    assert found.merchant is not None


def test_fit_ones_come_first_then_the_nearest_misses_each_by_score():
    few, many = replace(GOOD, merchant="few", runs=6), replace(GOOD, merchant="many", runs=15)
    failed = replace(many, merchant="failed", failed_lately=1)
    known = {key: merchant(key) for key in ("few", "many", "failed")}
    ranked = Search(desired(), RULES, NOW).rank(activity(failed, few, many), known)
    assert [one.activity.merchant for one in ranked] == ["many", "few", "failed"]


def test_equals_are_told_apart_by_their_ids():
    two = [replace(GOOD, merchant=key) for key in ("b", "a")]
    ranked = Search(desired(), RULES, NOW).rank(activity(*two), {k: merchant(k) for k in "ab"})
    assert [one.activity.merchant for one in ranked] == ["a", "b"]


runs = st.integers(1, 60)


@given(runs, st.integers(0, 60), st.integers(0, 60), st.one_of(st.none(), runs))
def test_a_score_never_rises_with_failures_and_rules_know_no_other_state(
    count, matured, good, threshold
):
    one = replace(GOOD, runs=count, matured=matured, good=min(good, matured))
    assert set(by_activity(one, threshold, RULES, NOW)) == set(BY_ACTIVITY)
    worse = replace(one, good=max(one.good - 1, 0))
    assert score(worse, RULES) <= score(one, RULES)
    assert 100 <= score(one, RULES) <= 100 * RULES.runs_max + 1_000
