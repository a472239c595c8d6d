"""The check of a pull request for machines."""

from typing import Any, Final

from controller.checking import Check, EnvironmentCheck
from controller.errors import RolloutError
from controller.judging import Judgement
from controller.render import check_view
from controller.render import json as as_json
from controller.render.json.change import environment
from controller.render.json.gate import gate

CHECK_FORMAT: Final = "rolloutctl-check/1"


def check(found: Check) -> dict[str, Any]:
    """The whole check: the answer, every obstacle, every plan and every gate's report."""
    shown = check_view.view(found)
    return {
        "format": CHECK_FORMAT,
        "answer": shown.answer,
        "may_merge": found.may_merge,
        "because": shown.because,
        "exit_code": int(found.exit_code),
        "base": found.comparison.base,
        "head": found.comparison.head,
        "policy": found.comparison.policy,
        "problems": [problem.as_json() for problem in found.problems],
        "obstacles": [
            {
                "kind": obstacle.kind,
                "environment": obstacle.environment,
                "flag": obstacle.flag,
                "message": obstacle.message,
                "next": obstacle.remedy,
                "exit_code": int(obstacle.exit_code),
            }
            for obstacle in found.obstacles
        ],
        "environments": [_environment(one, int(found.exit_code)) for one in found.environments],
    }


def _environment(one: EnvironmentCheck, exit_code: int) -> dict[str, Any]:
    return {
        **environment(one.meaning),
        "plan": as_json.plan(one.survey.plan) if one.survey else None,
        "problem": as_json.problem(one.problem) if one.problem else None,
        "gates": [_gate(flag, found, exit_code) for flag, found in one.judgements.items()],
    }


def _gate(flag: str, found: Judgement | RolloutError, exit_code: int) -> dict[str, Any]:
    if isinstance(found, RolloutError):
        return {"flag": flag, "verdict": "error", "problem": as_json.problem(found)}
    evidence = {"id": found.id, "stored": found.stored, "problem": found.problem}
    return gate(found.report, exit_code=exit_code, evidence=evidence)
