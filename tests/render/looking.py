"""Merchants and runs to be shown: values by hand, the same every day."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from controller.domain.candidates import (
    Activity,
    Candidate,
    CandidateRules,
    Fitness,
    MerchantActivity,
)
from controller.domain.merchant import Merchant
from controller.gate.counts import Baseline, BaselineSource, Tally
from controller.gate.single_run import (
    Fate,
    RunFile,
    RunLimits,
    RunOrder,
    RunOutcome,
    SingleRun,
    compare,
)
from controller.inquiry.candidates import Candidates
from controller.inquiry.run import RunAnalysis, RunFlag

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=2)
CREATED = NOW - timedelta(hours=3)
USUAL = RunLimits()


def minutes(amount):
    return timedelta(minutes=amount)


def activity(merchant, **changes):
    usual = {
        "merchant": merchant,
        "runs": 12,
        "matured": 12,
        "good": 12,
        "failed_lately": 0,
        "stuck_lately": 0,
        "last_run": NOW - timedelta(hours=8, minutes=42),
        "mean_duration": minutes(38),
    }
    return MerchantActivity(**{**usual, **changes})


def candidate(merchant, against=(), *, known=True, taken="", age=timedelta(days=484), **changes):
    who = Merchant(merchant, f"{merchant}.example.com", is_active=True, created_at=NOW - age)
    every = tuple(Fitness) if known else (*list(Fitness)[:6], Fitness.KNOWN)
    reasons = {fitness: fitness not in against for fitness in every}
    return Candidate(activity(merchant, **changes), who if known else None, reasons, taken)


def candidates(*ranked, phase="pilot", merchants=960, fit=571, busiest_from=25):
    broken = {Fitness.MODERATE: 252, Fitness.NO_FAILURES: 81, Fitness.ACTIVE: 0}
    best = tuple(one.activity for one in ranked)
    return Candidates(
        environment="production",
        flag="sequential_workflow",
        phase=phase,
        now=NOW,
        rules=CandidateRules(),
        activity=Activity(merchants, fit, broken, busiest_from, 0, best),
        ranked=ranked,
    )


def order(**changes):
    usual = {
        "id": "o1",
        "merchant": "m1",
        "number": "PO-015752",
        "supplier": "s1",
        "supplier_name": "Plum Group B.V.",
        "status": "completed",
        "total": Decimal("6475.45"),
        "items": 7,
        "items_total": Decimal("6475.45"),
        "shopify_order": "gid://shopify/Order/6195458540831",
        "sync_status": "synced",
        "synced": True,
        "synced_at": CREATED + minutes(4),
    }
    return RunOrder(**{**usual, **changes})


GOOD_DATA = {
    "purchase_order_created": True,
    "line_items_extracted": True,
    "data_complete": True,
    "shopify_synced": True,
    "duplicate_orders": False,
    "corrupted": False,
}


def run(**changes):
    usual = {
        "id": "r1",
        "merchant": "m1",
        "status": "completed",
        "stage": "shopify_sync",
        "error": None,
        "created": CREATED,
        "started": CREATED + timedelta(seconds=12),
        "completed": CREATED + timedelta(minutes=3, seconds=42),
        "took": timedelta(minutes=3, seconds=42),
        "measured": True,
        "file": RunFile("plum-group-21259.pdf", 1_467_512, "application/pdf"),
        "orders": (order(),),
        "measures": GOOD_DATA,
        "outcomes": {USUAL: RunOutcome(Fate.COMPLETED, on_time=True)},
        "past": (minutes(38), minutes(35), minutes(41)),
    }
    return SingleRun(**{**usual, **changes})


def baseline(**changes):
    usual = {
        "source": BaselineSource.SAME_MERCHANTS,
        "starts": SINCE - timedelta(days=60),
        "ends": SINCE,
        "merchants": 1,
        "completed": Tally(20, 22),
        "durations": 22,
        "median_bound": minutes(36),
        "measured_at": SINCE,
        "hash": "c27d9e4b7e13",
    }
    return Baseline(**{**usual, **changes})


def flag(**changes):
    usual = {
        "flag": "sequential_workflow",
        "phase": "pilot",
        "since": SINCE,
        "gate": "pilot",
        "limits": USUAL,
        "baseline": baseline(),
    }
    return RunFlag(**{**usual, **changes})


def analysis(one=None, *flags, **changes):
    one = one or run()
    usual = {
        "environment": "production",
        "now": NOW,
        "run": one,
        "merchant": Merchant("m1", "plum.example.com", is_active=True, created_at=SINCE),
        "flags": flags,
        "until": SINCE,
        "past": compare(one.duration, one.past),
    }
    return RunAnalysis(**{**usual, **changes})
