"""One run, for machines."""

from datetime import timedelta
from typing import Any

from controller.gate.counts import Baseline, Uncounted
from controller.gate.single_run import RunFile, RunLimits, RunOrder, RunOutcome
from controller.inquiry.run import RunAnalysis, RunFlag
from controller.render.json import instant


def run_analysis(analysis: RunAnalysis) -> dict[str, Any]:
    """Everything about one run; what could not be read is an object with a `problem`."""
    run, merchant = analysis.run, analysis.merchant
    return {
        "format": "rolloutctl-run/1",
        "environment": analysis.environment,
        "now": instant(analysis.now),
        "run": run.id,
        "merchant": {
            "id": run.merchant,
            "shop_domain": merchant.shop_domain if merchant else None,
        },
        "status": run.status,
        "stage": run.stage,
        "error": run.error,
        "created": instant(run.created),
        "started": instant(run.started),
        "completed": instant(run.completed),
        "took_seconds": _seconds(run.took),
        "file": _file(run.file),
        "orders": _orders(run.orders),
        "data_quality": _problem(run.measures)
        if isinstance(run.measures, Uncounted)
        else dict(run.measures),
        "outcome": _outcome(analysis.usual, RunLimits()),
        "flags": [_flag(flag, analysis) for flag in analysis.flags],
        "past": _past(analysis),
    }


def _problem(found: Uncounted) -> dict[str, Any]:
    return {"problem": found.reason}


def _seconds(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds()


def _file(found: RunFile | Uncounted | None) -> dict[str, Any] | None:
    if found is None:
        return None
    if isinstance(found, Uncounted):
        return _problem(found)
    return {"name": found.name, "size": found.size, "type": found.type}


def _orders(found: tuple[RunOrder, ...] | Uncounted) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(found, Uncounted):
        return _problem(found)
    return [_order(order) for order in found]


def _order(order: RunOrder) -> dict[str, Any]:
    return {
        "id": order.id,
        "merchant": order.merchant,
        "number": order.number,
        "supplier": order.supplier,
        "supplier_name": order.supplier_name,
        "status": order.status,
        "total": None if order.total is None else str(order.total),
        "line_items": order.items,
        "line_items_total": None if order.items_total is None else str(order.items_total),
        "adds_up": order.adds_up,
        "missing": list(order.missing),
        "shopify_order": order.shopify_order,
        "sync_status": order.sync_status,
        "synced_at": instant(order.synced_at),
    }


def _outcome(outcome: RunOutcome, limits: RunLimits) -> dict[str, Any]:
    return {
        "fate": outcome.fate,
        "on_time": outcome.on_time,
        "why": outcome.why,
        "deadline_seconds": limits.deadline.total_seconds(),
        "on_time_seconds": limits.on_time.total_seconds(),
    }


def _flag(flag: RunFlag, analysis: RunAnalysis) -> dict[str, Any]:
    return {
        "flag": flag.flag,
        "phase": flag.phase,
        "on_since": instant(flag.since),
        "gate": flag.gate,
        "outcome": _outcome(analysis.run.outcomes[flag.limits], flag.limits),
        "baseline": _baseline(flag.baseline),
    }


def _baseline(found: Baseline | Uncounted | None) -> dict[str, Any] | None:
    if found is None:
        return None
    if isinstance(found, Uncounted):
        return _problem(found)
    return {
        "hash": found.hash,
        "source": found.source,
        "runs": found.durations,
        "median_bound_seconds": _seconds(found.median_bound),
    }


def _past(analysis: RunAnalysis) -> dict[str, Any]:
    found = analysis.past
    if isinstance(found, Uncounted):
        return _problem(found)
    return {
        "until": instant(analysis.until),
        "runs": found.runs,
        "median_seconds": _seconds(found.median),
        "slower": found.slower,
        "times_as_long": found.ratio,
    }
