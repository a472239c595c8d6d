"""Gathering for `monitor`: one look after another at the runs of a cohort, or of one merchant.

A look is cheap: the clock, the ledger's generation and the runs. The ledger itself is read again
only when its generation has changed, and the gate's counts are taken anew only when a run has
matured since, or after a while. They are the gate's own, judged by the policy applied last; for one
merchant, whom no gate judges alone, by the matrix that a pilot's gate uses. Nothing is written.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.environment import Environment
from controller.domain.gate_policy import DeterministicGate, GatePolicy, GateTiming
from controller.domain.ledger import AppliedFlag, Ledger
from controller.domain.merchant import Merchant
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.counts import GateCounts, Uncounted
from controller.gate.evidence import Evidence
from controller.gate.report import GateReport
from controller.gate.single_run import RunLimits
from controller.gate.verdict import Verdict
from controller.gate.watched import Look
from controller.inquiry.gate import Free, NothingToPass, Step, nothing_to_pass, step_of, why_free
from controller.inquiry.merchant import find_merchant
from controller.judging import Inquiry, judged, question_of
from controller.ports import Ports
from controller.workflow_data.interface import Cohort, Question, RunWatch, question_about

SPAN: Final = timedelta(hours=1)
"""Runs that were created longer ago are not listed; the gate counts them all the same."""

_MOST_RUNS: Final = 200
_COUNTED_FOR: Final = timedelta(minutes=1)
"""Where no run matures, counts are taken again after this long: a soak may be over."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is watched, as the ledger has it.

    Attributes:
        flag: None where one merchant is watched.
        phase: The phase that the flag is in.
        since: Runs created earlier do not count.
        merchant: None where a flag is watched.
        gate: The name of the gate that judges; None where the phase has none.
        nothing: Why no gate is to be passed, where none is.
        following: The phase that would be entered.
    """

    environment: str
    flag: str | None
    phase: str | None
    since: datetime | None
    merchant: Merchant | None
    gate: str | None
    limits: RunLimits
    nothing: NothingToPass | None = None
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look found.

    Attributes:
        cut: Whether there are more runs than were read.
        counts: As the gate was given them; None where no gate judges.
        report: The answer to them.
    """

    subject: Subject
    look: Look
    cut: bool
    counts: GateCounts | None
    report: GateReport | None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What holds until the ledger changes."""

    subject: Subject
    question: Question
    generation: int
    data: RunWatch
    judge: Callable[[Question, GateCounts], Evidence] | None


class Watch:
    """Looks again and again.

    Args:
        ports: The outside world; only read.
        desired: What git says.
        of: The flag, or the id or the shop domain of a merchant.
    """

    def __init__(self, ports: Ports, desired: Desired, of: DesiredFlag | str) -> None:
        self._ports = ports
        self._desired = desired
        self._of = of
        self._ground: _Ground | None = None
        self._counted: Evidence | None = None
        self._matured: frozenset[str] = frozenset()
        self._since: datetime | None = None

    def look(self) -> Sighting:
        """See how it stands now.

        Raises:
            UsageError: The flag was never applied, there is no such merchant, or the workflow
                data's address is missing or wrong.
            Refused: The runs cannot be read.
            DatabaseUnreachable: The database did not answer; another look may find it again.
        """
        ground = self._ground or self._survey()
        recent = ground.data.recent(ground.question, ground.subject.limits, SPAN, _MOST_RUNS)
        if recent.generation != ground.generation:
            ground = self._survey()
            recent = ground.data.recent(ground.question, ground.subject.limits, SPAN, _MOST_RUNS)
        look = Look(recent.now, recent.runs, ground.subject.limits)
        evidence = self._evidence(ground, look)
        counts, report = (evidence.counts, evidence.report) if evidence else (None, None)
        return Sighting(ground.subject, look, recent.cut, counts, report)

    def close(self) -> None:
        """Give the connection back."""
        if self._ground is not None:
            self._ground.data.close()
            self._ground = None

    def _evidence(self, ground: _Ground, look: Look) -> Evidence | None:
        if ground.judge is None:
            return None
        matured = frozenset(run.id for run in look.runs if run.has_matured)
        if self._is_due(look, matured):
            question = replace(ground.question, now=look.now)
            self._counted = ground.judge(question, ground.data.count(question))
            self._matured = matured
        return self._counted

    def _is_due(self, look: Look, matured: frozenset[str]) -> bool:
        last = self._counted
        if last is None or last.report.verdict is Verdict.ERROR:
            return True
        # A run that has left the list is no news, only one that is new among the matured is.
        return bool(matured - self._matured) or look.now - last.now >= _COUNTED_FOR

    def _survey(self) -> _Ground:
        self.close()
        self._counted = None
        of = self._of
        self._ground = self._merchant(of) if isinstance(of, str) else self._flag(of)
        return self._ground

    def _flag(self, flag: DesiredFlag) -> _Ground:
        with self._ports.store.snapshot() as snapshot:
            ledger, now = snapshot.ledger, snapshot.now
        environment = self._desired.environment
        step = step_of(flag, ledger, now, None)
        free, applied = why_free(step), step.applied
        if applied is None or (free is Free.OFF and self._since is None):
            raise UsageError(
                f"{flag.key} is off in {environment.name}: no merchant has it, so there is "
                "nothing to watch",
                f"its first phase: rolloutctl promote {flag.key}",
            )
        self._since = applied.phase_since
        if free is None:
            return self._with_gate(step, applied, Inquiry(environment, ledger, applied, now))
        question = _usual_question(applied, ledger, environment, now)
        nothing = nothing_to_pass(flag.key, step, free)
        subject = _subject(environment, applied, step, RunLimits(), None)
        return _Ground(
            replace(subject, nothing=nothing),
            question,
            ledger.generation,
            self._open(applied),
            None,
        )

    def _with_gate(self, step: Step, applied: AppliedFlag, inquiry: Inquiry) -> _Ground:
        question = question_of(self._ports.store, inquiry)
        gate, _ = inquiry.gate
        return _Ground(
            _subject(inquiry.environment, applied, step, RunLimits.of(gate), gate.name),
            question,
            inquiry.ledger.generation,
            self._open(applied),
            lambda question, counts: judged(inquiry, question, counts),
        )

    def _merchant(self, reference: str) -> _Ground:
        environment = self._desired.environment
        with self._ports.store.snapshot() as snapshot:
            ledger, now = snapshot.ledger, snapshot.now
            merchant = find_merchant(snapshot, reference)
            changes = snapshot.last_changes(merchant.id).values()
        has = [c for c in changes if c.value and c.flag in ledger.applied]
        newest = max(has, key=lambda change: change.at, default=None)
        limits = RunLimits.of(ledger.applied[newest.flag].gate if newest else None)
        # The moment must not move along with a ledger that is read again.
        self._since = self._since or max([now - SPAN, *(change.at for change in changes)])
        policy = _matrix(limits)
        question = _alone(merchant, policy, environment, self._since, now)
        return _Ground(
            Subject(environment.name, None, None, self._since, merchant, None, limits),
            question,
            0,
            self._open(ledger.applied[newest.flag] if newest else None),
            lambda question, counts: evidences.gather(policy, counts, (), question.moment),
        )

    def _open(self, applied: AppliedFlag | None) -> RunWatch:
        if self._ports.run_watch is None:
            raise UsageError("there is no workflow data to ask", "")
        environment = self._desired.environment
        policy = applied.policy if applied else None
        if policy is not None:
            environment = replace(environment, workflow_data=policy.workflow_data)
        return self._ports.run_watch(environment)


def _subject(
    environment: Environment,
    applied: AppliedFlag,
    step: Step,
    limits: RunLimits,
    gate: str | None,
) -> Subject:
    return Subject(
        environment=environment.name,
        flag=applied.desired.key,
        phase=step.phase,
        since=applied.phase_since,
        merchant=None,
        gate=gate,
        limits=limits,
        following=step.following,
    )


def _matrix(limits: RunLimits) -> DeterministicGate:
    """The decision matrix of a pilot over one merchant's runs, by the usual limits."""
    return DeterministicGate(
        name="usual",
        timing=GateTiming(timedelta(), limits.deadline, _DAY, 14 * _DAY),
        min_runs=1,
        duration_proceed=limits.on_time,
        duration_fix_minor=max(limits.on_time, limits.deadline),
        failed_rollback=1,
        stuck_rollback=1,
        require=(),
        never=(),
    )


def _usual_question(
    applied: AppliedFlag, ledger: Ledger, environment: Environment, now: datetime
) -> Question:
    """Whose runs, where no gate judges them."""
    halt = ledger.halts.get(applied.desired.key)
    policy = _matrix(RunLimits())
    nothing = Uncounted("nothing is judged")
    return question_about(applied, halt, policy, nothing, environment=environment.name, now=now)


def _alone(
    merchant: Merchant,
    policy: GatePolicy,
    environment: Environment,
    since: datetime,
    now: datetime,
) -> Question:
    """One merchant's runs, whatever the ledger says of it."""
    return Question(
        environment=environment.name,
        flag="",
        phase="",
        policy=policy,
        applied="",
        since=since,
        halted=None,
        column=None,
        now=now,
        baseline=Uncounted("one merchant is watched"),
        cohort=Cohort({merchant.id: since}),
    )
