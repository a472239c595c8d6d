"""Where every rollout stands, for machines."""

from typing import Any

from controller.domain.expiry import Expiry
from controller.domain.standing import Overview, Standing
from controller.inquiry.judged import Judged, is_of_this_stay
from controller.inquiry.status import Status
from controller.render import standing_words
from controller.render.json import deploy_change, halt, instant, problem, refusal
from controller.render.json.explain import global_value


def status(status: Status) -> dict[str, Any]:
    """One environment."""
    overview = status.overview
    return {
        "format": "rolloutctl-status/1",
        "environment": overview.environment,
        "generation": overview.generation,
        "revision": overview.revision,
        "files": {"revision": overview.desired_revision, "relation": status.files},
        "merchants": overview.merchants,
        "now": instant(overview.now),
        "flags": [
            _flag(standing, overview, status.judged.get(standing.flag))
            for standing in overview.standings
        ],
        "refusals": [refusal(r) for r in overview.refusals],
        "schema_changes": overview.schema_changes,
        "freezes": [{"ends": instant(f.ends), "reason": f.reason} for f in overview.freezes],
        "deploy_environment_problem": problem(status.deploy_problem)
        if status.deploy_problem
        else None,
    }


def _flag(standing: Standing, overview: Overview, judged: Judged | None) -> dict[str, Any]:
    plan, applied = standing.plan, standing.applied
    return {
        "flag": standing.flag,
        "condition": standing.condition.name.lower(),
        "next": standing_words.next_step(standing, overview.now, overview.environment, judged),
        "phase": _phase(standing),
        "on": plan.on_before if plan.column else None,
        "changes": plan.changed,
        "drifted": standing.drifted,
        "move": plan.move,
        "generation": applied.generation if applied else None,
        "revision": applied.revision if applied else None,
        "halted": halt(standing.halt),
        "refusals": [refusal(r) for r in standing.refusals],
        "deploy_environment": {
            "values": [global_value(value) for value in standing.globals],
            "changes": [deploy_change(change) for change in standing.deploy_changes],
        },
        "expiries": [_expiry(expiry) for expiry in standing.expiries],
        "gate": _gate(standing, overview, judged),
    }


def _phase(standing: Standing) -> dict[str, Any]:
    applied = standing.applied
    return {
        "applied": applied.desired.phase if applied else None,
        "desired": standing.plan.to_phase,
        "since": instant(applied.phase_since) if applied else None,
        "soaked_at": instant(standing.soaked_at),
        "next": standing.next.name if standing.next else None,
        "gate": standing.gate,
    }


def _gate(standing: Standing, overview: Overview, judged: Judged | None) -> dict[str, Any] | None:
    """What the gate of the present phase said last; an answer about an earlier stay is none."""
    if not standing.is_gated or standing.applied is None:
        return None
    said = standing_words.gate_answer(standing, judged, overview.now)
    if judged is None or not is_of_this_stay(judged, standing.applied):
        return {"verdict": None, "judged_at": None, "evidence": None, "needs": [], "says": said}
    report = judged.evidence.report if judged.evidence else None
    return {
        "verdict": judged.verdict,
        "judged_at": instant(judged.judged_at),
        "evidence": judged.id,
        "needs": list(report.needs) if report else [],
        "says": said,
    }


def _expiry(expiry: Expiry) -> dict[str, Any]:
    return {
        "kind": expiry.kind,
        "subject": expiry.subject,
        "expires": expiry.expires,
        "days_left": expiry.days_left,
    }
