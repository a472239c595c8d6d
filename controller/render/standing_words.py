"""Where a flag stands, in words, and what to do next: the same for people and machines."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from controller.domain.deploy import Readability
from controller.domain.expiry import Expiring, Expiry
from controller.domain.instants import format_instant
from controller.domain.plan import Move
from controller.domain.standing import Condition, Standing
from controller.domain.wording import counted
from controller.gate.verdict import Verdict
from controller.inquiry.judged import Judged, is_of_this_stay
from controller.render import gate_words, words
from controller.source_control.git import Relation

_TITLES: Final = {
    Expiring.FLAG: "the flag",
    Expiring.OVERRIDE: "the override of",
    Expiring.WAIVER: "the waiver of",
    Expiring.ALLOWANCE: "the allowance of",
}
_FILES: Final = {
    Relation.OLDER: "the files here are older than what is applied: git pull",
    Relation.UNRELATED: "the files here are of another branch than what is applied: check out main",
    Relation.UNKNOWN: "this clone does not have what is applied: git pull",
    Relation.UNKNOWN_SHALLOW: "this shallow clone does not have what is applied: "
    "git fetch --unshallow",
}

_STEPS: Final = {
    Condition.HALTED: 'when the reason is gone: rolloutctl resume {flag} --reason "..."; to record '
    "it in git: set phase: off for {environment} in rollout/{flag}.yaml",
    Condition.DRIFT: "look: rolloutctl drift --flag {flag}; put it back: rolloutctl reconcile; "
    "keep it: rolloutctl adopt {flag}",
    Condition.PENDING: "look: rolloutctl plan; apply: rolloutctl reconcile",
    Condition.PENDING_REDEPLOY: "redeploy: rolloutctl reconcile",
}
_VERDICTS: Final = {Condition.HARM: Verdict.ROLLBACK, Condition.READY: Verdict.PROCEED}
"""Conditions that a gate's verdict makes: what to do is what the gate says."""


def label(condition: Condition) -> str:
    """The condition as a person reads it: `in sync`, `pending redeploy`."""
    return condition.name.lower().replace("_", " ")


def files(relation: Relation | None) -> str | None:
    """What is wrong with the revision checked out; None where nothing is."""
    return _FILES.get(relation) if relation else None


def phases(standing: Standing) -> str:
    """The phase applied, and the one that the files ask for where it is another."""
    asked = standing.plan.to_phase
    if standing.plan.move is Move.RELEASE:
        return f"{asked}, its file is gone"
    if standing.applied is None:
        return f"{asked}, never applied"
    applied = standing.applied.desired.phase
    return asked if applied == asked else f"{applied} -> {asked}"


def next_step(
    standing: Standing, now: datetime, environment: str, judged: Judged | None = None
) -> str:
    """What to do next, if possible a command to type; several things are parted by `; `.

    Args:
        standing: The rollout.
        now: The database's clock.
        environment: Its name.
        judged: The newest judgement about it, where one is known.
    """
    if standing.condition is Condition.WITHHELD:
        return standing.refusals[0].remedy
    if standing.condition is Condition.UNREADABLE:
        return _unreadable(standing)
    step = _STEPS.get(standing.condition)
    if step:
        return step.format(flag=standing.flag, environment=environment)
    if standing.condition in _VERDICTS:
        return gate_words.after(_VERDICTS[standing.condition], standing.flag, _following(standing))
    asks = standing.condition is Condition.IN_SYNC and standing.next and standing.is_gated
    if asks and judged is not None:
        return _after(standing, judged)
    return _next_phase(standing, now)


def tally(standings: Iterable[Standing]) -> str:
    """How many rollouts are in which condition, the most urgent first: `1 drift, 3 in sync`."""
    conditions = Counter(standing.condition for standing in standings)
    return ", ".join(f"{conditions[one]:,} {label(one)}" for one in sorted(conditions))


def gate_answer(standing: Standing, judged: Judged | None, now: datetime) -> str:
    """What the gate of the present phase said last, and how long ago; empty without a gate.

    Args:
        standing: The rollout.
        judged: The newest judgement about it; None where there is none.
        now: The database's clock.
    """
    applied = standing.applied
    if not standing.is_gated or applied is None or applied.phase is None:
        return ""
    if judged is None or not is_of_this_stay(judged, applied):
        return f"gate {applied.phase.gate} not judged since {format_instant(applied.phase_since)}"
    evidence = judged.evidence
    says = f"what gate {applied.phase.gate} said cannot be read"
    if evidence is not None:
        says = gate_words.gate_line(evidence.report)
    return f"{says} ({words.span(now - judged.judged_at)} ago)"


def expiry(expiry: Expiry) -> str:
    """What expires, and when."""
    subject = _TITLES[expiry.kind]
    if expiry.kind is not Expiring.FLAG:
        subject = f"{subject} {expiry.subject}"
    if expiry.is_over:
        return f"{subject} expired after {expiry.expires}"
    if expiry.days_left == 0:
        return f"{subject} expires at the end of today, {expiry.expires}"
    return f"{subject} expires in {counted(expiry.days_left, 'day')}, after {expiry.expires}"


def _after(standing: Standing, judged: Judged) -> str:
    """What to do after what the gate said last."""
    ask, applied, evidence = f"rolloutctl gate {standing.flag}", standing.applied, judged.evidence
    if applied is None or not is_of_this_stay(judged, applied):
        return f"ask: {ask}"
    if evidence is None:
        return f"ask again: {ask}"
    return gate_words.next_step(evidence.report, _following(standing))


def _following(standing: Standing) -> str | None:
    return standing.next.name if standing.next else None


def _unreadable(standing: Standing) -> str:
    for value in standing.globals:
        if value.variable and value.variable.readability is Readability.UNREADABLE:
            return value.variable.hint
    return "when the deploy environment can be read: rolloutctl status"


def _next_phase(standing: Standing, now: datetime) -> str:
    if standing.next is None:
        return "rolloutctl stale" if standing.is_overdue else "nothing to do"
    when = f"when the gate {standing.gate} says proceed" if standing.gate else ""
    step = gate_words.go_on(standing.flag, standing.next.name, when)
    if standing.condition is Condition.SOAKING and standing.soaked_at:
        left = words.span(standing.soak_left(now))
        return f"in {left} ({format_instant(standing.soaked_at)}): {step}"
    return step
