"""The gate's report for machines, with the whole evidence: `gate --recompute` reads it back."""

import json
from typing import Any, Final

from controller.domain.gate_policy import Waiver
from controller.gate.counts import Tally
from controller.gate.report import Check, CriterionResult, GateReport, Share, WaiverUse
from controller.gate.verdict import Verdict
from controller.inquiry.gate import NothingToPass
from controller.render import gate_remarks, gate_words
from controller.render.json import halt, instant

GATE_FORMAT: Final = "rolloutctl-gate/1"


def gate(
    report: GateReport,
    *,
    exit_code: int,
    following: str | None = None,
    remarks: tuple[str, ...] = (),
    evidence: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The whole report.

    Args:
        report: What the gate found.
        exit_code: Of the command.
        following: The phase that would be entered.
        remarks: What else is to be said.
        evidence: See `stored_evidence`.
    """
    rates = report.error_rates
    return {
        "format": GATE_FORMAT,
        "exit_code": exit_code,
        "verdict": str(report.verdict),
        "may_advance": report.verdict is Verdict.PROCEED,
        "answer": gate_words.answer(report, following),
        "line": gate_words.gate_line(report),
        "next": gate_words.next_step(report, following),
        "claim": report.claim,
        "environment": report.environment,
        "flag": report.flag,
        "phase": report.phase,
        "to": following,
        "gate": report.gate,
        "method": report.method,
        "since": instant(report.since),
        "judged_at": instant(report.judged_at),
        "needs": list(report.needs),
        "criteria": [_criterion(result) for result in report.criteria],
        "checks": [_check(check) for check in report.checks],
        "waivers": [_use(use) for use in report.waivers],
        "notes": list(report.notes),
        "remarks": list(remarks),
        "error_rates": {"passing": rates.passing, "failing": rates.failing} if rates else None,
        "ask_a_person": report.ask_a_person,
        "evidence": evidence,
    }


def nothing_to_pass(found: NothingToPass, *, environment: str, exit_code: int) -> dict[str, Any]:
    """The answer where no gate stands in the way."""
    return {
        "format": GATE_FORMAT,
        "exit_code": exit_code,
        "verdict": None,
        "may_advance": exit_code == 0,
        "answer": gate_remarks.nothing_to_pass(found),
        "next": gate_remarks.after_nothing(found, environment) or None,
        "because": found.free,
        "environment": environment,
        "flag": found.flag,
        "phase": found.phase,
        "to": found.following,
        "soaked_at": instant(found.soaked_at),
        "halted": halt(found.halt),
    }


def stored_evidence(evidence_id: str, text: str, *, stored: bool, problem: str) -> dict[str, Any]:
    """The evidence, and whether the ledger keeps it.

    Args:
        evidence_id: Its hash.
        text: What `controller.gate.evidence.write` wrote.
        stored: Whether the ledger keeps it.
        problem: Why it does not.
    """
    return {
        "id": evidence_id,
        "stored": stored,
        "problem": problem or None,
        "document": json.loads(text),
    }


def _criterion(result: CriterionResult) -> dict[str, Any]:
    worst = result.worst
    return {
        "name": result.name,
        "kind": result.kind,
        "verdict": str(result.verdict),
        "counts_as": str(result.counts_as),
        "decides": result.decides,
        "reason": result.reason,
        "floor": result.floor.fraction if result.floor else None,
        "target": result.target.fraction if result.target else None,
        "all_runs": _share(result.all_runs),
        "capped": _share(result.capped),
        "merchants": result.merchants,
        "worst_merchant": {"merchant": worst.merchant, **_tally(worst.tally)} if worst else None,
        "good_runs_needed": result.good_runs_needed,
        "failures_to_rollback": result.failures_to_rollback,
        "waiver": _waiver(result.waiver) if result.waiver else None,
        "query": result.query or None,
    }


def _share(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {**_tally(share.tally), "lower": share.lower, "upper": share.upper}


def _tally(tally: Tally) -> dict[str, Any]:
    return {"good": tally.good, "runs": tally.matured, "rate": tally.rate}


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "verdict": str(check.verdict),
        "reason": check.reason,
        "needs": check.needs or None,
    }


def _use(use: WaiverUse) -> dict[str, Any]:
    return {**_waiver(use.waiver), "effect": use.effect, "explanation": use.explanation}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "criterion": waiver.criterion,
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires.isoformat(),
    }
