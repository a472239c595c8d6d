"""What a look finds, as values: the same every day."""

from dataclasses import replace
from datetime import timedelta

from controller.domain.merchant import Merchant
from controller.gate import evidence as evidences
from controller.gate.single_run import Fate, RunLimits, RunOutcome
from controller.gate.watched import Look, WatchedRun
from controller.inquiry.gate import Free, NothingToPass
from controller.inquiry.monitor import Sighting, Subject
from controller.inquiry.watching import Progress
from controller.render.terminal.monitor import View
from tests.gate.builders import NOW, PILOT, RAMP, SINCE, pilot_counts, ramp_counts

LIMITS = RunLimits()
PENDING = RunOutcome(Fate.PENDING)
ON_TIME = RunOutcome(Fate.COMPLETED, on_time=True)
LATE = RunOutcome(Fate.COMPLETED, on_time=False)
FLAG = Subject("production", "seq", "10%", SINCE, None, "ramp", LIMITS, None, "50%")
SHOP = Merchant(id="m1", shop_domain="moss-bakery.example", is_active=True, created_at=SINCE)


def run(key, minutes, outcome=PENDING, took=None, stage="ai_parsing", **more):
    """A run that was created so many minutes ago."""
    created = NOW - timedelta(minutes=minutes)
    values = {
        "merchant": f"m-{key}",
        "shop": f"{key}.example",
        "status": "processing",
        "error": None,
        "completed": None if took is None else created + timedelta(minutes=took),
    }
    return WatchedRun(
        **{"id": f"run-{key}", **values, **more}, stage=stage, created=created, outcome=outcome
    )


RUNS = (
    run("near", 27, stage="product_drafts"),
    run("failed", 12, RunOutcome(Fate.FAILED), 1.5, error="connect ECONNREFUSED 10.0.0.7:5432"),
    run("stuck", 40, RunOutcome(Fate.STUCK)),
    run("slow", 14),
    run("late", 30, LATE, 13, stage="shopify_sync"),
    run("odd", 9, RunOutcome(Fate.EXCLUDED, why="completed before it was created"), -1),
    run("older", 4, stage="supplier_matching"),
    run("newer", 2),
    run("done", 20, ON_TIME, 4.2, stage="shopify_sync"),
)
HOSTILE = "\x1b[2J\x1b]0;evil\x07\u202e`$(reboot)`\nnext line"


def sighting(*runs, counts=None, subject=FLAG, now=NOW, cut=False):
    """A look at a ramp; all runs of it good, unless said otherwise."""
    counts = counts or ramp_counts(60, 60)
    report = evidences.gather(RAMP, counts, (), NOW).report
    return Sighting(subject, Look(now, runs, LIMITS), cut, counts, report)


def of_merchant(*runs):
    subject = Subject("production", None, None, SINCE, SHOP, None, LIMITS)
    counts = replace(pilot_counts(), rates={})
    report = evidences.gather(replace(PILOT, require=()), counts, (), NOW).report
    return Sighting(subject, Look(NOW, runs, LIMITS), cut=False, counts=counts, report=report)


def without_gate(*runs):
    nothing = NothingToPass("seq", "100%", None, Free.NO_GATE, None, None, NOW)
    subject = replace(FLAG, phase="100%", gate=None, nothing=nothing, following=None)
    return Sighting(subject, Look(NOW, runs, LIMITS), cut=False, counts=None, report=None)


def view(found, begun=None, **more):
    progress = more.pop("progress", None) or replace(Progress.of(begun or found), latest=found)
    values = {"watched": timedelta(minutes=12, seconds=5), "next_look": timedelta(seconds=7)}
    return View(progress=progress, now=found.look.now, **{**values, **more})
