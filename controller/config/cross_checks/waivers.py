"""Exceptions that people reviewed: waivers, and the allowances of environments."""

from collections.abc import Iterator
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, GateItem, Item
from controller.config.gate_file import DeterministicKeys
from controller.config.layout import Kind
from controller.config.problems import Problem, Related, did_you_mean, shown
from controller.config.rollout_file import RolloutFile
from controller.config.waiver_file import WaiverFile
from controller.domain.environment import NEVER_LIFTED
from controller.domain.measures import DURATION, WORST_MERCHANT, Total


def objects(facts: Facts) -> Iterator[Problem]:
    """A waiver is about something that a gate asks and may let pass."""
    for waiver in facts.waivers.values():
        flag = waiver.model.flag
        rollout = facts.rollouts.get(flag)
        if rollout:
            yield from _object(facts, waiver, rollout)
        elif flag not in facts.names[Kind.ROLLOUT]:
            message = f"there is no rollout of flag {shown(flag)}"
            advice = did_you_mean(flag, sorted(facts.names[Kind.ROLLOUT])) or "remove the waiver"
            yield Problem(waiver.document.place("flag"), codes.UNKNOWN_FLAG, message, advice)


def _object(
    facts: Facts, waiver: Item[WaiverFile], rollout: Item[RolloutFile]
) -> Iterator[Problem]:
    phase = waiver.model.phase
    gated = {p.name: p.gate for p in rollout.model.phases if p.gate}
    if phase in gated:
        gate = facts.gate_of(rollout, gated[phase])
        yield from _criterion(waiver, gate) if gate else ()
        return
    message = f"flag {shown(waiver.model.flag)} has no gated phase {shown(phase)}"
    related = (Related(rollout.document.place("phases"), "the ladder"),)
    place = waiver.document.place("phase")
    yield Problem(place, codes.PHASE_NOT_GATED, message, did_you_mean(phase, gated), related)


def _criterion(waiver: Item[WaiverFile], gate: GateItem) -> Iterator[Problem]:
    name, place = waiver.model.criterion, waiver.document.place("criterion")
    related = (Related(gate.place(), f"gate {shown(gate.name)}"),)
    if name in gate.model.never:
        message = f"{shown(name)} must never happen, and cannot be waived"
        advice = "mend the cause; the rollout goes back meanwhile"
        yield Problem(place, codes.WAIVES_NEVER, message, advice, related)
        return
    if isinstance(gate.model, DeterministicKeys):
        known = [DURATION, str(Total.FAILED), str(Total.STUCK), *gate.model.require]
    else:
        worst = [WORST_MERCHANT] if gate.model.worst_merchant else []
        known = [*gate.model.criteria, *worst]
    if name not in known:
        message = f"gate {shown(gate.name)} does not ask for {shown(name)}"
        advice = did_you_mean(name, known)
        yield Problem(place, codes.CRITERION_NOT_IN_GATE, message, advice, related)


def twice(facts: Facts) -> Iterator[Problem]:
    """One waiver a criterion."""
    first: dict[tuple[str, str, str], Item[WaiverFile]] = {}
    for waiver in facts.waivers.values():
        key = (waiver.model.flag, waiver.model.phase, waiver.model.criterion)
        other = first.setdefault(key, waiver)
        if other is not waiver:
            related = (Related(other.document.place("criterion"), "the other waiver"),)
            message = f"{shown(waiver.model.criterion)} is waived already"
            place = waiver.document.place("criterion")
            yield Problem(place, codes.DUPLICATE_WAIVER, message, "keep one of them", related)


def expired(facts: Facts) -> Iterator[Problem]:
    """Exceptions that no longer count are pointed out."""
    for waiver in facts.waivers.values():
        if facts.is_over(waiver.model.expires):
            message = f"the waiver ended on {waiver.model.expires}"
            place = waiver.document.place("expires")
            yield Problem(place, codes.EXCEPTION_EXPIRED, message, "remove the file")
    for environment in facts.environments.values():
        for position, allow in enumerate(environment.model.allow):
            if facts.is_over(allow.expires):
                message = f"the allowance ended on {allow.expires}"
                place = environment.document.place("allow", position, "expires")
                yield Problem(place, codes.EXCEPTION_EXPIRED, message, "remove it")


def allowances(facts: Facts) -> Iterator[Problem]:
    """A guardrail is lifted for a flag that exists, and can be lifted at all."""
    known = facts.names[Kind.FLAG]
    for environment in facts.environments.values():
        for position, allow in enumerate(environment.model.allow):
            path = ("allow", position)
            if allow.flag not in known:
                place = environment.document.place(*path, "flag")
                message = f"there is no flag {shown(allow.flag)}"
                advice = did_you_mean(allow.flag, sorted(known)) or "remove the allowance"
                yield Problem(place, codes.UNKNOWN_FLAG, message, advice)
            if allow.guardrail in NEVER_LIFTED:
                place = environment.document.place(*path, "guardrail")
                message = f"guardrail {shown(allow.guardrail)} cannot be lifted"
                yield Problem(place, codes.NEVER_LIFTABLE, message, "remove the allowance")


CHECKS: Final = (objects, twice, expired, allowances)
