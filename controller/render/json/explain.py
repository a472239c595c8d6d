"""Why one merchant has each flag or not, for machines."""

from typing import Any

from controller.domain.explanation import Explanation
from controller.domain.flag import Override
from controller.domain.global_value import GlobalValue
from controller.domain.ledger import ChangeRecord
from controller.inquiry.merchant import Inquiry
from controller.render import explanation_words
from controller.render.json import halt, instant, problem


def inquiry(inquiry: Inquiry) -> dict[str, Any]:
    """Everything about one merchant."""
    merchant = inquiry.merchant
    return {
        "format": "rolloutctl-explain/1",
        "environment": inquiry.environment,
        "generation": inquiry.generation,
        "now": instant(inquiry.now),
        "files": inquiry.files,
        "merchant": {
            "id": merchant.id,
            "shop_domain": merchant.shop_domain,
            "active": merchant.is_active,
            "created_at": instant(merchant.created_at),
        },
        "flags": [_flag(explanation) for explanation in inquiry.explanations],
        "deploy_environment_problem": problem(inquiry.deploy_problem)
        if inquiry.deploy_problem
        else None,
    }


def change(record: ChangeRecord) -> dict[str, Any]:
    """One recorded change of one merchant's value."""
    return {
        "generation": record.generation,
        "flag": record.flag,
        "merchant": record.merchant,
        "value": record.value,
        "cause": record.cause,
        "at": instant(record.at),
    }


def global_value(value: GlobalValue) -> dict[str, Any]:
    """What the deploy environment holds for one target."""
    return {
        "variable": value.name,
        "target": value.target,
        "wanted": value.wanted,
        "stored": value.variable.value if value.variable else None,
        "on": value.is_on,
        "next": value.action,
    }


def _flag(explanation: Explanation) -> dict[str, Any]:
    decision = explanation.decision
    return {
        "flag": explanation.flag,
        "has": explanation.app_has,
        "should_have": explanation.should_have,
        "rule": decision.rule,
        "because": explanation_words.because(explanation),
        "phase": explanation.phase,
        "bucket": decision.bucket,
        "eligible": decision.ineligible is None,
        "ineligible": decision.ineligible,
        "override": _override(decision.override),
        "expired_override": _override(explanation.expired),
        "halted": halt(explanation.halt),
        "later": [
            {"phase": p.phase, "value": p.decision.value, "rule": p.decision.rule}
            for p in explanation.later
        ],
        "database": _database(explanation),
        "deploy_environment": [global_value(value) for value in explanation.found.globals],
    }


def _override(override: Override | None) -> dict[str, Any] | None:
    if override is None:
        return None
    return {"value": override.value, "reason": override.reason, "expires": override.expires}


def _database(explanation: Explanation) -> dict[str, Any] | None:
    if explanation.column is None:
        return None
    authorship = explanation.found.authorship
    return {
        "column": explanation.column,
        "value": explanation.found.value,
        "agreement": explanation.agreement,
        "cause": explanation.cause,
        "last_change": change(authorship.ours) if authorship.ours else None,
        "row_written_at": instant(authorship.row_written),
        "written_by_somebody_else_at": instant(authorship.somebody_else),
    }
