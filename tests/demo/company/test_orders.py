from dataclasses import replace

import numpy as np

from controller.demo.company.behaviour import GOOD
from controller.demo.company.orders import Orders, draw_orders, supplier_of
from controller.demo.company.runs import Fate, Runs, draw_runs

_NOON = np.datetime64("2026-06-10T12:00", "ms")


def _runs(count: int) -> Runs:
    return draw_runs(
        replace(GOOD, failed=0.2, corrupt=0.5),
        np.arange(count),
        np.full(count, _NOON),
        np.ones(count),
        np.random.default_rng(1),
    )


def _orders(runs: Runs) -> Orders:
    rng = np.random.default_rng(2)
    return draw_orders(runs, supplier_of(runs.merchant, rng), rng)


def _stated_and_real(orders: Orders) -> tuple[np.ndarray, np.ndarray]:
    amounts = orders.quantity * orders.unit_cents
    return orders.cents, np.bincount(orders.item_order, amounts, minlength=len(orders.run))


def test_orders_of_sound_runs_add_up():
    runs = _runs(1_000)
    orders = _orders(runs)
    stated, real = _stated_and_real(orders)
    sound = ~runs.corrupt[orders.run]
    assert (stated[sound] == real[sound]).all()
    assert (real[sound] > 0).all()


def test_corrupt_runs_leave_each_kind_of_wrong_order():
    runs = _runs(1_000)
    orders = _orders(runs)
    stated, real = _stated_and_real(orders)
    corrupt = runs.corrupt[orders.run]
    orders_of_run = np.bincount(orders.run, minlength=1_000)
    assert (stated[corrupt] < 0).sum() > 50
    assert (real[corrupt] == 0).sum() > 50
    assert ((stated != real) & (stated > 0) & (real > 0))[corrupt].sum() > 50
    assert (orders_of_run[runs.corrupt] == 2).sum() > 50
    assert (orders_of_run <= np.where(runs.corrupt, 2, 1)).all()


def test_a_run_that_failed_before_anything_was_saved_has_no_order():
    runs = _runs(1_000)
    early = np.flatnonzero((runs.fate == Fate.FAILED) & (runs.stage <= 1))
    assert len(early)
    assert not np.isin(early, _orders(runs).run).any()
