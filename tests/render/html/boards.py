"""Dashboards as values: one of a company with trouble, an empty one, and one of many rollouts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from controller.domain.environment import Guardrail
from controller.domain.expiry import Expiring, Expiry
from controller.domain.halt import Halt
from controller.domain.ledger import RunRecord
from controller.domain.plan import FlagPlan, Move, Refusal
from controller.domain.staleness import Patience, judge
from controller.domain.standing import Condition, Overview, Standing
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.counts import Durations, Freshness
from controller.inquiry.dashboard import Board, Dashboard
from controller.inquiry.judged import Judged
from controller.inquiry.staleness import StaleReport
from controller.inquiry.status import Status
from tests.domain.strategies import applied, flag, ladder
from tests.gate.builders import NOW, PILOT, RAMP, SINCE, pilot_counts, ramp_counts, rate, waiver

DAY = timedelta(days=1)
PATIENCE = Patience(30 * DAY, 90 * DAY)
COMMIT = "4f2a9c1b03de4f2a9c1b03de4f2a9c1b03de4f2a"
NAMES = ("completed", "on_time", "faster_than_baseline")


def judged(policy, counts, at, waivers=(), actor="ada"):
    counts = replace(counts, freshness=Freshness(at - timedelta(minutes=20), None))
    evidence = evidences.gather(policy, counts, waivers, at)
    return Judged(
        id=evidences.evidence_hash(evidence),
        phase=counts.phase,
        verdict=str(evidence.report.verdict),
        judged_at=at,
        revision=COMMIT,
        actor=actor,
        evidence=evidence,
    )


def growing(key="seq", steps=8, share=0.97, waivers=()):
    """Judgements of the ramp as runs come in, the newest first."""
    found = []
    for step in range(1, steps + 1):
        runs = round(96 * step / steps)
        good = int(runs * share)
        counts = ramp_counts(runs, runs, rates={name: rate(good, runs) for name in NAMES})
        found.append(judged(RAMP, replace(counts, flag=key), SINCE + step * DAY / 3, waivers))
    return tuple(reversed(found))


def pilot(key="seq"):
    """One judgement of a pilot that was too slow."""
    counts = pilot_counts(worst=timedelta(minutes=12))
    slow = Durations(5, 4, timedelta(minutes=12), "run-5")
    return (judged(PILOT, replace(counts, flag=key, durations=slow), SINCE + DAY),)


def run(generation=3, **changes):
    summary = {"changes": [{"flag": "seq", "value": True, "cause": "phase", "merchants": 96}]}
    usual = {
        "id": f"r{generation}",
        "generation": generation,
        "kind": "reconcile",
        "revision": COMMIT,
        "actor": "ada",
        "at": SINCE,
        "plan_hash": "0" * 64,
        "summary": summary,
        "changed": {"seq": 96},
    }
    return RunRecord(**{**usual, **changes})


def board(key="seq", at="10%", *, found=(), runs=None, detailed=True, refusal=None, **standing):
    desired = flag(at, ladder("m01", soak=2), key=key)
    usual = {
        "condition": Condition.IN_SYNC,
        "plan": FlagPlan(key, "enableSeq", Move.SAME, at, at, 96, 96, ()),
        "applied": applied(desired, since=SINCE),
        "halt": None,
        "next": None,
        "gate": None,
        "drifted": 0,
        "refusals": (),
        "globals": (),
        "deploy_changes": (),
        "expiries": (),
    }
    shown = Standing(**{**usual, **standing})
    return Board(shown, desired, found, (run(),) if runs is None else runs, refusal, detailed)


def dashboard(boards: Iterable[Board], **changes):
    boards = tuple(boards)
    overview = Overview(
        environment="production",
        generation=7,
        revision=COMMIT,
        desired_revision=COMMIT,
        merchants=1_000_000,
        standings=tuple(one.standing for one in boards),
        refusals=(),
        schema_changes=0,
        freezes=(),
        now=NOW,
    )
    judged_stale = (
        judge(one.desired, applied(one.desired), None, None, NOW, PATIENCE) for one in boards
    )
    stale = StaleReport(
        "production",
        7,
        NOW,
        PATIENCE,
        None,
        len(boards),
        tuple(filter(None, judged_stale)),
        None,
        True,
    )
    status = Status(overview, None, None)
    return Dashboard(
        **{
            "status": status,
            "stale": stale,
            "boards": boards,
            "others": (),
            "asked": False,
            **changes,
        }
    )


def trouble(text: str = "orders are lost") -> Dashboard:
    """A company in which everything goes wrong at once, this text wherever people write one."""
    halt = Halt("a_halted", text, text, NOW - DAY, "10%")
    expiry = Expiry(date(2026, 11, 25), Expiring.OVERRIDE, "c_drift", text, 2)
    told = run(actor=text, summary={"reason": text, "flag": text, "phase": text}, kind="halt")
    accepted = waiver("on_time", reason=text or "-")
    refusal = Refusal(Guardrail.SKIPS_PHASE, "b_refused", text, text)
    boards = (
        board(
            "a_halted",
            condition=Condition.HALTED,
            halt=halt,
            found=growing("a_halted", share=0.7),
            runs=(told,),
        ),
        board(
            "b_refused",
            condition=Condition.WITHHELD,
            refusals=(refusal,),
            found=growing("b_refused", share=0.94, waivers=[accepted]),
        ),
        board("c_drift", condition=Condition.DRIFT, drifted=3, expiries=(expiry,), found=()),
        board("d_pilot", "pilot", found=pilot("d_pilot"), refusal=UsageError(text, text)),
        board("e_everyone", "100%", found=growing("e_everyone")),
    )
    return dashboard(boards)


def many(count: int = 500, detailed: int = 25) -> Dashboard:
    """So many rollouts, the first ones with everything."""
    long = tuple(run(number) for number in range(12, 0, -1))
    history = growing(steps=30)
    return dashboard(
        board(
            f"a_flag_with_a_rather_long_name_{number:04}",
            found=history if number < detailed else history[:1],
            runs=long if number < detailed else (),
            detailed=number < detailed,
        )
        for number in range(count)
    )
