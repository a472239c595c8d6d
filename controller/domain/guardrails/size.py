"""Guardrails on the size of a plan: how many merchants change at once."""

from collections.abc import Iterator

from controller.domain.environment import Guardrail
from controller.domain.guardrails.case import Case
from controller.domain.plan import FlagPlan, Refusal


def max_changed_percent(case: Case) -> Iterator[Refusal]:
    """More of the merchants change at once than the environment allows."""
    limit = case.desired.environment.limits.max_changed_percent
    for flag in case.plan.flags:
        changed = _asked_nothing(flag)
        if limit is not None and changed > case.plan.merchants * limit.fraction:
            share = 100 * changed / case.plan.merchants
            yield Refusal(
                Guardrail.MAX_CHANGED_PERCENT,
                flag.flag,
                f"{flag.flag}: {changed:,} of {case.plan.merchants:,} merchants would change "
                f"({share:.1f}%); "
                f"the limit of this environment is {limit}",
                "take a smaller step, or lift the limit for this run",
            )


def max_changed_count(case: Case) -> Iterator[Refusal]:
    """More merchants change at once than the environment allows."""
    limit = case.desired.environment.limits.max_changed_count
    for flag in case.plan.flags:
        changed = _asked_nothing(flag)
        if limit is not None and changed > limit:
            yield Refusal(
                Guardrail.MAX_CHANGED_COUNT,
                flag.flag,
                f"{flag.flag}: {changed:,} merchants would change; the limit of this environment "
                f"is {limit:,}",
                "take a smaller step, or lift the limit for this run",
            )


def never_to_empty(case: Case) -> Iterator[Refusal]:
    """The last merchants would lose it, although nobody asked for that."""
    if not case.desired.environment.limits.never_to_empty:
        return
    for flag in case.plan.flags:
        loses_unasked = any(not group.value and not group.is_retreat for group in flag.groups)
        if flag.on_before and not flag.on_after and loses_unasked:
            yield Refusal(
                Guardrail.NEVER_TO_EMPTY,
                flag.flag,
                f"{flag.flag}: all {flag.on_before:,} merchants that have it would lose it, "
                "although no phase, override or halt asks for that",
                f"to turn it off on purpose, set phase: off in rollout/{flag.flag}.yaml; in an "
                "emergency: "
                f'rolloutctl halt {flag.flag} --reason "..."',
            )


def _asked_nothing(flag: FlagPlan) -> int:
    """How many values change that are not part of a retreat."""
    return sum(len(group.merchants) for group in flag.groups if not group.is_retreat)
