from datetime import UTC

import numpy as np

from controller.demo.company.roster import DAY, Roster, draw_roster

_NOON = np.datetime64("2026-06-10T12:00", "ms")
_NAMED = ("clx7pilotpilotpilotpilot1", "clx8secondsecondsecondsec")


def _roster(count: int, at: np.datetime64 = _NOON, seed: int = 1) -> Roster:
    return draw_roster(count, _NAMED, at, np.random.default_rng(seed))


def test_merchants_are_in_the_order_they_came_and_named_ones_are_settled():
    roster = _roster(2_000)
    assert (np.diff(roster.created) >= np.timedelta64(0, "ms")).all()
    assert [roster.ids[place] for place in roster.named] == list(_NAMED)
    assert (_NOON - roster.created[roster.named] > 30 * DAY).all()
    assert roster.active[roster.named].all()


def test_a_few_are_ten_times_as_busy_as_the_rest():
    runs = _roster(2_000).monthly_runs
    assert 8 < np.median(runs) < 12
    assert 5 < (runs > 50).sum() < 60


def test_whoever_left_did_so_after_coming_and_before_now():
    roster = _roster(2_000)
    gone = ~roster.active
    assert 20 < gone.sum() < 120
    assert (roster.left[gone] >= roster.created[gone]).all()
    assert (roster.left[gone] <= _NOON).all()


def test_ids_depend_on_the_seed_and_not_on_the_day():
    assert _roster(50).ids == _roster(50, at=_NOON + 40 * DAY).ids
    assert _roster(50).ids != _roster(50, seed=2).ids


def test_everyone_may_be_named():
    roster = _roster(2)
    assert sorted(roster.ids) == sorted(_NAMED)


def test_as_values_they_are_the_same():
    roster = _roster(5)
    merchants = roster.merchants()
    assert [merchant.id for merchant in merchants] == roster.ids
    assert [merchant.is_active for merchant in merchants] == roster.active.tolist()
    assert all(merchant.created_at.tzinfo is UTC for merchant in merchants)
