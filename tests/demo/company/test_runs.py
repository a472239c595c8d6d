import numpy as np

from controller.demo.company.behaviour import GOOD, LEGACY
from controller.demo.company.runs import STAGES, Fate, Runs, draw_runs

_NOON = np.datetime64("2026-06-10T12:00", "ms")


def _legacy(count: int, **changes: float) -> Runs:
    created = _NOON + np.arange(count) * np.timedelta64(1_000, "ms")
    trouble = np.full(count, changes.get("trouble", 1.0))
    return draw_runs(LEGACY, np.arange(count), created, trouble, np.random.default_rng(1))


def test_troubled_merchants_fail_more_often_and_untroubled_never():
    assert not (_legacy(2_000, trouble=0.0).fate == Fate.FAILED).any()
    assert np.mean(_legacy(2_000, trouble=10.0).fate == Fate.FAILED) > 0.2


def test_completed_runs_have_passed_every_stage():
    runs = _legacy(2_000)
    assert (runs.stage[runs.fate == Fate.COMPLETED] == len(STAGES) - 1).all()
    assert len(set(runs.stage[runs.fate == Fate.FAILED].tolist())) == len(STAGES)


def test_what_ends_later_is_still_being_processed():
    seen = _legacy(500).as_of(_NOON + np.timedelta64(20 * 60_000, "ms"))
    running = seen.fate == Fate.PROCESSING
    assert running.sum() > 400
    assert np.isnat(seen.completed[running]).all()
    assert not seen.synced[running].any()
    assert seen.stage[running].max() < len(STAGES)


def test_joined_runs_are_in_the_order_they_were_made():
    early = _legacy(10)
    late = draw_runs(GOOD, np.arange(5), early.created[::2], np.ones(5), np.random.default_rng(2))
    both = early.joined(late)
    assert len(both.merchant) == 15
    assert (np.diff(both.created) >= np.timedelta64(0, "ms")).all()
