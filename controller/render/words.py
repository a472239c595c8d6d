"""Numbers, times and plan parts in words, the same in every format."""

import math
from datetime import timedelta

from controller.domain.deploy import DeployAction, DeployChange
from controller.domain.guardrails import applicable
from controller.domain.halt import Halt
from controller.domain.instants import format_instant
from controller.domain.plan import Cause, FlagPlan, Move, Plan, SchemaChange, SchemaStep
from controller.domain.wording import counted
from controller.gate import words as gate_words
from controller.gate.counts import Baseline, BaselineSource, Uncounted

_MOVES = {
    Move.NEW: "first time applied",
    Move.SAME: "same phase",
    Move.ADVANCE: "advance",
    Move.RETREAT: "retreat",
    Move.RELEASE: "released: its file is gone, values stay as they are",
}


def share(part: int, whole: int) -> str:
    """A part of a whole in percent, with one decimal; nothing of nothing is 0.0%.

    Only none of them is 0.0%, and only all of them 100.0%: the rest is over or under that.
    """
    percent = f"{100 * part / whole if whole else 0:.1f}%"
    if part and percent == "0.0%":
        return "under 0.1%"
    return "over 99.9%" if part != whole and percent == "100.0%" else percent


def span(duration: timedelta) -> str:
    """How long, to the minute: `1 d 4 h 5 min`, `12 min`; never less than a minute."""
    minutes = max(1, math.ceil(duration / timedelta(minutes=1)))
    units = {"d": minutes // 1440, "h": minutes // 60 % 24, "min": minutes % 60}
    return " ".join(f"{number} {unit}" for unit, number in units.items() if number)


def revision(commit: str | None) -> str:
    """A commit, short; or why there is none."""
    return commit[:12] if commit else "no commit (not in git, or local changes)"


def at_revision(commit: str | None) -> str:
    """`revision 4f2a9c1b03de`, or why there is none."""
    return f"revision {revision(commit)}" if commit else revision(commit)


def movement(flag: FlagPlan) -> str:
    """`pilot -> 10% (advance)`, or the phase where it stays."""
    if flag.from_phase == flag.to_phase:
        return f"{flag.to_phase} ({_MOVES[flag.move]})"
    return f"{flag.from_phase} -> {flag.to_phase} ({_MOVES[flag.move]})"


def halted(halt: Halt) -> str:
    """Who stopped a flag, since when and why. Not escaped: the reason is other people's."""
    return f"by {halt.actor} since {format_instant(halt.since)}: {halt.reason}"


def why(value: bool, cause: str) -> str:  # noqa: FBT001 -- the two belong together
    """A cause as a person reads it: what a halt took away comes back when it has ended."""
    return "halt ended" if value and cause == Cause.HALT else cause


def schema_step(step: SchemaStep) -> str:
    """What is created in the database."""
    if step.kind is SchemaChange.CREATE_TABLE:
        return f'create table "{step.name}"'
    return f'add column "{step.name}" boolean not null default false'


def deploy_change(change: DeployChange) -> str:
    """One step of the deploy environment, values included.

    They are the flag's own, never secrets.
    """
    name = f"{change.variable} ({change.target})"
    match change.action:
        case DeployAction.CREATE:
            return f'{name}: create with "{change.after}"'
        case DeployAction.UPDATE:
            return f'{name}: "{change.before}" -> "{change.after}"{_shared(change)}'
        case DeployAction.REDEPLOY:
            return f'{name}: "{change.after}" is stored, but not live yet: pending redeploy'
        case DeployAction.UNREADABLE:
            return f'{name}: cannot be read back; it should be "{change.after}"'


def _shared(change: DeployChange) -> str:
    """What keeps a stored variable from being written, and what to do about it."""
    if not change.shared:
        return ""
    others = " and ".join(change.shared)
    return (
        f"; will be refused: the same stored variable serves {others}, which the flag does not "
        f"manage; give {change.target} one of its own, or add {others} to the flag's targets"
    )


def objections(plan: Plan, flag: str) -> str:
    """The names of the guardrails that withhold a flag; empty where none does."""
    standing = {str(r.guardrail) for r in plan.standing if r.flag in {None, flag}}
    return ", ".join(sorted(standing))


def summary(plan: Plan) -> str:
    """The plan in one sentence, in another what is withheld, and in a last what is not known."""
    unknown = "The deploy environment was not read." if plan.is_deploy_unknown else ""
    return " ".join(filter(None, (_changes(plan), _withheld(plan), unknown)))


def _withheld(plan: Plan) -> str:
    """Which flags are withheld; their retreats go through all the same."""
    part = applicable(plan)
    if not part.withheld:
        return ""
    flags = ", ".join(sorted(part.withheld))
    retreats = sum(len(g.merchants) for g in part.groups if g.flag in part.withheld)
    rest = f"; only its retreats go through, for {counted(retreats)}" if retreats else ""
    return f"Withheld by guardrails: {flags}{rest}."


def _changes(plan: Plan) -> str:
    if not plan.has_changes:
        if records := len(plan.definitions_changed):
            return f"Nothing to change; {counted(records, 'definition')} to record."
        return "The database is in sync." if plan.is_deploy_unknown else "In sync."
    gain = sum(len(group.merchants) for group in plan.groups() if group.value)
    lose = plan.changed - gain
    changes = f"{gain:,} on, {lose:,} off, of {counted(plan.merchants)}"
    parts = [changes if plan.changed else "No merchant changes"]
    if plan.schema_steps:
        parts.append(counted(len(plan.schema_steps), "schema change"))
    if plan.deploy_changes:
        parts.append(f"{counted(len(plan.deploy_changes), 'change')} of the deploy environment")
    return "; ".join(parts) + "."


def baseline(flag: str, found: Baseline | Uncounted) -> str:
    """How it was before a flag left off, or why nobody knows."""
    if isinstance(found, Uncounted):
        return f"{flag}: how it was before could not be measured: {found.reason}"
    whose = "its first merchants"
    if found.source is BaselineSource.UNTREATED:
        whose = "merchants without it (too few runs of its own merchants)"
    half = (
        f", half of them took at least {gate_words.duration(found.median_bound)}"
        if found.median_bound
        else ""
    )
    return (
        f"{flag}: how it was before is frozen as {found.hash[:12]}: "
        f"{counted(found.completed.matured, 'run')} of {whose}{half}"
    )
