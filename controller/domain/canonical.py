"""The canonical JSON of a `DesiredFlag`: equal values give equal bytes.

The ledger keeps it, so that years later a plan can still be compared with what was applied. The
form carries a version; a newer reader must go on reading older versions.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from controller.domain.desired import DesiredFlag
from controller.domain.flag import DeployEnvHome, Flag, MerchantConfigHome, Override
from controller.domain.rollout import Bucketing, Eligibility, Phase, Rollout
from controller.domain.units import Percent

VERSION: Final = 1


def encode(desired: DesiredFlag) -> str:
    """The canonical JSON text of a flag with its rollout."""
    document = {
        "v": VERSION,
        "flag": _flag(desired.flag),
        "rollout": _rollout(desired.rollout) if desired.rollout else None,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def decode(text: str) -> DesiredFlag:
    """Read what `encode` wrote.

    Raises:
        ValueError: The text is not a version this program knows; a newer rolloutctl wrote it.
    """
    document = json.loads(text)
    if document.get("v") != VERSION:
        raise ValueError(f"the ledger holds a definition of version {document.get('v')}")
    rollout = document["rollout"]
    flag = _read_flag(document["flag"])
    return DesiredFlag(flag, _read_rollout(flag.key, rollout) if rollout else None)


def _flag(flag: Flag) -> dict[str, Any]:
    config, deploy = flag.merchant_config, flag.deploy_env
    return {
        "key": flag.key,
        "description": flag.description,
        "owner": flag.owner,
        "expires": flag.expires.isoformat() if flag.expires else None,
        "column": config.column if config else None,
        "deploy_env": _deploy_env(deploy) if deploy else None,
        "global": flag.globally_on,
        "overrides": [_override(override) for override in flag.overrides],
    }


def _deploy_env(home: DeployEnvHome) -> dict[str, Any]:
    return {
        "variable": home.variable,
        "enabled": home.enabled,
        "disabled": home.disabled,
        "targets": list(home.targets),
    }


def _override(override: Override) -> dict[str, Any]:
    return {
        "merchant": override.merchant,
        "value": override.value,
        "reason": override.reason,
        "expires": override.expires.isoformat() if override.expires else None,
    }


def _rollout(rollout: Rollout) -> dict[str, Any]:
    return {
        "phase": rollout.phase,
        "salt": rollout.bucketing.salt,
        "version": rollout.bucketing.version,
        "min_merchant_age": _seconds(rollout.eligible.min_merchant_age),
        "exclude": sorted(rollout.eligible.exclude),
        "phases": [_phase(phase) for phase in rollout.phases],
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "merchants": list(phase.merchants),
        "percent": phase.percent.basis_points if phase.percent is not None else None,
        "soak": _seconds(phase.soak),
        "gate": phase.gate,
    }


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


def _read_flag(raw: Mapping[str, Any]) -> Flag:
    deploy = raw["deploy_env"]
    return Flag(
        key=raw["key"],
        description=raw["description"],
        owner=raw["owner"],
        expires=_read_date(raw["expires"]),
        merchant_config=MerchantConfigHome(raw["column"]) if raw["column"] else None,
        deploy_env=DeployEnvHome(**{**deploy, "targets": tuple(deploy["targets"])})
        if deploy
        else None,
        globally_on=raw["global"],
        overrides=tuple(_read_override(override) for override in raw["overrides"]),
    )


def _read_override(raw: Mapping[str, Any]) -> Override:
    return Override(raw["merchant"], raw["value"], raw["reason"], _read_date(raw["expires"]))


def _read_rollout(flag: str, raw: Mapping[str, Any]) -> Rollout:
    return Rollout(
        flag=flag,
        phase=raw["phase"],
        bucketing=Bucketing(raw["salt"], raw["version"]),
        eligible=Eligibility(
            timedelta(seconds=raw["min_merchant_age"]),
            frozenset(raw["exclude"]),
        ),
        phases=tuple(_read_phase(phase) for phase in raw["phases"]),
    )


def _read_phase(raw: Mapping[str, Any]) -> Phase:
    percent = raw["percent"]
    return Phase(
        name=raw["name"],
        merchants=tuple(raw["merchants"]),
        percent=Percent(percent) if percent is not None else None,
        soak=timedelta(seconds=raw["soak"]),
        gate=raw["gate"],
    )


def _read_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
