"""The pilot's criteria, one by one, in their words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from controller.gate.counts import TotalCount, Uncounted
from controller.gate.deterministic import judge_criteria, smoke_test
from controller.gate.report import CriterionKind
from tests.gate.builders import PILOT, pilot_counts, population, rate

MINUTE = timedelta(minutes=1)


def judged(name, counts, policy=PILOT):
    (result,) = [r for r in judge_criteria(policy, counts) if r.name == name]
    return str(result.verdict), result.reason


def test_everything_is_judged_in_order():
    assert [r.name for r in judge_criteria(PILOT, pilot_counts())] == [
        "duplicate_orders",
        "corrupted",
        "failed",
        "stuck",
        "duration",
        "purchase_order_created",
        "line_items_extracted",
        "data_complete",
        "shopify_synced",
    ]


KINDS = [CriterionKind.NEVER] * 2 + [CriterionKind.LIMIT] * 2 + [CriterionKind.DURATION]
KINDS += [CriterionKind.EVERY_RUN] * 4


@pytest.mark.parametrize(
    "counts",
    [
        pilot_counts(),
        pilot_counts(rates={}, totals={}, durations=Uncounted("timed out")),
    ],
)
def test_every_result_knows_its_kind_even_when_it_could_not_be_counted(counts):
    assert [r.kind for r in judge_criteria(PILOT, counts)] == KINDS


@pytest.mark.parametrize(
    ("worst", "verdict", "reason"),
    [
        (MINUTE * 4, "pass", "took 4 min (run-1): excellent, half of the 10 min allowed or less."),
        (MINUTE * 5, "pass", "excellent, half of the 10 min allowed or less."),
        (MINUTE * 6, "pass", "The slowest of 5 completed runs took 6 min (run-1), at most 10 min."),
        (MINUTE * 11, "warn", "took 11 min (run-1): more than 10 min, at most 30 min."),
        (MINUTE * 31, "fail", "took 31 min (run-1): more than 30 min."),
    ],
)
def test_duration(worst, verdict, reason):
    found = judged("duration", pilot_counts(worst=worst))
    assert found[0] == verdict
    assert found[1].endswith(reason)


def test_without_a_completed_run_there_is_no_duration():
    assert judged("duration", pilot_counts(0)) == (
        "insufficient_data",
        "No run has completed yet.",
    )
    counts = replace(pilot_counts(), durations=Uncounted("timed out"))
    assert judged("duration", counts) == ("error", "Could not be counted: timed out.")


def test_every_matured_run_needs_an_outcome():
    counts = pilot_counts(population=population(7, merchants=1))
    assert judged("duration", counts) == (
        "error",
        "Could not be counted: 2 matured runs neither failed nor stuck, yet without a duration.",
    )
    for known in (pilot_counts(failed=2), pilot_counts(stuck=2), pilot_counts(failed=1, stuck=1)):
        assert judged("duration", known)[0] == "pass"
    # A run that completed after its deadline is stuck and has a duration.
    late = pilot_counts(5, totals={**pilot_counts().totals, "stuck": TotalCount(1)})
    assert judged("duration", late)[0] == "pass"
    for part in ("failed", "stuck"):
        gone = {**pilot_counts().totals, part: Uncounted("timed out")}
        assert judged("duration", replace(counts, totals=gone))[0] == "pass"
    assert judged("duration", replace(counts, population=Uncounted("timed out")))[0] == "pass"


def test_failed_and_stuck_runs():
    assert judged("failed", pilot_counts()) == ("pass", "No run failed.")
    assert judged("failed", pilot_counts(failed=2)) == (
        "fail",
        "2 runs failed; 1 or more mean rollback.",
    )
    patient = replace(PILOT, stuck_rollback=3)
    counts = pilot_counts(stuck=2)
    assert judged("stuck", counts, patient) == (
        "warn",
        "2 runs stuck; rollback is called for at 3.",
    )
    assert judged("stuck", pilot_counts(stuck=3), patient)[0] == "fail"


@pytest.mark.parametrize(("stuck", "left"), [(0, 3), (2, 1), (3, None), (4, None)])
def test_how_far_rollback_is(stuck, left):
    results = judge_criteria(replace(PILOT, stuck_rollback=3), pilot_counts(stuck=stuck))
    (result,) = [r for r in results if r.name == "stuck"]
    assert result.failures_to_rollback == left


def test_what_every_run_must_have():
    assert judged("shopify_synced", pilot_counts()) == ("pass", "Holds for 5 runs of 5.")
    assert judged("shopify_synced", pilot_counts(incomplete={"shopify_synced": 2})) == (
        "warn",
        "Does not hold for 2 runs of 5.",
    )
    assert judged("shopify_synced", pilot_counts(1, failed=1))[0] == "insufficient_data"
    rates = {**pilot_counts().rates, "shopify_synced": Uncounted("no such column")}
    assert judged("shopify_synced", pilot_counts(rates=rates))[0] == "error"
    assert judged("shopify_synced", pilot_counts(rates={})) == (
        "error",
        "Could not be counted: there is no measure called `shopify_synced`.",
    )


def test_shares_carry_fixed_sample_limits():
    results = judge_criteria(PILOT, pilot_counts(rates={**pilot_counts().rates}))
    (share,) = [r.all_runs for r in results if r.name == "data_complete"]
    assert share.lower == pytest.approx(0.05 ** (1 / 5))
    assert share.upper == 1.0
    rates = {**pilot_counts().rates, "data_complete": rate(0, 5, merchants=1)}
    results = judge_criteria(PILOT, pilot_counts(rates=rates))
    (share,) = [r.all_runs for r in results if r.name == "data_complete"]
    assert share.lower == 0.0
    assert share.upper == pytest.approx(1 - 0.05 ** (1 / 5))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            pilot_counts(1),
            (
                "1 of 1 within 10 min. This is a smoke test: it is compatible with a true success "
                "rate as low as 5 %."
            ),
        ),
        (
            pilot_counts(5, failed=1),
            (
                "4 of 5 within 10 min. This is a smoke test: it is compatible with a true success "
                "rate as low as 34 %."
            ),
        ),
        (pilot_counts(0), "No run has matured yet: nothing can be said."),
        (
            pilot_counts(population=Uncounted("timed out")),
            "The runs could not be counted: nothing can be said.",
        ),
        (
            pilot_counts(durations=Uncounted("timed out")),
            "The runs could not be counted: nothing can be said.",
        ),
    ],
)
def test_the_smoke_test_sentence(counts, sentence):
    assert smoke_test(PILOT, counts) == sentence
