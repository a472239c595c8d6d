"""Counts that must be zero."""

from controller.gate.counts import TotalCount, Uncounted
from controller.gate.invariants import judge_never, total_of
from controller.gate.report import CriterionKind
from tests.gate.builders import ramp_counts


def judged(total):
    counts = ramp_counts(totals={} if total is None else {"corrupted": total})
    (result,) = judge_never(("corrupted",), counts)
    assert result.kind is CriterionKind.NEVER
    assert result.decides
    return str(result.verdict), result.reason


def test_none_is_a_pass_and_one_is_a_fail():
    assert judged(TotalCount(0)) == ("pass", "None was found.")
    assert judged(TotalCount(1)) == ("fail", "1 case found; there must never be one.")
    assert judged(TotalCount(2, examples=("po-1", "po-9"))) == (
        "fail",
        "2 cases found (po-1, po-9); there must never be one.",
    )


def test_what_nobody_counted_is_an_error():
    assert judged(Uncounted("no such column.")) == (
        "error",
        "Could not be counted: no such column.",
    )
    assert judged(None) == ("error", "Could not be counted: there is no count called `corrupted`.")


def test_a_count_of_zero_is_not_mistaken_for_no_count():
    assert total_of("failed", ramp_counts()) == TotalCount(0)


def test_the_policys_order_is_kept():
    results = judge_never(("corrupted", "duplicate_orders"), ramp_counts())
    assert [result.name for result in results] == ["corrupted", "duplicate_orders"]
