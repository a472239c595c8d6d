"""One run in words, the same in every format.

Nothing here is escaped: statuses, stages, errors and names come from data, and are made harmless
where they are shown.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from controller.domain.instants import format_instant
from controller.domain.measures import Rate, Total
from controller.domain.wording import counted
from controller.gate import words
from controller.gate.counts import Baseline, BaselineSource, Uncounted
from controller.gate.single_run import (
    Comparison,
    Fate,
    RunFile,
    RunLimits,
    RunOrder,
    RunOutcome,
    times,
)
from controller.inquiry.run import RunAnalysis, RunFlag

Fact = tuple[str, str]
_KILO: Final = 1_024
_ABOUT_AS_FAST: Final = (0.95, 1.05)
_GOOD: Final = {
    Rate.PURCHASE_ORDER_CREATED.value: ("purchase order created", "no purchase order"),
    Rate.LINE_ITEMS_EXTRACTED.value: ("line items extracted", "no line items in it"),
    Rate.DATA_COMPLETE.value: ("data complete", "data not complete"),
    Rate.SHOPIFY_SYNCED.value: ("synced to the shop", "not synced to the shop"),
}
_BAD: Final = {
    Total.DUPLICATE_ORDERS.value: ("one order", "several orders from one run"),
    Total.CORRUPTED.value: ("nothing corrupted", "a negative total, or an order of no merchant"),
}


def headline(analysis: RunAnalysis) -> str:
    """What became of it, in a few words."""
    run = analysis.run
    status = run.status or "of no status"
    if run.took is not None and run.completed is not None:
        return f"{status} after {words.duration(run.took)}"
    if run.created is None:
        return status
    since = max(analysis.now - run.created, timedelta())
    stage = f" in stage {run.stage}" if run.stage else ""
    return f"{status}{stage}, created {words.duration(since)} ago"


def treated_by(analysis: RunAnalysis) -> tuple[RunFlag, ...]:
    """The flags that the merchant had when the run was created."""
    return tuple(flag for flag in analysis.flags if flag.since is not None)


def counts_as(outcome: RunOutcome, limits: RunLimits) -> str:
    """What a gate with these times makes of it."""
    match outcome.fate:
        case Fate.COMPLETED:
            when = "on time" if outcome.on_time else "late"
            comparison = "within" if outcome.on_time else "not within"
            return f"completed, {when} ({comparison} {words.duration(limits.on_time)})"
        case Fate.FAILED:
            return f"failed (within {words.duration(limits.deadline)})"
        case Fate.STUCK:
            return f"stuck (not ended within {words.duration(limits.deadline)})"
        case Fate.PENDING:
            return f"pending (decided {words.duration(limits.deadline)} after its creation)"
        case Fate.EXCLUDED:
            return f"not judged: {outcome.why}"


def judgements(analysis: RunAnalysis) -> Iterator[Fact]:
    """For each flag, whether the run was made with it and what its gate makes of the run."""
    for flag in analysis.flags:
        outcome = analysis.run.outcomes[flag.limits]
        gate = f"gate {flag.gate}" if flag.gate else "a gate with the usual times"
        said = counts_as(outcome, flag.limits)
        if flag.since is None:
            yield flag.flag, f"off when it was created, so no gate counts it; by {gate}: {said}"
        else:
            on = f"on since {format_instant(flag.since)}, now in phase {flag.phase}"
            yield flag.flag, f"{on}; {gate} counts it as {said}"
    if not analysis.flags:
        yield (
            "a gate",
            f"with the usual times would count it as {counts_as(analysis.usual, RunLimits())}",
        )


def stages(analysis: RunAnalysis) -> Iterator[Fact]:
    """The times that are known, and the stage it has reached."""
    run = analysis.run
    yield "created", format_instant(run.created) if run.created else "at an unknown time"
    yield "began", _after(run.created, run.started)
    yield "stage", run.stage or "not known"
    yield "ended", _after(run.created, run.completed)
    for order in run.orders if not isinstance(run.orders, Uncounted) else ():
        if order.synced_at is not None:
            yield "in the shop", _after(run.created, order.synced_at)
    if run.error:
        yield "error", run.error


def _after(created: datetime | None, at: datetime | None) -> str:
    if at is None:
        return "not yet, or not recorded"
    if created is None:
        return format_instant(at)
    if at < created:
        return f"{format_instant(at)}, before it was created"
    return f"{format_instant(at)}, after {words.duration(at - created)}"


def file(found: RunFile | Uncounted | None) -> str:
    """The file it began with."""
    if found is None:
        return "none"
    if isinstance(found, Uncounted):
        return f"cannot be read: {found.reason}"
    size = _size(found.size) if found.size is not None else None
    return " · ".join(part for part in (found.name or "no name", found.type, size) if part)


def _size(size: int) -> str:
    if size < _KILO:
        return f"{size} bytes"
    if size < _KILO * _KILO:
        return f"{size / _KILO:.1f} kB"
    return f"{size / _KILO / _KILO:.1f} MB"


def order(found: RunOrder) -> Iterator[Fact]:
    """One order."""
    yield "number", found.number or "missing"
    yield "supplier", _supplier(found)
    yield "total", _amount(found.total)
    yield "line items", _items(found)
    yield "status", found.status or "none"
    reached = format_instant(found.synced_at) if found.synced_at else "no time of it"
    yield (
        "shop",
        " · ".join(
            (found.shopify_order or "no order there", found.sync_status or "no status", reached)
        ),
    )


def _supplier(found: RunOrder) -> str:
    if not found.supplier:
        return "missing"
    return f"{found.supplier_name} ({found.supplier})" if found.supplier_name else found.supplier


def _amount(amount: Decimal | None) -> str:
    return "missing" if amount is None else f"{amount:,.2f}"


def _items(found: RunOrder) -> str:
    if not found.items:
        return "none"
    if found.items_total is None:
        return f"{found.items:,}, without amounts that could be added up"
    if found.adds_up:
        return f"{found.items:,}, which add up to the total"
    wrong = "" if found.adds_up is None else ": not the total"
    return f"{found.items:,}, which add up to {_amount(found.items_total)}{wrong}"


def quality(analysis: RunAnalysis) -> Iterator[tuple[str, bool]]:
    """What the gate asks of the data, each with whether it is so."""
    measures = analysis.run.measures
    if isinstance(measures, Uncounted):
        return
    for name, (good, bad) in _GOOD.items():
        holds = measures[name]
        yield good if holds else f"{bad}{_why_incomplete(name, analysis)}", holds
    for name, (good, bad) in _BAD.items():
        yield bad if measures[name] else good, not measures[name]


def _why_incomplete(name: str, analysis: RunAnalysis) -> str:
    orders = analysis.run.orders
    if name != Rate.DATA_COMPLETE or isinstance(orders, Uncounted):
        return ""
    missing = dict.fromkeys(field for order in orders for field in order.missing)
    found = [f"{field} missing" for field in missing]
    if any(order.adds_up is False for order in orders):
        found.append("the line items do not add up to the total")
    if len(orders) > 1:
        found.append("with two orders nobody can tell which one is right")
    return f": {', '.join(found)}" if found else ""


def past(analysis: RunAnalysis) -> str:
    """Held against the merchant's earlier runs."""
    found = analysis.past
    if isinstance(found, Uncounted):
        return f"cannot be read: {found.reason}"
    before = "before it got the feature" if treated_by(analysis) else "earlier"
    if not found.runs or found.median is None:
        return f"no completed run {before} to compare with"
    runs = counted(found.runs, "completed run")
    text = f"{runs} {before}, half of them within {words.duration(found.median)}"
    return f"{text}; {_against(found)}" if found.slower is not None else text


