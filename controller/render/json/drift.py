"""What somebody else changed, for machines: every merchant, and who wrote those shown by name."""

from typing import Any

from controller.domain.drift import MerchantDrift, VariableDrift
from controller.inquiry.drift import DriftReport, Witness
from controller.render import drift_words
from controller.render.json import deploy_change, instant, problem
from controller.render.json.explain import change


def drift(report: DriftReport) -> dict[str, Any]:
    """The whole report."""
    return {
        "format": "rolloutctl-drift/1",
        "environment": report.environment,
        "generation": report.generation,
        "now": instant(report.now),
        "found": report.drift.is_found,
        "merchants": [_merchants(found, report) for found in report.drift.merchants],
        "deploy_environment": [_variable(found) for found in report.drift.variables],
        "deploy_environment_problem": problem(report.deploy_problem)
        if report.deploy_problem
        else None,
    }


def _merchants(found: MerchantDrift, report: DriftReport) -> dict[str, Any]:
    known = {
        merchant: report.witnesses[found.flag, merchant]
        for merchant in found.merchants
        if (found.flag, merchant) in report.witnesses
    }
    return {
        "flag": found.flag,
        "value": found.value,
        "origin": found.origin,
        "count": len(found.merchants),
        "merchants": list(found.merchants),
        "last_written": {merchant: _witness(witness) for merchant, witness in known.items()},
    }


def _witness(witness: Witness) -> dict[str, Any]:
    authorship = witness.authorship
    return {
        "shop_domain": witness.merchant.shop_domain if witness.merchant else None,
        "by_somebody_else_at": instant(authorship.somebody_else),
        "by_rolloutctl": change(authorship.ours) if authorship.ours else None,
    }


def _variable(found: VariableDrift) -> dict[str, Any]:
    return {
        **deploy_change(found.change),
        "origin": found.origin,
        "written_at": instant(found.variable.updated_at) if found.variable else None,
        "message": drift_words.variable(found),
    }
