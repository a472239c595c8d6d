"""What reviewed, expiring waivers do to a verdict: one named criterion passes despite what it says.

A waiver accepts a known result. It cannot accept the absence of one (`error`, `insufficient_data`),
and never a count that must be zero.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from controller.domain.gate_policy import Waiver
from controller.gate.report import CriterionKind, CriterionResult, WaiverEffect, WaiverUse
from controller.gate.verdict import CriterionVerdict

_WAIVABLE: Final = frozenset(
    {CriterionVerdict.WARN, CriterionVerdict.INCONCLUSIVE, CriterionVerdict.FAIL}
)


def in_force(
    waivers: Iterable[Waiver], *, flag: str, phase: str, now: datetime
) -> tuple[Waiver, ...]:
    """The waivers for this phase; the last day of each, in UTC, is included."""
    today = now.astimezone(UTC).date()
    return tuple(
        waiver
        for waiver in waivers
        if waiver.flag == flag and waiver.phase == phase and today <= waiver.expires
    )


def apply(
    waivers: tuple[Waiver, ...], criteria: tuple[CriterionResult, ...]
) -> tuple[tuple[CriterionResult, ...], tuple[WaiverUse, ...]]:
    """Let waived criteria pass, and say of every waiver in force what it does."""
    by_name = {result.name: result for result in criteria}
    uses = tuple(_use(waiver, by_name.get(waiver.criterion)) for waiver in waivers)
    applied = {
        use.waiver.criterion: use.waiver for use in uses if use.effect is WaiverEffect.APPLIED
    }
    waived = tuple(replace(result, waiver=applied.get(result.name)) for result in criteria)
    return waived, uses


def _use(waiver: Waiver, result: CriterionResult | None) -> WaiverUse:
    if result is None:
        effect, why = WaiverEffect.NO_SUCH_CRITERION, "nothing of that name was judged"
    elif result.kind is CriterionKind.NEVER:
        effect, why = WaiverEffect.REFUSED, "it must never happen, and that cannot be waived"
    elif result.verdict is CriterionVerdict.PASS or not result.decides:
        effect, why = WaiverEffect.NOT_NEEDED, "it does not stand in the way"
    elif result.verdict in _WAIVABLE:
        effect, why = WaiverEffect.APPLIED, f"it passes despite its verdict, {result.verdict}"
    else:
        effect = WaiverEffect.REFUSED
        why = f"its verdict is {result.verdict}, and only a known result can be waived"
    explanation = (
        f"Waiver for `{waiver.criterion}` by {waiver.approved_by} until {waiver.expires}: {why}. "
        f"Its reason: {waiver.reason}"
    )
    return WaiverUse(waiver, effect, explanation)
