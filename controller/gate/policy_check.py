"""A gate that makes no sense is never passed: what is wrong with a policy, before judging by it.

`controller.config` refuses such files with their place. This is the last line behind it: a policy
can also come from old evidence or from a program.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from controller.domain.gate_policy import (
    CriterionMode,
    DeterministicGate,
    GatePolicy,
    SequentialGate,
)
from controller.domain.measures import DURATION, WORST_MERCHANT, Total

_LARGEST_ALPHA: Final = 0.25
"""Above 1/e the intervals are not defined; long before that an error rate is a joke."""

RESERVED: Final = frozenset({DURATION, WORST_MERCHANT, Total.FAILED, Total.STUCK})
"""Names that criteria of other kinds have; a rate cannot be called by them."""


def problems(policy: GatePolicy) -> tuple[str, ...]:
    """Everything that is wrong with the gate, in words; empty for a sound one."""
    if isinstance(policy, DeterministicGate):
        return tuple(_deterministic(policy))
    return tuple(_sequential(policy))


def _deterministic(policy: DeterministicGate) -> Iterator[str]:
    if policy.min_runs < 1:
        yield "`min_runs` must be at least 1: no run at all proves nothing"
    if policy.failed_rollback < 1 or policy.stuck_rollback < 1:
        yield "`failed` and `stuck` need a `rollback` of at least 1"
    if not policy.duration_proceed <= policy.duration_fix_minor:
        yield "`duration.proceed` must not be longer than `duration.fix_minor`"
    own = (DURATION, Total.FAILED, Total.STUCK)
    yield from _repeated((*own, *policy.require, *policy.never))


def _sequential(policy: SequentialGate) -> Iterator[str]:
    if not any(criterion.mode is CriterionMode.DECIDE for criterion in policy.criteria):
        yield "no criterion decides: nothing would be judged"
    yield from _figures(policy)
    for criterion in policy.criteria:
        if criterion.floor > criterion.target:
            yield f"the floor of `{criterion.name}` is above its target"
        if criterion.name in RESERVED:
            yield f"a rate cannot be called `{criterion.name}`"
    yield from _repeated((*(criterion.name for criterion in policy.criteria), *policy.never))


def _figures(policy: SequentialGate) -> Iterator[str]:
    for name, alpha in (("alpha_pass", policy.alpha_pass), ("alpha_fail", policy.alpha_fail)):
        if not 0.0 < alpha <= _LARGEST_ALPHA:  # refuses NaN too
            yield f"`{name}` must be above 0 and at most {_LARGEST_ALPHA}, not {alpha}"
    for name, least in (
        ("min_runs", policy.min_runs),
        ("min_merchants", policy.min_merchants),
        ("runs_per_merchant", policy.runs_per_merchant),
    ):
        if least < 1:
            yield f"`{name}` must be at least 1"


def _repeated(names: tuple[str, ...]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"`{name}` is named {times} times"
