"""The decision of the gate: counts and a reviewed policy in, a report out. Reads like its order.

    1. counts that cannot be true are set aside as errors      soundness.py
    2. the policy, identity, freshness, clocks                 checks.py, identity.py
    3. hard invariants, then every criterion                   deterministic.py, sequential.py
    4. waivers                                                 waiving.py
    5. soak, runs, merchants                                   checks.py
    6. the worst of all verdicts is the verdict                verdict.py

Everything is judged, nothing is skipped because something else was bad: a report with one reason
at a time costs a day each. Only where the counts cannot be due to the rollout at all, or the policy
makes no sense, no criterion is judged by them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from controller.domain.gate_policy import DeterministicGate, GatePolicy, SequentialGate, Waiver
from controller.gate import deterministic, sequential, waiving
from controller.gate.checks import run_checks
from controller.gate.counts import GateCounts
from controller.gate.identity import attributable, since_of
from controller.gate.narrative import claim, notes
from controller.gate.outlook import outlook
from controller.gate.policy_check import problems
from controller.gate.report import Check, CriterionResult, GateReport
from controller.gate.soundness import vetted
from controller.gate.verdict import Verdict, worst


def judge(
    policy: GatePolicy,
    counts: GateCounts,
    waivers: Iterable[Waiver],
    now: datetime,
    *,
    phase_soak: timedelta = timedelta(0),
) -> GateReport:
    """May this flag leave this phase upwards?

    Args:
        policy: From the base revision, so that a change cannot soften its own check.
        counts: What `controller.workflow_data` counted for the flag and the phase.
        waivers: From the base revision; those for other flags or phases are ignored.
        now: The database's clock.
        phase_soak: The phase's own soak; the longer of it and the gate's counts.

    Returns:
        The report. Whatever is missing or impossible in `counts` is in it as an error; nothing
        missing leads to `proceed`.

    Raises:
        ValueError: `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a judgement needs a zone")
    counts = vetted(counts)
    checks = run_checks(policy, counts, now, phase_soak)
    valid = waiving.in_force(waivers, flag=counts.flag, phase=counts.phase, now=now)
    criteria, uses = waiving.apply(valid, _judge_criteria(policy, counts, now))
    verdict = _verdict(checks, criteria)
    since = since_of(counts)
    ask_a_person = _waited_too_long(policy, verdict, since, now)
    return GateReport(
        environment=counts.environment,
        flag=counts.flag,
        phase=counts.phase,
        gate=policy.name,
        method="sequential" if isinstance(policy, SequentialGate) else "deterministic",
        judged_at=now,
        since=since,
        verdict=verdict,
        claim=claim(policy, counts, criteria, verdict),
        checks=checks,
        criteria=criteria,
        needs=outlook(policy, counts, checks, criteria, verdict, ask_a_person=ask_a_person),
        notes=notes(policy, counts, criteria),
        waivers=uses,
        error_rates=sequential.error_rates(policy) if isinstance(policy, SequentialGate) else None,
        ask_a_person=ask_a_person,
    )


def _judge_criteria(
    policy: GatePolicy, counts: GateCounts, now: datetime
) -> tuple[CriterionResult, ...]:
    if problems(policy) or not attributable(counts, now):
        return ()
    if isinstance(policy, DeterministicGate):
        return deterministic.judge_criteria(policy, counts)
    return sequential.judge_criteria(policy, counts)


def _verdict(checks: tuple[Check, ...], criteria: tuple[CriterionResult, ...]) -> Verdict:
    of_checks = [check.verdict.for_the_gate for check in checks]
    of_criteria = [result.counts_as.for_the_gate for result in criteria if result.decides]
    return worst([*of_checks, *of_criteria])


def _waited_too_long(
    policy: GatePolicy, verdict: Verdict, since: datetime | None, now: datetime
) -> bool:
    undecided = verdict in {Verdict.INSUFFICIENT_DATA, Verdict.ERROR}
    return undecided and since is not None and now - since > policy.timing.max_wait
