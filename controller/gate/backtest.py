"""What a proposed gate would have said to rollouts of the past, from their evidence.

Beside the way of a change: a reviewer asks before a policy is merged. Evidence holds the counts
that the old policy asked for; where the proposed one asks for other counts (another deadline,
another cap, a new measure), they are not in it, and the replay says so instead of guessing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from controller.domain.gate_policy import DeterministicGate, GatePolicy, SequentialGate
from controller.gate.evidence import Evidence
from controller.gate.judge import judge
from controller.gate.report import GateReport
from controller.gate.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Replay:
    """One judgement of the past, and what the proposed gate makes of the same counts.

    Attributes:
        was: The verdict then.
        report: The proposed gate's; None where the evidence does not hold what it asks for.
        missing: What the evidence does not hold, in words; empty where it holds everything.
    """

    flag: str
    phase: str
    at: datetime
    was: Verdict
    report: GateReport | None
    missing: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the proposed gate would have decided otherwise."""
        return self.report is not None and self.report.verdict is not self.was


def backtest(policy: GatePolicy, past: Iterable[Evidence]) -> tuple[Replay, ...]:
    """Replay a proposed gate over judgements of the past, in the order given."""
    return tuple(_replay(policy, evidence) for evidence in past)


def _replay(policy: GatePolicy, then: Evidence) -> Replay:
    missing = tuple(_missing(policy, then))
    report = None
    if not missing:
        report = judge(policy, then.counts, then.waivers, then.now, phase_soak=then.phase_soak)
    return Replay(
        then.counts.flag, then.counts.phase, then.now, then.report.verdict, report, missing
    )


def _missing(policy: GatePolicy, then: Evidence) -> Iterator[str]:
    if policy.timing.outcome_deadline != then.policy.timing.outcome_deadline:
        yield "runs judged at this `outcome_deadline`"
    asked, counted = set(_rates(policy)), then.counts.rates
    yield from (f"the measure `{name}`" for name in sorted(asked - counted.keys()))
    totals = set(policy.never) - then.counts.totals.keys()
    yield from (f"the count `{name}`" for name in sorted(totals))
    if isinstance(policy, DeterministicGate):
        yield from _missing_durations(policy, then.policy)
    else:
        yield from _missing_parameters(policy, then)


def _rates(policy: GatePolicy) -> tuple[str, ...]:
    if isinstance(policy, DeterministicGate):
        return policy.require
    return tuple(criterion.name for criterion in policy.criteria)


def _missing_durations(policy: DeterministicGate, old: GatePolicy) -> Iterator[str]:
    if not isinstance(old, DeterministicGate):
        yield "the durations of single runs"
    elif policy.duration_proceed != old.duration_proceed:
        yield "how many runs took at most this `duration.proceed`"


def _missing_parameters(policy: SequentialGate, then: Evidence) -> Iterator[str]:
    old = then.policy
    if not isinstance(old, SequentialGate) or policy.runs_per_merchant != old.runs_per_merchant:
        yield "the first runs of each merchant by this `runs_per_merchant`"
        return
    before = {criterion.name: criterion for criterion in old.criteria}
    for criterion in policy.criteria:
        same = before.get(criterion.name, criterion)
        if (criterion.within, criterion.ratio) != (same.within, same.ratio):
            yield f"`{criterion.name}` by this `within` or `ratio`"
    if policy.worst_merchant and _worst_differs(policy, old):
        yield "the worst merchant by this `min_runs`"


def _worst_differs(policy: SequentialGate, old: SequentialGate) -> bool:
    return (old.worst_merchant.min_runs if old.worst_merchant else 1) != (
        policy.worst_merchant.min_runs if policy.worst_merchant else 1
    )
