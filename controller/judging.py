"""Asking the gates: gather what happened, judge it, keep the evidence. Only advances come here.

For the reconciler, which wants to know whether an advance may be applied, and for `rolloutctl
gate`, whose reader wants the whole report. Both ask the same question in the same way:

    ledger ──► question ──► counts ──► verdict ──► evidence
    (policy applied last)  (workflow data)  (pure)   (append-only)

The policy is the one that was applied last, so what comes together with an advance cannot soften
its own gate.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from controller.activity import busy
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import Environment
from controller.domain.flag_policy import FlagPolicy, policy_of
from controller.domain.gate_answer import GateAnswer
from controller.domain.gate_policy import GatePolicy
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.movement import movement
from controller.errors import RolloutError, UsageError
from controller.gate import evidence as evidences
from controller.gate.counts import Baseline, GateCounts, Uncounted
from controller.gate.evidence import Evidence
from controller.gate.report import GateReport
from controller.gate.verdict import Verdict
from controller.merchant_store.interface import MerchantStore, StoredEvidence
from controller.ports import Ports
from controller.workflow_data.interface import Question, WorkflowData, question_about


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer of a gate with all that went into it.

    Attributes:
        stored: Whether the ledger keeps it.
        problem: Why it does not; empty where it does, or where nobody wanted it to.
    """

    evidence: Evidence
    stored: bool = False
    problem: str = ""

    @property
    def report(self) -> GateReport:
        """The answer."""
        return self.evidence.report

    @property
    def id(self) -> str:
        """The evidence's id."""
        return evidences.evidence_hash(self.evidence)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about: one flag as the ledger has it.

    Attributes:
        now: The database's clock.
        as_of: Judge what was known at this earlier moment; None is `now`.
        base: The policy of a pull request's base; None where the one applied last counts.
    """

    environment: Environment
    ledger: Ledger
    applied: AppliedFlag
    now: datetime
    as_of: datetime | None = None
    base: FlagPolicy | None = None

    @property
    def flag(self) -> str:
        """The flag's key."""
        return self.applied.desired.key

    @property
    def gate(self) -> tuple[GatePolicy, FlagPolicy]:
        """The gate of the phase being left, and the policy that it belongs to.

        Raises:
            UsageError: The ledger knows no such gate.
        """
        policy, phase = self.base or self.applied.policy, self.applied.phase
        gate = policy.gates.get(phase.gate or "") if policy and phase else None
        if gate is None or policy is None:
            whose = "the base has" if self.base else "the ledger knows"
            raise UsageError(
                f"{whose} no gate for {self.flag} in phase {self.applied.desired.phase}",
                "a run without an advance records it: rolloutctl reconcile",
            )
        return gate, policy


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who asks, for the evidence.

    Attributes:
        revision: The commit that the files come from, where there is one.
    """

    actor: str
    revision: str | None


def ask(
    ports: Ports,
    desired: Desired,
    flag: str,
    *,
    actor: str,
    as_of: datetime | None = None,
) -> Judgement:
    """Ask the gate of the phase that a flag is in, and keep the evidence.

    Args:
        ports: The outside world.
        desired: What git says; only its environment and revision matter here.
        flag: The flag's key.
        actor: Who asks, for the ledger.
        as_of: Judge what was known at this earlier moment.

    Raises:
        UsageError: The flag was never applied, its phase has no gate, or the workflow data's
            address is missing or wrong.
        DatabaseUnreachable: The app's database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
    applied = ledger.applied.get(flag)
    if applied is None:
        raise UsageError(
            f"{flag} was never applied in {desired.environment.name}: there is nothing to judge",
            "rolloutctl reconcile",
        )
    inquiry = Inquiry(desired.environment, ledger, applied, now, as_of)
    found = Judgement(_judge(ports, inquiry))
    return _keep(ports.store, found, Keeper(actor, desired.revision))


def judge_advances(
    ports: Ports,
    desired: Desired,
    ledger: Ledger,
    now: datetime,
    *,
    keeper: Keeper | None = None,
    base: Desired | None = None,
) -> dict[str, Judgement | RolloutError]:
    """What the gates say of every flag that would advance out of a phase with a gate.

    Args:
        ports: The outside world.
        desired: What git says.
        ledger: What was applied last.
        now: The database's clock.
        keeper: Who asks; None where the evidence is not to be kept: a plan changes nothing.
        base: The base of a pull request, whose policy then counts.

    Returns:
        By flag: the answer, or why there is none.
    """
    found: dict[str, Judgement | RolloutError] = {}
    for flag, applied in _advancing(desired, ledger):
        policy = policy_of(base, flag.key) if base else None
        inquiry = Inquiry(desired.environment, ledger, applied, now, base=policy)
        try:
            judgement = Judgement(_judge(ports, inquiry))
            found[flag.key] = _keep(ports.store, judgement, keeper) if keeper else judgement
        except RolloutError as problem:
            found[flag.key] = problem
    return found


def must_ask(desired: Desired, ledger: Ledger) -> bool:
    """Whether some flag would advance out of a phase with a gate."""
    return any(True for _ in _advancing(desired, ledger))


def _advancing(desired: Desired, ledger: Ledger) -> Iterator[tuple[DesiredFlag, AppliedFlag]]:
    for flag in desired.flags:
        applied = ledger.applied.get(flag.key)
        if applied is None or applied.phase is None or applied.phase.gate is None:
            continue
        if movement(applied.desired, flag).widened:
            yield flag, applied


