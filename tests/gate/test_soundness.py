"""What cannot be true is set aside, with a reason; what can be true is left as it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.gate.baseline import frozen
from controller.gate.counts import (
    Freshness,
    MerchantTally,
    Produced,
    Tally,
    TotalCount,
    Uncounted,
    WorstMerchantCount,
)
from controller.gate.soundness import vetted
from tests.gate.builders import (
    BASELINE,
    NOW,
    SINCE,
    identity,
    pilot_counts,
    population,
    ramp_counts,
    rate,
)

NAN = float("nan")


@pytest.mark.parametrize(
    "counts", [ramp_counts(), ramp_counts(0, 0), ramp_counts(3, 7), pilot_counts(), pilot_counts(0)]
)
def test_sound_counts_are_left_alone(counts):
    assert vetted(counts) == counts
    assert vetted(vetted(counts)) == vetted(counts)


def changed(part, **changes):
    return lambda c: replace(c, **{part: replace(getattr(c, part), **changes)})


def changed_rate(**changes):
    def change(counts):
        broken = replace(counts.rates["completed"], **changes)
        return replace(counts, rates={**counts.rates, "completed": broken})

    return change


UNSOUND = [
    ("identity", changed("identity", extra=-1), "not a count: extra is -1"),
    ("identity", changed("identity", cohort_found=None), "cohort_found is None"),
    ("identity", changed("identity", since=SINCE.replace(tzinfo=None)), "no zone"),
    ("identity", lambda c: replace(c, identity="?"), "nothing usable was delivered, but '?'"),
    ("freshness", changed("freshness", watermark=NOW.replace(tzinfo=None)), "no zone"),
    ("freshness", changed("freshness", watermark="yesterday"), "no zone"),
    ("freshness", changed("freshness", replica_lag=timedelta(-1)), "lag"),
    ("freshness", changed("freshness", replica_lag=3), "lag is 3"),
    ("population", changed("population", matured=NAN), "matured is nan"),
    ("population", changed("population", pending=True), "pending is True"),
    ("population", changed("population", excluded={"1948": -2}), "excluded (1948) is -2"),
    ("population", changed("population", recent_window=timedelta(-1)), "not a length of time"),
    ("population", changed("population", recent_window=24), "not a length of time: 24"),
    ("population", changed("population", recent=101, capped=100), "101 recent of 100 capped"),
    ("population", changed("population", capped=101), "101 capped of 100"),
    ("population", changed("population", merchants=0), "100 runs of no merchant"),
    ("population", changed("population", merchants=11), "11 merchants in a cohort of 10"),
    (
        "population",
        changed("population", merchants=10, capped=9, recent=0),
        "10 merchants with 9 runs",
    ),
    ("durations", changed("durations", runs=-1), "runs is -1"),
    ("durations", changed("durations", within=101), "101 quick runs of 100"),
    ("durations", changed("durations", worst=None), "100 durations of which the longest is None"),
    ("durations", changed("durations", runs=0, within=0), "0 durations of which the longest is"),
    ("durations", changed("durations", worst=timedelta(-1)), "the longest duration is"),
    ("durations", changed("durations", median=timedelta(1)), "half of the durations are at most"),
    ("durations", changed("durations", median=timedelta(-1)), "half of the durations are at most"),
    ("produced", lambda c: replace(c, produced=Produced(-1, 0)), "orders is -1"),
    ("produced", lambda c: replace(c, produced=Produced(0, 2)), "2 line items of no order"),
    ("durations", changed("durations", runs=101), "101 durations of 100 matured runs"),
    ("baseline", changed("baseline", durations=-1), "durations is -1"),
    ("baseline", changed("baseline", completed=Tally(2, 1)), "2 good of 1 runs"),
    ("baseline", changed("baseline", completed=None), "not a tally: None"),
    ("baseline", changed("baseline", ends=SINCE.replace(tzinfo=None)), "no zone"),
    ("baseline", changed("baseline", median_bound=38), "median is not a length of time"),
    ("baseline", changed("baseline", merchants=9), "hash differs"),
    ("baseline", changed("baseline", hash=""), "hash differs"),
    ("untreated", lambda c: replace(c, untreated=Tally(NAN, 3)), "good is nan"),
    ("untreated", lambda c: replace(c, untreated=None), "nothing usable"),
]

UNSOUND_RATES = [
    (changed_rate(all_runs=Tally(101, 100)), "101 good of 100 runs is impossible"),
    (changed_rate(all_runs=Tally(100, NAN)), "matured is nan"),
    (changed_rate(capped=None), "not a tally: None"),
    (changed_rate(capped=Tally(100, 101)), "capped runs are not among all runs"),
    (changed_rate(all_runs=Tally(99, 100), capped=Tally(100, 100)), "capped runs are not among"),
    (changed_rate(merchants=-1), "merchants is -1"),
    (changed_rate(merchants=0), "100 runs of 0 merchants"),
    (
        changed_rate(all_runs=Tally(0, 0), capped=Tally(0, 0), merchants=1),
        "0 runs of 1 merchants",
    ),
    (changed_rate(merchants=101), "101 merchants with 100 runs"),
    (changed_rate(merchants=11), "does a join multiply rows?"),
    (changed_rate(all_runs=Tally(101, 101)), "101 runs were counted where only 100 have matured"),
    (changed_rate(worst=0.7), "the worst merchant was not looked for: 0.7"),
    (changed_rate(worst=WorstMerchantCount(NAN, None)), "considered is nan"),
    (changed_rate(worst=WorstMerchantCount(2, None)), "2 of 10 merchants considered, None found"),
    (
        changed_rate(worst=WorstMerchantCount(0, MerchantTally("m", Tally(1, 1)))),
        "0 of 10 merchants considered",
    ),
    (
        changed_rate(worst=WorstMerchantCount(11, MerchantTally("m", Tally(1, 1)))),
        "11 of 10 merchants considered",
    ),
    (changed_rate(worst=WorstMerchantCount(1, MerchantTally("m", Tally(2, 1)))), "2 good of 1"),
    (changed_rate(worst=WorstMerchantCount(1, MerchantTally("m", Tally(None, 1)))), "good is None"),
    (changed_rate(worst=WorstMerchantCount(1, MerchantTally("m", None))), "not a tally: None"),
    (
        changed_rate(worst=WorstMerchantCount(1, MerchantTally("m", Tally(0, 1)))),
        "worst merchant's runs are not among all",
    ),
]


def base():
    durations = pilot_counts(100).durations
    return ramp_counts(durations=durations)


@pytest.mark.parametrize(("part", "change", "reason"), UNSOUND)
def test_what_cannot_be_true_is_set_aside_with_its_reason(part, change, reason):
    result = getattr(vetted(change(base())), part)
    assert isinstance(result, Uncounted)
    assert reason in result.reason


@pytest.mark.parametrize(("change", "reason"), UNSOUND_RATES)
def test_a_rate_that_cannot_be_true_is_set_aside(change, reason):
    result = vetted(change(base()))
    assert isinstance(result.rates["completed"], Uncounted)
    assert reason in result.rates["completed"].reason
    assert result.rates["on_time"] == base().rates["on_time"]


@pytest.mark.parametrize("count", [NAN, None, -1, 1.0, True, "3"])
def test_a_count_that_is_no_count_is_set_aside(count):
    counts = replace(base(), totals={"corrupted": TotalCount(count), "stuck": TotalCount(0)})
    result = vetted(counts)
    assert isinstance(result.totals["corrupted"], Uncounted)
    assert result.totals["stuck"] == TotalCount(0)


def test_capped_rows_are_checked_against_capped_runs_too():
    counts = ramp_counts(population=population(100, capped=99, recent=1))
    assert isinstance(vetted(counts).rates["completed"], Uncounted)


def test_an_uncounted_population_does_not_condemn_the_rates():
    counts = ramp_counts(population=Uncounted("timed out"))
    assert vetted(counts).rates == counts.rates


def test_what_is_uncounted_keeps_its_reason():
    counts = ramp_counts(baseline=Uncounted("the ledger has none"))
    assert vetted(counts).baseline == Uncounted("the ledger has none")


def test_a_baseline_without_a_median_is_sound_when_it_was_frozen_so():
    few = frozen(replace(BASELINE, median_bound=None))
    assert vetted(replace(base(), baseline=few)).baseline == few


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("identity", identity("10%", 10, since=None)),
        ("freshness", Freshness(None, None)),
        ("freshness", Freshness(NOW, timedelta(hours=1))),
    ],
)
def test_what_is_known_to_be_absent_is_for_the_checks_to_judge(part, value):
    assert getattr(vetted(replace(base(), **{part: value})), part) == value


@pytest.mark.parametrize(
    ("part", "change", "reason"),
    [
        (
            "identity",
            changed("identity", extra=-1, since=SINCE.replace(tzinfo=None)),
            "not a count",
        ),
        ("baseline", changed("baseline", durations=-1, ends=None), "durations is -1"),
        ("baseline", changed("baseline", ends=None, median_bound=38), "no zone"),
        ("baseline", changed("baseline", median_bound=38), "not a length of time"),
    ],
)
def test_the_first_thing_that_cannot_be_true_is_the_reason(part, change, reason):
    assert reason in getattr(vetted(change(base())), part).reason


garbage = st.one_of(
    st.none(), st.floats(), st.text(max_size=3), st.integers(-3, 300), st.booleans()
)


@given(garbage, garbage, garbage, garbage, garbage)
def test_whatever_numbers_come_what_remains_is_possible(good, matured, capped_good, capped, whole):
    odd = replace(
        rate(100, 100),
        all_runs=Tally(good, matured),
        capped=Tally(capped_good, capped),
        merchants=whole,
    )
    result = vetted(replace(base(), rates={"completed": odd})).rates["completed"]
    if not isinstance(result, Uncounted):
        assert 0 <= result.capped.good <= result.all_runs.good <= result.all_runs.matured <= 100
        assert 0 <= result.capped.bad <= result.all_runs.bad
        assert 0 <= result.merchants <= 10
