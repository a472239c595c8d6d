"""The guard: judge every phase that is live, and act on harm as the environment's file says.

After the merge, on a schedule. Only a verdict of `rollback` is acted on; what is missing, undecided
or broken is reported and nothing else. Each step is tried although another one failed: a forge that
is down must not keep a flag from being halted, nor a database that is down keep a pull request from
being opened.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from controller.domain.desired import Desired
from controller.domain.environment import OnRollback
from controller.domain.ledger import AppliedFlag, Ledger
from controller.emergency import HaltOutcome, halt
from controller.errors import ExitCode, RolloutError
from controller.forge.interface import Opened
from controller.gate import evidence as evidences
from controller.gate.report import GateReport
from controller.gate.verdict import Verdict
from controller.judging import Judgement, ask
from controller.ports import Ports

OpenRevert: TypeAlias = Callable[[str, GateReport], Opened | None]
"""Opens the pull request that takes a flag's last advance back; None where git says so already."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """One live phase, judged, and what was done about it.

    Attributes:
        found: The answer, or why there is none.
        halted: The halt that was made now; None where none was asked for, or it was there already.
        opened: The pull request that takes it back, opened now or before.
        problems: What did not work of what should have been done.
    """

    flag: str
    phase: str
    found: Judgement | RolloutError
    was_halted: bool = False
    halted: HaltOutcome | None = None
    opened: Opened | None = None
    problems: tuple[RolloutError, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """What the gate says; `error` where it could not be asked."""
        return self.found.report.verdict if isinstance(self.found, Judgement) else Verdict.ERROR

    @property
    def exit_code(self) -> ExitCode:
        """Only harm, and what could not be judged or done, is worth waking somebody up."""
        if self.verdict is Verdict.ROLLBACK:
            return ExitCode.ROLLBACK
        return ExitCode.GATE_ERROR if self.verdict is Verdict.ERROR else ExitCode.DONE


def guard(
    ports: Ports, desired: Desired, *, actor: str, open_revert: OpenRevert | None
) -> tuple[Guarded, ...]:
    """Judge every live phase that has a gate, and act where it calls for rollback.

    Args:
        ports: The outside world.
        desired: What git says; its environment says what is to be done.
        actor: Who acts, for the ledger.
        open_revert: Opens a pull request; None where that is not possible here.

    Raises:
        DatabaseUnreachable: The app's database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger = snapshot.ledger
    live = [flag for flag in ledger.applied.values() if flag.phase and flag.phase.gate]
    judged = (_judge(ports, desired, ledger, flag, actor) for flag in live)
    return tuple(_act(ports, desired, one, actor, open_revert) for one in judged)


def exit_code(guarded: tuple[Guarded, ...]) -> ExitCode:
    """The gravest of them; what should have been done and was not, is harm already."""
    codes = {one.exit_code for one in guarded}
    if ExitCode.ROLLBACK in codes:
        return ExitCode.ROLLBACK
    return ExitCode.GATE_ERROR if ExitCode.GATE_ERROR in codes else ExitCode.DONE


def _judge(
    ports: Ports, desired: Desired, ledger: Ledger, applied: AppliedFlag, actor: str
) -> Guarded:
    flag, was_halted = applied.desired.key, applied.desired.key in ledger.halts
    found: Judgement | RolloutError
    try:
        proof = _proof(ports, applied) if was_halted else None
        found = proof or ask(ports, desired, flag, actor=actor)
    except RolloutError as problem:
        found = problem
    return Guarded(flag, applied.desired.phase, found, was_halted)


def _proof(ports: Ports, applied: AppliedFlag) -> Judgement | None:
    """What this phase was found guilty of: while it is halted, nothing new can be judged.

    So that the next run opens what the run that halted it could not. The newest proof that can be
    read counts; where there are some and none can be read, that is said.
    """
    unreadable: RolloutError | None = None
    for kept in ports.store.evidence_of(applied.desired.key, limit=_LOOK_BACK):
        is_of_now = kept.phase == applied.desired.phase and kept.judged_at >= applied.phase_since
        if is_of_now and kept.verdict == Verdict.ROLLBACK.value:
            try:
                return Judgement(evidences.read(kept.text), stored=True)
            except RolloutError as problem:
                unreadable = problem
    if unreadable is not None:
        raise unreadable
    return None


_LOOK_BACK: Final = 100
_HALTS: Final = frozenset({OnRollback.HALT_AND_OPEN_REVERT})
_OPENS: Final = frozenset({OnRollback.OPEN_REVERT, OnRollback.HALT_AND_OPEN_REVERT})


def _act(
    ports: Ports, desired: Desired, one: Guarded, actor: str, open_revert: OpenRevert | None
) -> Guarded:
    if one.verdict is not Verdict.ROLLBACK or not isinstance(one.found, Judgement):
        return one
    report, on_rollback = one.found.report, desired.environment.on_rollback
    if on_rollback in _HALTS and not one.was_halted:
        one = _halt(ports, desired, one, report, actor)
    if on_rollback in _OPENS and open_revert is not None:
        one = _open(one, report, open_revert)
    return one


def _halt(ports: Ports, desired: Desired, one: Guarded, report: GateReport, actor: str) -> Guarded:
    try:
        outcome = halt(
            ports.store,
            ports.deploy_env,
            one.flag,
            desired=desired.find(one.flag),
            column=None,
            reason=f"gate {report.gate} of {one.phase} calls for rollback: {report.claim}",
            actor=actor,
        )
    except RolloutError as problem:
        return replace(one, problems=(*one.problems, problem))
    problems = outcome.deploy.problems if outcome.deploy else ()
    return replace(one, halted=outcome, problems=(*one.problems, *problems))


def _open(one: Guarded, report: GateReport, open_revert: OpenRevert) -> Guarded:
    try:
        return replace(one, opened=open_revert(one.flag, report))
    except RolloutError as problem:
        return replace(one, problems=(*one.problems, problem))
