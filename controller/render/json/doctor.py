"""The preflight for machines."""

from collections.abc import Mapping
from typing import Any

from controller.doctor.finding import Finding


def findings(findings: Mapping[str, Mapping[str, Finding]], environment: str) -> dict[str, Any]:
    """Every finding, in order."""
    return {
        "format": "rolloutctl-doctor/1",
        "environment": environment,
        "checks": [
            {
                "group": group,
                "check": name,
                "health": finding.health,
                "message": finding.message,
                "fix": finding.fix or None,
            }
            for group, found in findings.items()
            for name, finding in found.items()
        ],
    }
