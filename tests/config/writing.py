"""Domain values to files, by PyYAML, which is not what reads them: for round trips."""

from datetime import UTC
from typing import Any

import yaml

from controller.domain.environment import Environment
from controller.domain.flag import Flag
from controller.domain.gate_policy import (
    Criterion,
    DeterministicGate,
    GatePolicy,
    GateTiming,
    Waiver,
)
from controller.domain.rollout import Phase, Rollout
from controller.domain.units import format_duration


def as_yaml(document: dict[str, Any]) -> bytes:
    """A document without the keys whose value is None."""
    return yaml.safe_dump(_given(document), allow_unicode=True, sort_keys=False).encode()


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _given(item) for key, item in value.items() if item is not None}
    return [_given(item) for item in value] if isinstance(value, list | tuple) else value


def flag(value: Flag) -> dict[str, Any]:
    """`flags/KEY.yaml`."""
    home = value.deploy_env
    return {
        "key": value.key,
        "description": value.description,
        "owner": value.owner,
        "expires": value.expires and value.expires.isoformat(),
        "merchant_config": value.merchant_config and {"column": value.merchant_config.column},
        "deploy_env": home
        and {
            "variable": home.variable,
            "enabled": home.enabled,
            "disabled": home.disabled,
            "targets": list(home.targets),
        },
        "global": value.globally_on,
        "overrides": [
            {
                "merchant": override.merchant,
                "value": override.value,
                "reason": override.reason,
                "expires": override.expires and override.expires.isoformat(),
            }
            for override in value.overrides
        ],
    }


def rollout(
    value: Rollout, phase: str | dict[str, str], gates: dict[str, GatePolicy]
) -> dict[str, Any]:
    """`rollout/FLAG.yaml`."""
    return {
        "flag": value.flag,
        "phase": phase,
        "bucketing": {"salt": value.bucketing.salt, "version": value.bucketing.version},
        "eligible": {
            "min_merchant_age": format_duration(value.eligible.min_merchant_age),
            "exclude": sorted(value.eligible.exclude),
        },
        "phases": [_phase(phase) for phase in value.phases],
        "gates": {name: gate(policy) for name, policy in gates.items()},
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "merchants": list(phase.merchants) or None,
        "percent": str(phase.percent) if phase.percent else None,
        "soak": format_duration(phase.soak),
        "gate": phase.gate,
    }


def _timing(timing: GateTiming) -> dict[str, str]:
    return {
        "soak_min": format_duration(timing.soak_min),
        "outcome_deadline": format_duration(timing.outcome_deadline),
        "max_staleness": format_duration(timing.max_staleness),
        "max_wait": format_duration(timing.max_wait),
    }


def gate(policy: GatePolicy) -> dict[str, Any]:
    """`rollout/gates/NAME.yaml`."""
    if isinstance(policy, DeterministicGate):
        return _timing(policy.timing) | {
            "method": "deterministic",
            "min_runs": policy.min_runs,
            "duration": {
                "proceed": format_duration(policy.duration_proceed),
                "fix_minor": format_duration(policy.duration_fix_minor),
            },
            "failed": {"rollback": policy.failed_rollback},
            "stuck": {"rollback": policy.stuck_rollback},
            "require": list(policy.require),
            "never": list(policy.never),
        }
    worst = policy.worst_merchant
    return _timing(policy.timing) | {
        "method": "sequential",
        "min_runs": policy.min_runs,
        "min_merchants": policy.min_merchants,
        "runs_per_merchant": policy.runs_per_merchant,
        "criteria": {criterion.name: _criterion(criterion) for criterion in policy.criteria},
        "never": list(policy.never),
        "worst_merchant": worst
        and {
            "criterion": worst.criterion,
            "min_runs": worst.min_runs,
            "fix_minor_below": str(worst.fix_minor_below),
        },
        "alpha_pass": policy.alpha_pass,
        "alpha_fail": policy.alpha_fail,
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "target": str(criterion.target),
        "floor": str(criterion.floor),
        "within": format_duration(criterion.within) if criterion.within else None,
        "ratio": criterion.ratio,
        "mode": criterion.mode.value,
    }


def waiver(value: Waiver) -> dict[str, Any]:
    """`rollout/waivers/NAME.yaml`."""
    return {
        "flag": value.flag,
        "phase": value.phase,
        "criterion": value.criterion,
        "reason": value.reason,
        "approved_by": value.approved_by,
        "expires": value.expires.isoformat(),
    }


def environment(value: Environment) -> dict[str, Any]:
    """`rollout/environments/NAME.yaml`."""
    database, data, limits = value.database, value.workflow_data, value.limits
    tables = database.tables
    return {
        "name": value.name,
        "database": {
            "url": database.url_variable,
            "app_schema": database.schema,
            "schema": database.schema_owner.value,
            "tables": {name: getattr(tables, name) for name in type(tables).__slots__},
            "statement_timeout": format_duration(database.statement_timeout),
            "lock_timeout": format_duration(database.lock_timeout),
        },
        "deploy_env": value.deploy_env
        and {"adapter": value.deploy_env.adapter, "options": dict(value.deploy_env.options)},
        "workflow_data": {
            "url": data.url_variable,
            "tables": dict(data.tables),
            "columns": dict(data.columns),
            "completed": list(data.completed),
            "failed": list(data.failed),
            "running": list(data.running),
            "synced": list(data.synced),
            "baseline_window": format_duration(data.baseline_window),
            "measures": {measure.name: {"sql": measure.sql} for measure in data.measures},
        },
        "guardrails": {
            "max_changed_percent": str(limits.max_changed_percent or "off"),
            "max_changed_count": limits.max_changed_count or "off",
            "never_to_empty": limits.never_to_empty,
        },
        "freezes": [
            {
                "starts": freeze.starts.astimezone(UTC).isoformat(),
                "ends": freeze.ends.astimezone(UTC).isoformat(),
                "reason": freeze.reason,
            }
            for freeze in value.freezes
        ],
        "allow": [
            {
                "guardrail": allowance.guardrail.value,
                "flag": allowance.flag,
                "reason": allowance.reason,
                "approved_by": allowance.approved_by,
                "expires": allowance.expires and allowance.expires.isoformat(),
            }
            for allowance in value.allowances
        ],
        "on_rollback": value.on_rollback.value,
    }
