"""JSON for machines: stable keys, every merchant of every group, a version on every document.

Plans and what became of them are here; the documents of the commands that only look stand beside,
one file a command.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from controller.deploying import DeployOutcome
from controller.domain.deploy import DeployChange
from controller.domain.guardrails import applicable
from controller.domain.halt import Halt
from controller.domain.plan import ChangeGroup, FlagPlan, Plan, Refusal
from controller.errors import RolloutError
from controller.gate.counts import Uncounted
from controller.judging import BaselineFrozen
from controller.reconcile import Outcome

PLAN_FORMAT: Final = "rolloutctl-plan/1"
_STEERING: Final = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What JSON lets stand and a terminal obeys; it stands in strings only."""


def text(document: Mapping[str, Any]) -> str:
    """Pretty, sorted JSON that ends with a line end."""
    return _written(document, indent=2) + "\n"


def line(document: Mapping[str, Any]) -> str:
    """The same on one line, without a line end."""
    return _written(document, indent=None)


def _written(document: Mapping[str, Any], *, indent: int | None) -> str:
    """Machines read the same text; a terminal is not steered by it."""
    plain = json.dumps(document, indent=indent, sort_keys=True, ensure_ascii=False, default=str)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def plan(plan: Plan) -> dict[str, Any]:
    """A plan, whole: what `plan --out` saves and `reconcile --plan` holds the world against."""
    return {
        "format": PLAN_FORMAT,
        "hash": plan.hash,
        "environment": plan.environment,
        "revision": plan.revision,
        "generation": plan.generation,
        "merchants": plan.merchants,
        "changed": plan.changed,
        "flags": [_flag(flag) for flag in plan.flags],
        "schema": [{"kind": step.kind, "name": step.name} for step in plan.schema_steps],
        "deploy_environment": [deploy_change(change) for change in plan.deploy_changes],
        "deploy_environment_known": not plan.is_deploy_unknown,
        "definitions_changed": list(plan.definitions_changed),
        "refusals": [refusal(r) for r in plan.refusals],
        "withheld": sorted(applicable(plan).withheld),
    }


def outcome(outcome: Outcome) -> dict[str, Any]:
    """What one run did."""
    committed = outcome.committed
    return {
        "format": "rolloutctl-outcome/1",
        "exit_code": int(outcome.exit_code),
        "generation": committed.generation if committed else outcome.plan.generation,
        "run": committed.run_id if committed else None,
        "changed": dict(committed.changed) if committed else {},
        "withheld": sorted(outcome.applied.withheld),
        "refusals": [refusal(r) for r in outcome.plan.refusals],
        "deploy_environment": deployed(outcome.deploy),
        "baselines": [_baseline(frozen) for frozen in outcome.baselines],
    }


def deployed(outcome: DeployOutcome) -> dict[str, Any]:
    """What became of the deploy environment's part."""
    return {
        "written": [deploy_change(change) for change in outcome.written],
        "verified": outcome.verified,
        "problems": [problem(p) for p in outcome.problems],
    }


def _baseline(frozen: BaselineFrozen) -> dict[str, Any]:
    found = frozen.baseline
    if isinstance(found, Uncounted):
        return {"flag": frozen.flag, "hash": None, "problem": found.reason}
    return {"flag": frozen.flag, "hash": found.hash, "problem": None}


def problem(error: RolloutError) -> dict[str, Any]:
    """What did not work, and what to do next."""
    return {"kind": type(error).__name__, "message": error.message, "next": error.hint}


def instant(when: datetime | None) -> str | None:
    """An instant as ISO 8601, with its zone."""
    return when.isoformat() if when else None


def refusal(refusal: Refusal) -> dict[str, Any]:
    """One guardrail that was touched."""
    lifted = refusal.lifted_by
    return {
        "guardrail": refusal.guardrail,
        "flag": refusal.flag,
        "message": refusal.message,
        "next": refusal.remedy,
        "lifted_by": {"approved_by": lifted.approved_by, "reason": lifted.reason}
        if lifted
        else None,
    }


def halt(halt: Halt | None) -> dict[str, Any] | None:
    """A halt in force."""
    if halt is None:
        return None
    return {"reason": halt.reason, "actor": halt.actor, "since": instant(halt.since)}


def deploy_change(change: DeployChange) -> dict[str, Any]:
    """One step of the deploy environment."""
    return {
        "flag": change.flag,
        "variable": change.variable,
        "target": change.target,
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "shared_with": list(change.shared),
    }


def _flag(flag: FlagPlan) -> dict[str, Any]:
    return {
        "flag": flag.flag,
        "column": flag.column,
        "move": flag.move,
        "from_phase": flag.from_phase,
        "to_phase": flag.to_phase,
        "on_before": flag.on_before,
        "on_after": flag.on_after,
        "halted": halt(flag.halt),
        "unmanaged": list(flag.unmanaged),
        "changes": [_group(group) for group in flag.groups],
    }


def _group(group: ChangeGroup) -> dict[str, Any]:
    return {
        "value": group.value,
        "cause": group.cause,
        "count": len(group.merchants),
        "merchants": list(group.merchants),
    }
