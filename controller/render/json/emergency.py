"""A halt and its end, for machines."""

from collections.abc import Sequence
from typing import Any

from controller.domain.halt import Halt
from controller.emergency import HaltOutcome
from controller.errors import ExitCode
from controller.render import json


def halted(
    flag: str, environment: str, outcome: HaltOutcome, code: ExitCode, notes: Sequence[str]
) -> dict[str, Any]:
    """What a halt did.

    Args:
        flag: Its key.
        environment: Where it was halted.
        outcome: What was turned off.
        code: How the command ends.
        notes: What it had to go without.
    """
    deploy = outcome.deploy
    return {
        "format": "rolloutctl-halt/1",
        "exit_code": int(code),
        "flag": flag,
        "environment": environment,
        "generation": outcome.committed.generation,
        "run": outcome.committed.run_id,
        "turned_off": sum(outcome.committed.changed.values()),
        "deploy_environment": json.deployed(deploy) if deploy else None,
        "notes": list(notes),
    }


def resumed(flag: str, environment: str, ended: Halt) -> dict[str, Any]:
    """The halt that was ended."""
    return {
        "format": "rolloutctl-resume/1",
        "flag": flag,
        "environment": environment,
        "ended": json.halt(ended),
    }