def answer_of(applied: AppliedFlag, found: Judgement | RolloutError) -> GateAnswer:
    """What a plan must know of the gate's answer."""
    phase = applied.phase
    assert phase is not None  # noqa: S101 -- only a phase has a gate
    if isinstance(found, RolloutError):
        reason = f"error: it could not be asked: {found.message}"
        return GateAnswer(phase.name, phase.gate or "", False, reason, found.hint)
    report = found.report
    return GateAnswer(
        phase=phase.name,
        gate=report.gate,
        passed=report.verdict is Verdict.PROCEED,
        reason=f"{str(report.verdict).replace('_', ' ')}: {_first(report.needs) or report.claim}",
        remedy=f"look at the whole answer: rolloutctl gate {report.flag}",
    )


def _first(sentences: tuple[str, ...]) -> str:
    return sentences[0] if sentences else ""


def _judge(ports: Ports, inquiry: Inquiry) -> Evidence:
    _, policy = inquiry.gate
    question = question_of(ports.store, inquiry)
    with (
        busy(f"counting runs for the gate of {inquiry.flag}"),
        workflow_data(ports, inquiry.environment, policy) as data,
    ):
        return judged(inquiry, question, data.count(question))


def question_of(store: MerchantStore, inquiry: Inquiry) -> Question:
    """What the workflow data is asked, by the policy that judges.

    Raises:
        UsageError: The ledger knows no gate for the phase.
        DatabaseUnreachable: The database did not answer.
    """
    gate, _ = inquiry.gate
    question = question_about(
        inquiry.applied,
        inquiry.ledger.halts.get(inquiry.flag),
        gate,
        _baseline(store, inquiry.applied),
        environment=inquiry.environment.name,
        now=inquiry.now,
    )
    return replace(question, as_of=inquiry.as_of)


def judged(inquiry: Inquiry, question: Question, counts: GateCounts) -> Evidence:
    """The answer to a question, from what was counted."""
    gate, policy = inquiry.gate
    phase = inquiry.applied.phase
    assert phase is not None  # noqa: S101 -- only a phase has a gate
    return evidences.gather(gate, counts, policy.waivers, question.moment, phase_soak=phase.soak)


@contextmanager
def workflow_data(
    ports: Ports, environment: Environment, policy: FlagPolicy
) -> Iterator[WorkflowData]:
    """The workflow data as a flag's policy describes it; closed at the end.

    Raises:
        UsageError: It cannot be asked here, or its address is missing or wrong.
    """
    if ports.workflow_data is None:
        raise UsageError("there is no workflow data to ask", "")
    data = ports.workflow_data(replace(environment, workflow_data=policy.workflow_data))
    try:
        yield data
    finally:
        data.close()


def _baseline(store: MerchantStore, applied: AppliedFlag) -> Baseline | Uncounted:
    if applied.live_since is None or not applied.has_baseline:
        return Uncounted("it has not been measured yet; the next reconcile does")
    try:
        found = store.baseline(applied.desired.key, applied.live_since)
    except ValueError as problem:
        return Uncounted(f"the ledger's cannot be read: {problem}")
    return found or Uncounted("it has not been measured yet; the next reconcile does")


def _keep(store: MerchantStore, judgement: Judgement, keeper: Keeper) -> Judgement:
    report = judgement.report
    try:
        stored = store.keep_evidence(
            StoredEvidence(
                id=judgement.id,
                flag=report.flag,
                phase=report.phase,
                verdict=str(report.verdict),
                judged_at=report.judged_at,
                revision=keeper.revision,
                actor=keeper.actor,
                text=evidences.write(judgement.evidence),
            )
        )
    except RolloutError as problem:  # a role that may only read can still ask
        return replace(judgement, problem=problem.message)
    return replace(judgement, stored=stored)


@dataclass(frozen=True, slots=True)
class BaselineFrozen:
    """What became of one flag's baseline.

    Attributes:
        baseline: What was frozen, or why it could not be measured.
    """

    flag: str
    baseline: Baseline | Uncounted


def freeze_baselines(ports: Ports, desired: Desired) -> tuple[BaselineFrozen, ...]:
    """Measure how it was before, for flags that have left off, and freeze it.

    Level-triggered like everything else: what could not be measured is measured by a later run, of
    the same window.
    """
    with ports.store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
    environment = desired.environment
    lacking = [flag for flag in ledger.applied.values() if lacks_baseline(flag)]
    return tuple(_freeze(ports, Inquiry(environment, ledger, flag, now)) for flag in lacking)


def lacks_baseline(applied: AppliedFlag) -> bool:
    """Whether a gate will ask how it was before, and nobody knows."""
    return applied.live_since is not None and not applied.has_baseline and applied.gate is not None


def _freeze(ports: Ports, inquiry: Inquiry) -> BaselineFrozen:
    gate, policy = inquiry.gate
    since = inquiry.applied.live_since
    assert since is not None  # noqa: S101 -- else nothing is lacking
    question = question_about(
        inquiry.applied,
        None,
        gate,
        Uncounted("it is being measured"),
        environment=inquiry.environment.name,
        now=inquiry.now,
    )
    try:
        with (
            busy(f"measuring how it was before {inquiry.flag}"),
            workflow_data(ports, inquiry.environment, policy) as data,
        ):
            measured = data.measure_baseline(replace(question, since=since))
        if isinstance(measured, Baseline):
            ports.store.keep_baseline(inquiry.flag, since, measured)
    except RolloutError as problem:
        measured = Uncounted(problem.message)
    return BaselineFrozen(inquiry.flag, measured)
