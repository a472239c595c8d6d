"""Guardrails on merchants who would lose a feature although nobody asked for it."""

from collections.abc import Iterator

from controller.domain.environment import Guardrail
from controller.domain.guardrails.case import Case
from controller.domain.plan import Cause, Refusal


def unexpected_disable(case: Case) -> Iterator[Refusal]:
    """Merchants would be turned off although no phase, override or flag moved down."""
    for flag in case.plan.flags:
        by_rule = sum(
            len(g.merchants) for g in flag.groups if not g.value and g.cause is Cause.ELIGIBILITY
        )
        losers = by_rule + len(flag.unmanaged)
        if losers:
            why = (
                "were turned on by hand before rolloutctl knew the flag"
                if flag.unmanaged
                else "would lose it by a changed eligibility or salt"
            )
            yield Refusal(
                Guardrail.UNEXPECTED_DISABLE,
                flag.flag,
                f"{flag.flag}: {losers:,} merchants would be turned off, although no phase, "
                "override or flag "
                f"moved down; they {why}",
                f"to keep them: rolloutctl adopt {flag.flag}"
                if flag.unmanaged
                else "to turn them off on purpose, add overrides with value: false and a reason",
            )


def bucketing_changed(case: Case) -> Iterator[Refusal]:
    """A live rollout's salt or version changed."""
    for flag, _, move in case.changes():
        if move.reshuffled:
            yield Refusal(
                Guardrail.BUCKETING_CHANGED,
                flag.key,
                f"{flag.key}: the salt or version of a live rollout changed; every merchant "
                "would get another "
                "bucket, and many would lose the feature while others gain it",
                f"put the old bucketing back into rollout/{flag.key}.yaml; it may change at off, "
                "by name only or "
                "at 100%",
            )
