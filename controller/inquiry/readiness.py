"""Which rollouts may go one step further now: for the job that opens promotions by itself.

It asks what a person would ask, and is stricter: whatever is halted, frozen, waited for or not
applied yet is left alone. It never starts a rollout, that is a person's decision.
"""

from dataclasses import dataclass

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.instants import format_instant
from controller.domain.ledger import Ledger
from controller.errors import RolloutError
from controller.gate.report import GateReport
from controller.gate.verdict import Verdict
from controller.inquiry.gate import Asked, Free, inquire
from controller.ports import Ports


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether one rollout may go on.

    Attributes:
        following: The next phase; None where there is none, or where it is not its turn.
        report: What the gate said; None where none stands between.
        waits_for: Why it may not; empty where it may.
    """

    flag: str
    following: str | None
    report: GateReport | None
    waits_for: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether a promotion may be proposed."""
        return self.following is not None and not self.waits_for


def readiness(ports: Ports, desired: Desired, *, actor: str) -> tuple[Readiness, ...]:
    """Every live rollout, ready or not.

    Args:
        ports: The outside world.
        desired: What git says.
        actor: Who asks, for the evidence.

    Raises:
        DatabaseUnreachable: The app's database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        ledger = snapshot.ledger
    live = [flag for flag in desired.flags if flag.rollout and flag.rollout.position]
    return tuple(_of(ports, desired, flag, ledger, actor) for flag in live)


def _of(ports: Ports, desired: Desired, flag: DesiredFlag, ledger: Ledger, actor: str) -> Readiness:
    applied = ledger.applied.get(flag.key)
    if flag.key in ledger.halts:
        return Readiness(flag.key, None, None, "it is halted")
    if applied is None or applied.desired.phase != flag.phase:
        return Readiness(flag.key, None, None, f"{flag.phase} has not been applied yet")
    try:
        found = inquire(ports, desired, flag, actor=actor)
    except RolloutError as problem:
        return Readiness(flag.key, None, None, f"it could not be judged: {problem.message}")
    if isinstance(found, Asked):
        return _judged(flag.key, found)
    if found.free is not Free.NO_GATE or found.following is None:
        return Readiness(flag.key, None, None, "there is no phase above")
    waits = f"it soaks until {format_instant(found.soaked_at)}" if found.soaked_at else ""
    return Readiness(flag.key, found.following, None, waits)


def _judged(flag: str, found: Asked) -> Readiness:
    report = found.judgement.report
    waits = ""
    if report.verdict is not Verdict.PROCEED:
        waits = f"gate {report.gate} says {report.verdict}"
    elif found.freezes:
        waits = f"nothing is advanced until {format_instant(max(f.ends for f in found.freezes))}"
    elif found.following is None:
        waits = "there is no phase above"
    return Readiness(flag, found.following, report, waits)
