"""Guardrails on merchants who would lose a feature although nobody asked for it."""

from collections.abc import Iterator

from controller.domain.environment import Guardrail
from controller.domain.guardrails.case import Case
from controller.domain.plan import Cause, FlagPlan, Refusal
from controller.domain.wording import counted


def unexpected_disable(case: Case) -> Iterator[Refusal]:
    """Merchants would be turned off although no phase, override or flag moved down."""
    vanished = {flag.key for flag, _, move in case.changes() if move.vanished}
    for flag in case.plan.flags:
        losers = len(flag.unmanaged) + sum(
            len(g.merchants) for g in flag.groups if not g.value and g.cause is Cause.ELIGIBILITY
        )
        if losers:
            why, remedy = _why(flag, vanished=flag.flag in vanished)
            yield Refusal(
                Guardrail.UNEXPECTED_DISABLE,
                flag.flag,
                f"{flag.flag}: {counted(losers)} would be turned off, although no phase, override "
                f"or flag moved down: {why}",
                remedy,
            )


def _why(flag: FlagPlan, *, vanished: bool) -> tuple[str, str]:
    if flag.unmanaged:
        return (
            "turned on by hand before rolloutctl knew the flag or its column",
            f"to keep them: rolloutctl adopt {flag.flag}",
        )
    if vanished:
        return (
            "its rollout file is gone",
            "bring the rollout's file back; to turn it off on purpose, set phase: off in it",
        )
    return (
        "its eligibility or salt changed",
        "to turn them off on purpose, add overrides with value: false and a reason",
    )


def bucketing_changed(case: Case) -> Iterator[Refusal]:
    """A live rollout's salt or version changed."""
    for flag, _, move in case.changes():
        if move.reshuffled:
            yield Refusal(
                Guardrail.BUCKETING_CHANGED,
                flag.key,
                f"{flag.key}: the salt or version of a live rollout changed; every merchant would "
                "get another bucket, and many would lose the feature while others gain it",
                f"put the old bucketing back into rollout/{flag.key}.yaml; it may change at off, "
                "by name only or at 100%",
            )
