"""Results as values: one for everything that the ledger may have of a phase, or lack."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from controller.domain.flag_policy import FlagPolicy
from controller.domain.gate_policy import GatePolicy, Waiver
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag, RunRecord
from controller.gate import evidence as evidences
from controller.gate.counts import Freshness, GateCounts, TotalCount, Uncounted
from controller.inquiry.judged import Judged
from controller.inquiry.report import Results
from tests.domain.strategies import applied, environment, flag, ladder
from tests.gate.builders import (
    NOW,
    PILOT,
    RAMP,
    SINCE,
    pilot_counts,
    population,
    ramp_counts,
    rate,
    waiver,
)

KEY = "sequential_workflow"
COMMIT = "4f2a9c1b03de4f2a9c1b03de4f2a9c1b03de4f2a"
HOUR = timedelta(hours=1)


def judged(
    policy: GatePolicy, counts: GateCounts, waivers: tuple[Waiver, ...] = (), **changes: Any
) -> Judged:
    at = changes.pop("at", NOW)
    counts = replace(counts, freshness=Freshness(at - timedelta(minutes=20), None))
    evidence = evidences.gather(policy, counts, waivers, at)
    whole = Judged(
        id=hashlib.sha256(ascii(evidence).encode()).hexdigest(),  # its own takes no surrogate
        phase=counts.phase,
        verdict=str(evidence.report.verdict),
        judged_at=at,
        revision=COMMIT,
        actor="ada",
        evidence=evidence,
    )
    return replace(whole, **changes)


def run(generation: int = 3, kind: str = "reconcile", **changes: Any) -> RunRecord:
    usual: dict[str, Any] = {
        "id": f"00000000-0000-0000-0000-{generation:012}",
        "generation": generation,
        "kind": kind,
        "revision": COMMIT,
        "actor": "ada",
        "at": SINCE,
        "plan_hash": "0" * 64,
        "summary": {},
        "changed": {KEY: 1},
    }
    return RunRecord(**(usual | changes))


def _applied(phase: str) -> AppliedFlag:
    steps = tuple(
        replace(step, gate="pilot" if step.name == "pilot" else "ramp") for step in ladder("m01")
    )
    policy = FlagPolicy({"pilot": PILOT, "ramp": RAMP}, (), environment().workflow_data)
    whole = applied(flag(phase, steps, key=KEY), since=SINCE)
    return replace(whole, policy=policy, generation=3, revision=COMMIT)


def results(*found: Judged, phase: str = "pilot", **changes: Any) -> Results:
    whole = Results(
        environment="production",
        now=NOW + HOUR,
        phase=phase,
        applied=_applied(phase),
        since=SINCE,
        entered=run(),
        judged=found,
        earlier=0,
        events=(),
        halt=None,
        named={"m01": "moss-bakery.example"} if phase == "pilot" else {},
        recomputed=evidences.recompute(found[0].evidence) if found and found[0].evidence else None,
    )
    return replace(whole, **changes)


def halted(reason: str = "orders without line items", actor: str = "bo") -> Results:
    """Halted, resumed and halted again; the last answer is from before."""
    first = {"reason": reason, "flag": KEY, "phase": "10%"}
    events = (
        run(4, "halt", actor=actor, summary=first, at=SINCE + HOUR),
        run(5, "resume", actor=actor, summary={**first, "reason": "fixed"}, at=SINCE + 2 * HOUR),
        run(6, "halt", actor=actor, summary=first, at=NOW),
    )
    last = judged(RAMP, ramp_counts(), at=NOW - HOUR)
    halt = Halt(KEY, reason, actor, NOW, "10%")
    return results(last, phase="10%", events=events, halt=halt)


def harmful(example: str = "run-3") -> Results:
    """Slow, failing, corrupting: a pilot with everything wrong, and data with impossible times."""
    counts = pilot_counts(5, worst=timedelta(minutes=45), failed=1, incomplete={"data_complete": 1})
    totals = {
        **counts.totals,
        "failed": TotalCount(1, examples=(example,)),
        "corrupted": TotalCount(2, examples=(example, "run-4")),
    }
    left_out = population(5, merchants=1, excluded={"completed before it was created": 2})
    bad = judged(PILOT, replace(counts, totals=totals, population=left_out))
    good = judged(PILOT, pilot_counts(), at=NOW - 2 * HOUR, actor="bo", revision=None)
    return results(bad, good)


def waived(reason: str = "two merchants' printers are slow") -> Results:
    """Below target, and accepted by a waiver; guardrails were lifted to enter the phase."""
    names = ("completed", "on_time", "faster_than_baseline")
    rates = {name: rate(99, 100) for name in names} | {"on_time": rate(94, 100)}
    accepted = waiver("on_time", reason=reason, approved_by=reason)
    allowed = [{"guardrail": "soak_not_over", "approved_by": "ada", "reason": reason}]
    return results(
        judged(RAMP, ramp_counts(99, 100, rates=rates), (accepted,), actor=reason),
        phase="10%",
        entered=run(summary={"allowed": allowed}, actor=reason, changed={KEY: 96}),
    )


def uncounted() -> Results:
    """The queries failed."""
    why = Uncounted("the database said: no such table")
    counts = pilot_counts()
    names = dict.fromkeys(counts.rates, why)
    failed = replace(
        counts,
        rates=names,
        totals=dict.fromkeys(counts.totals, why),
        durations=why,
        population=why,
        baseline=why,
        produced=why,
    )
    return results(judged(PILOT, failed))


def of_the_first_format() -> Results:
    """Evidence that was written before medians and line items were kept."""
    counts = pilot_counts()
    old = replace(counts, durations=replace(counts.durations, median=None), produced=None)
    return results(judged(PILOT, old))


def left() -> Results:
    """The pilot that was passed; the flag is in a later phase now."""
    found = results(judged(PILOT, pilot_counts()), earlier=4)
    return replace(found, applied=_applied("50%"))


def unreadable() -> Results:
    """Evidence of a newer program."""
    newer = judged(PILOT, pilot_counts(), evidence=None, problem="it has format 9")
    return results(newer)


ALL: Mapping[str, Results] = {
    "pilot_proceed": results(judged(PILOT, pilot_counts())),
    "pilot_slow": results(judged(PILOT, pilot_counts(worst=timedelta(minutes=12)))),
    "pilot_nothing_yet": results(judged(PILOT, pilot_counts(0))),
    "pilot_harmful": harmful(),
    "pilot_uncounted": uncounted(),
    "pilot_first_format": of_the_first_format(),
    "pilot_left": left(),
    "pilot_unreadable": unreadable(),
    "never_judged": results(earlier=2),
    "never_judged_and_left": replace(results(since=None, entered=None), applied=_applied("50%")),
    "without_gate": replace(
        results(phase="50%"),
        applied=replace(applied(flag("50%", ladder("m01"), key=KEY), since=SINCE), generation=3),
    ),
    "ramp_proceed": results(judged(RAMP, ramp_counts()), phase="10%"),
    "ramp_rollback": results(judged(RAMP, ramp_counts(60, 100)), phase="10%"),
    "ramp_waived": waived(),
    "ramp_halted": halted(),
    "outdated": results(judged(PILOT, pilot_counts()), now=NOW + 50 * HOUR),
}
