"""Where every rollout stands, for machines."""

from typing import Any

from controller.domain.expiry import Expiry
from controller.domain.standing import Overview, Standing
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
        "flags": [_flag(standing, overview) for standing in overview.standings],
        "refusals": [refusal(r) for r in overview.refusals],
        "schema_changes": overview.schema_changes,
        "freezes": [{"ends": instant(f.ends), "reason": f.reason} for f in overview.freezes],
        "deploy_environment_problem": problem(status.deploy_problem)
        if status.deploy_problem
        else None,
    }


def _flag(standing: Standing, overview: Overview) -> dict[str, Any]:
    plan, applied = standing.plan, standing.applied
    return {
        "flag": standing.flag,
        "condition": standing.condition.name.lower(),
        "next": standing_words.next_step(standing, overview.now, overview.environment),
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


def _expiry(expiry: Expiry) -> dict[str, Any]:
    return {
        "kind": expiry.kind,
        "subject": expiry.subject,
        "expires": expiry.expires,
        "days_left": expiry.days_left,
    }
