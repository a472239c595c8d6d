"""Guardrails on the size of a plan: how many merchants change at once."""

from collections.abc import Iterator

from controller.domain.environment import Guardrail
from controller.domain.guardrails.case import Case
from controller.domain.plan import FlagPlan, Refusal
from controller.domain.units import EVERYONE
from controller.domain.wording import counted, have

_SMALLER_STEP = "take a smaller step, or lift the limit for this run"


def max_changed_percent(case: Case) -> Iterator[Refusal]:
    """More of the merchants change at once than the environment allows."""
    limit = case.desired.environment.limits.max_changed_percent
    total = case.plan.merchants
    for flag in case.plan.flags:
        changed = _changed_unasked(flag)
        if limit is not None and changed * EVERYONE.basis_points > total * limit.basis_points:
            yield Refusal(
                Guardrail.MAX_CHANGED_PERCENT,
                flag.flag,
                f"{flag.flag}: {changed:,} of {counted(total)} would change "
                f"({100 * changed / total:.1f}%); the limit of this environment is {limit}",
                _SMALLER_STEP,
            )


def max_changed_count(case: Case) -> Iterator[Refusal]:
    """More merchants change at once than the environment allows."""
    limit = case.desired.environment.limits.max_changed_count
    for flag in case.plan.flags:
        changed = _changed_unasked(flag)
        if limit is not None and changed > limit:
            yield Refusal(
                Guardrail.MAX_CHANGED_COUNT,
                flag.flag,
                f"{flag.flag}: {counted(changed)} would change; the limit of this environment is "
                f"{limit:,}",
                _SMALLER_STEP,
            )


def never_to_empty(case: Case) -> Iterator[Refusal]:
    """The last merchants would lose it, although nobody asked for that."""
    if not case.desired.environment.limits.never_to_empty:
        return
    for flag in case.plan.flags:
        loses_unasked = any(not group.value and not group.is_retreat for group in flag.groups)
        if loses_unasked and not flag.on_after:
            who = "all" if flag.on_before > 1 else "the"
            yield Refusal(
                Guardrail.NEVER_TO_EMPTY,
                flag.flag,
                f"{flag.flag}: {who} {counted(flag.on_before)} that {have(flag.on_before)} would "
                "lose it, although no phase, override or halt asks for that",
                f"to turn it off on purpose, set phase: off in rollout/{flag.flag}.yaml; in an "
                f'emergency: rolloutctl halt {flag.flag} --reason "..."',
            )


def _changed_unasked(flag: FlagPlan) -> int:
    """How many values change that are not part of a retreat."""
    return sum(len(group.merchants) for group in flag.groups if not group.is_retreat)