def _against(found: Comparison) -> str:
    slower = f"{found.slower:,} of {found.runs:,} took longer"
    return f"{slower}; {_speed(found.ratio)}" if found.ratio else slower


def _speed(ratio: float) -> str:
    if _ABOUT_AS_FAST[0] < ratio < _ABOUT_AS_FAST[1]:
        return "this one was about as fast"
    if ratio >= 1:
        return f"this one was {ratio:.1f} times as fast"
    return f"this one took {1 / ratio:.1f} times as long"


def baselines(analysis: RunAnalysis) -> Iterator[Fact]:
    """Held against what was frozen before each flag left off."""
    for flag in analysis.flags:
        if flag.baseline is not None:
            yield flag.flag, _baseline(flag.baseline, analysis.run.duration)


def _baseline(found: Baseline | Uncounted, took: timedelta | None) -> str:
    if isinstance(found, Uncounted):
        return found.reason
    whose = (
        "the pilot's own merchants" if found.source is BaselineSource.SAME_MERCHANTS else "others"
    )
    text = f"{counted(found.durations, 'completed run')} of {whose}"
    if found.median_bound is None:
        return f"{text}, too few to say how long they took"
    ratio = times(found.median_bound, took)
    text = f"{text}, half of them took at least {words.duration(found.median_bound)}"
    return f"{text}; {_speed(ratio)}" if ratio else text
