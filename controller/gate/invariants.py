"""Counts that must be zero: `duplicate_orders`, `corrupted`, whatever a policy says `never`.

Both kinds of gate share them. One is enough for rollback, whatever the rates say, and no waiver
covers it.
"""

from controller.domain.wording import counted
from controller.gate.counts import GateCounts, TotalCount, Uncounted
from controller.gate.report import CriterionKind, CriterionResult
from controller.gate.verdict import CriterionVerdict


def judge_never(names: tuple[str, ...], counts: GateCounts) -> tuple[CriterionResult, ...]:
    """Judge every count that must be zero, in the policy's order."""
    return tuple(_never(name, total_of(name, counts)) for name in names)


def total_of(name: str, counts: GateCounts) -> TotalCount | Uncounted:
    """A count by name; one that nobody delivered is uncounted, not zero."""
    return counts.totals.get(name) or Uncounted(f"there is no count called `{name}`")


def _never(name: str, total: TotalCount | Uncounted) -> CriterionResult:
    if isinstance(total, Uncounted):
        return uncounted(name, CriterionKind.NEVER, total)
    if total.count == 0:
        verdict, reason = CriterionVerdict.PASS, "None was found."
    else:
        verdict = CriterionVerdict.FAIL
        reason = f"{counted(total.count, 'case')} found{examples(total)}; there must never be one."
    return CriterionResult(name, CriterionKind.NEVER, verdict, reason, query=total.query)


def examples(total: TotalCount) -> str:
    """The ids of a few cases, in brackets, or nothing."""
    return f" ({', '.join(total.examples)})" if total.examples else ""


def uncounted(
    name: str, kind: CriterionKind, what: Uncounted, *, decides: bool = True
) -> CriterionResult:
    """The result for what could not be counted: an error, never zero and never a pass."""
    reason = f"Could not be counted: {what.reason.rstrip('.')}."
    return CriterionResult(name, kind, CriterionVerdict.ERROR, reason, decides=decides)
