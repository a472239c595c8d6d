"""What changes about the policy: everything that decides what an advance must pass. Pure.

A pull request may change it, and may move a flag, but not the policy of the flag that it moves.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from controller.domain.change import PolicyPart, PolicyTouched, Touch
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.difference import differences
from controller.domain.environment import Allowance, Environment, Freeze
from controller.domain.gate_policy import Waiver
from controller.domain.rollout import Phase, Rollout
from controller.domain.units import format_duration

_OFF_THE_AUDIENCE: Final = "moved"
"""Stands for the audience of a phase whose change is told as an advance or a retreat."""


def of_environment(before: Environment, after: Environment) -> Iterator[PolicyTouched]:
    """What changes for every flag of an environment, and the guardrails lifted for single flags."""
    data, other = before.workflow_data, after.workflow_data
    sections: Mapping[PolicyPart, tuple[object, object]] = {
        PolicyPart.DATABASE: (before.database, after.database),
        PolicyPart.DEPLOY_ENV: (before.deploy_env, after.deploy_env),
        PolicyPart.WORKFLOW_DATA: (_without_measures(before), _without_measures(after)),
        PolicyPart.LIMITS: (before.limits, after.limits),
        PolicyPart.ON_ROLLBACK: (before.on_rollback, after.on_rollback),
    }
    for part, (old, new) in sections.items():
        yield from _touched(None, part, "", old, new)
    measures = {m.name: m for m in data.measures}, {m.name: m for m in other.measures}
    yield from _each(None, PolicyPart.MEASURE, *measures)
    yield from _each(None, PolicyPart.FREEZE, _freezes(before.freezes), _freezes(after.freezes))
    yield from _allowances(before.allowances, after.allowances)


def of_whole_environment(
    before: Environment | None, after: Environment | None
) -> Iterator[PolicyTouched]:
    """An environment that is added or removed."""
    old = {before.name: {"name": before.name}} if before else {}
    new = {after.name: {"name": after.name}} if after else {}
    yield from _each(None, PolicyPart.ENVIRONMENT, old, new)


def of_flag(
    before: Desired, after: Desired, was: DesiredFlag, is_now: DesiredFlag
) -> Iterator[PolicyTouched]:
    """What changes about the policy of one flag that is there in both.

    Args:
        before: Of the base.
        after: Of the head.
        was: The flag as the base has it.
        is_now: The flag as the head has it, perhaps under another key.
    """
    yield from _waivers(before.waivers, after.waivers, was.key, is_now.key)
    old, new = was.rollout, is_now.rollout
    if old is None or new is None:
        return  # a new ladder comes with its gates; there was nothing that it could soften
    yield from _ladder(old, new)
    yield from _phases(old, new)
    gates = before.gates.get(was.key, {}), after.gates.get(is_now.key, {})
    yield from _each(is_now.key, PolicyPart.GATE, *gates)


def _phases(old: Rollout, new: Rollout) -> Iterator[PolicyTouched]:
    was = {phase.name: phase for phase in old.phases}
    for phase in new.phases:
        before = was.get(phase.name)
        if before is None:
            continue
        yield from _touched(new.flag, PolicyPart.PHASE_GATE, phase.name, before.gate, phase.gate)
        yield from _touched(new.flag, PolicyPart.SOAK, phase.name, before.soak, phase.soak)


def _ladder(old: Rollout, new: Rollout) -> Iterator[PolicyTouched]:
    """Names, order and audiences of the phases.

    The audience that is in force is not part of it where the change of it is told as a movement.
    """
    if _rungs(old, 0) == _rungs(new, 0):
        return
    moved = _in_force(old) != _in_force(new)
    free = min(old.position, new.position) if moved else 0
    if _rungs(old, free) != _rungs(new, free):
        found = differences(_numbered(old), _numbered(new))
        yield PolicyTouched(new.flag, PolicyPart.LADDER, "", found)


def _in_force(rollout: Rollout) -> object:
    return rollout.named_up_to(rollout.position), rollout.percent_at(rollout.position)


def _rungs(rollout: Rollout, free: int) -> list[tuple[str, object]]:
    return [
        (phase.name, _OFF_THE_AUDIENCE if index < free else _audience(phase))
        for index, phase in enumerate(rollout.phases)
    ]


def _numbered(rollout: Rollout) -> dict[str, str]:
    """The ladder by position, so that an order that changes is seen."""
    return {
        f"phase {position:02}": f"{phase.name}: {_audience(phase)}"
        for position, phase in enumerate(rollout.phases, start=1)
    }


def _audience(phase: Phase) -> str:
    return str(phase.percent) if phase.percent is not None else ", ".join(phase.merchants)


def _waivers(
    before: Iterable[Waiver], after: Iterable[Waiver], old_key: str, key: str
) -> Iterator[PolicyTouched]:
    yield from _each(key, PolicyPart.WAIVER, _waivers_of(before, old_key), _waivers_of(after, key))


def _waivers_of(waivers: Iterable[Waiver], flag: str) -> dict[str, object]:
    chosen = (waiver for waiver in waivers if waiver.flag == flag)
    return _by_name(
        (
            f"{w.phase}: {w.criterion}",
            {"reason": w.reason, "approved_by": w.approved_by, "expires": w.expires},
        )
        for w in chosen
    )


def _allowances(before: Iterable[Allowance], after: Iterable[Allowance]) -> Iterator[PolicyTouched]:
    before, after = tuple(before), tuple(after)
    for flag in sorted({a.flag or "" for a in (*before, *after)}):
        yield from _each(
            flag or None,
            PolicyPart.ALLOWANCE,
            _allowances_of(before, flag),
            _allowances_of(after, flag),
        )


def _allowances_of(allowances: Iterable[Allowance], flag: str) -> dict[str, object]:
    chosen = (allowance for allowance in allowances if (allowance.flag or "") == flag)
    return _by_name(
        (
            str(a.guardrail),
            {"reason": a.reason, "approved_by": a.approved_by, "expires": a.expires},
        )
        for a in chosen
    )


def _freezes(freezes: Iterable[Freeze]) -> dict[str, object]:
    return _by_name(
        (f"{f.starts.isoformat()} to {f.ends.isoformat()}", {"reason": f.reason}) for f in freezes
    )


def _by_name(items: Iterable[tuple[str, object]]) -> dict[str, object]:
    """By name; where one name comes twice, numbered in the order of their texts."""
    found: dict[str, list[object]] = {}
    for name, item in items:
        found.setdefault(name, []).append(item)
    return {
        name if number == 0 else f"{name} ({number + 1})": item
        for name, some in found.items()
        for number, item in enumerate(sorted(some, key=str))
    }


def _without_measures(environment: Environment) -> dict[str, object]:
    data = environment.workflow_data
    return {
        "url": data.url_variable,
        "tables": data.tables,
        "columns": data.columns,
        "completed": data.completed,
        "failed": data.failed,
        "running": data.running,
        "synced": data.synced,
        "baseline_window": format_duration(data.baseline_window),
    }


def _each(
    flag: str | None, part: PolicyPart, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[PolicyTouched]:
    """Several of a kind by name: each is added, removed or changed."""
    for name in sorted(before.keys() | after.keys()):
        found = differences(before.get(name), after.get(name))
        if found:
            yield PolicyTouched(flag, part, name, found, _touch(name, before, after))


def _touch(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> Touch:
    if name not in before:
        return Touch.ADDED
    return Touch.CHANGED if name in after else Touch.REMOVED


def _touched(
    flag: str | None, part: PolicyPart, name: str, before: object, after: object
) -> Iterator[PolicyTouched]:
    """What is always there, and says something else."""
    found = differences(before, after)
    if found:
        yield PolicyTouched(flag, part, name, found)
