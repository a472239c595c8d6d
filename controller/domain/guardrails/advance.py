"""Guardrails on advances: one phase at a time, soaked, outside freezes, never while halted."""

from collections.abc import Iterator

from controller.domain.desired import DesiredFlag
from controller.domain.environment import Guardrail
from controller.domain.guardrails.case import Case
from controller.domain.instants import format_instant
from controller.domain.movement import Movement
from controller.domain.plan import Move, Refusal
from controller.domain.units import format_duration
from controller.domain.wording import counted


def skips_phase(case: Case) -> Iterator[Refusal]:
    """An advance leaves out a phase of the ladder."""
    for flag, change, move in case.changes():
        if move.widened and move.skipped:
            target = "global: true" if move.global_step > 0 else change.to_phase
            yield Refusal(
                Guardrail.SKIPS_PHASE,
                flag.key,
                f"{flag.key}: from {change.from_phase} to {target} skips "
                f"{counted(move.skipped, 'phase')} of its ladder",
                f"go one phase at a time; {_next_phase(flag, move)}",
            )


def _next_phase(flag: DesiredFlag, move: Movement) -> str:
    if move.steps <= 1 or flag.rollout is None:
        return "apply the change of the ladder first, and the advance after it"
    rung = flag.rollout.last_position + 1 if flag.flag.globally_on else flag.rollout.position
    following = flag.rollout.phase_at(rung - move.steps + 1)
    assert following is not None  # noqa: S101 -- the rung is above off
    return f"the next one is {following.name}"


def advance_without_gate(case: Case) -> Iterator[Refusal]:
    """The gate of the phase that is left upwards has not passed.

    By the policy applied before: what comes together with the advance cannot soften it. Whatever
    was not asked, or could not be answered, has not passed.
    """
    for flag, _, move in case.changes():
        applied = case.ledger.applied.get(flag.key)
        if applied is None or applied.phase is None or not (applied.phase.gate and move.widened):
            continue
        answer = case.gate_answers.get(flag.key)
        if answer is None:
            why, remedy = f"gate {applied.phase.gate} was not asked", f"rolloutctl gate {flag.key}"
        elif answer.passed and answer.phase == applied.phase.name:
            continue
        else:
            why, remedy = f"gate {answer.gate} says {answer.reason}", answer.remedy
        yield Refusal(
            Guardrail.ADVANCE_WITHOUT_GATE,
            flag.key,
            f"{flag.key}: {applied.phase.name} may not be left upwards: {why}",
            remedy,
        )


def soak_not_over(case: Case) -> Iterator[Refusal]:
    """The phase that is left upwards has not soaked long enough."""
    for flag, _, move in case.changes():
        applied = case.ledger.applied.get(flag.key)
        if applied is None or not move.widened:
            continue
        over = applied.soaked_at
        if case.now < over:
            soak = format_duration(applied.soak)
            yield Refusal(
                Guardrail.SOAK_NOT_OVER,
                flag.key,
                f"{flag.key}: {applied.desired.phase} must soak for {soak} before it is left "
                f"upwards; it was applied {format_instant(applied.phase_since)}",
                f"advance after {format_instant(over)}",
            )


def freeze_window(case: Case) -> Iterator[Refusal]:
    """Nothing is advanced during a freeze."""
    frozen = [f for f in case.desired.environment.freezes if f.starts <= case.now < f.ends]
    for flag, _, move in case.changes():
        if frozen and move.widened:
            freeze = max(frozen, key=lambda window: window.ends)
            yield Refusal(
                Guardrail.FREEZE_WINDOW,
                flag.key,
                f"{flag.key}: nothing is advanced until {format_instant(freeze.ends)}: "
                f"{freeze.reason}",
                "wait for the end of the window; retreats and halts go through",
            )


def halted(case: Case) -> Iterator[Refusal]:
    """An advance of a flag that is halted."""
    for flag, change, move in case.changes():
        halt = case.ledger.halts.get(flag.key)
        if halt and move.widened and change.move is not Move.NEW:
            yield Refusal(
                Guardrail.HALTED,
                flag.key,
                f"{flag.key} is halted by {halt.actor} since {format_instant(halt.since)} "
                f"({halt.reason}); it stays off, and {change.to_phase} is not recorded as applied",
                f'when the reason is gone: rolloutctl resume {flag.key} --reason "..."',
            )
