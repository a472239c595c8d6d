"""What the guard found and did, for machines."""

from typing import Any, Final

from controller.errors import RolloutError
from controller.guarding import Guarded, exit_code
from controller.judging import Judgement
from controller.render import gate_words
from controller.render import json as as_json

GUARD_FORMAT: Final = "rolloutctl-guard/1"


def guarded(found: tuple[Guarded, ...], environment: str) -> dict[str, Any]:
    """Every live phase with a gate."""
    return {
        "format": GUARD_FORMAT,
        "environment": environment,
        "exit_code": int(exit_code(found)),
        "flags": [_one(one) for one in found],
    }


def _one(one: Guarded) -> dict[str, Any]:
    judgement = one.found if isinstance(one.found, Judgement) else None
    line = one.found.message if isinstance(one.found, RolloutError) else ""
    return {
        "flag": one.flag,
        "phase": one.phase,
        "verdict": str(one.verdict),
        "line": gate_words.gate_line(judgement.report) if judgement else line,
        "evidence": judgement.id if judgement else None,
        "was_halted": one.was_halted,
        "halted": one.halted is not None,
        "pull_request": one.opened.pull_request.url if one.opened else None,
        "problems": [as_json.problem(problem) for problem in one.problems],
    }
