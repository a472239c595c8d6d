"""What gates ask: measures that exist, criteria that are complete, demands that make sense."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, GateItem, repeated
from controller.config.gate_file import CriterionKeys, DeterministicKeys, SequentialKeys
from controller.config.layout import Kind
from controller.config.problems import Code, Problem, Related, did_you_mean, listed, shown
from controller.config.reading_codes import DUPLICATE_ITEM
from controller.domain.gate_policy import CriterionMode
from controller.domain.measures import Rate, Total
from controller.domain.units import format_duration

_NEEDS: Final = {Rate.ON_TIME: "within", Rate.FASTER_THAN_BASELINE: "ratio"}
_COUNTED_APART: Final = frozenset({Total.FAILED, Total.STUCK})


def use(facts: Facts) -> Iterator[Problem]:
    """Every gate is used."""
    used: set[str] = set()
    for rollout in facts.rollouts.values():
        named = {phase.gate for phase in rollout.model.phases if phase.gate}
        used |= named
        for name in rollout.model.gates.keys() - named:
            place = rollout.document.key_place("gates", name)
            message = f"no phase of this rollout uses gate {shown(name)}"
            yield Problem(place, codes.UNUSED_GATE, message, "use it, or remove it")
    for name in facts.gates.keys() - used if facts.all_read(Kind.ROLLOUT) else ():
        place = facts.gates[name].document.place()
        message = f"no rollout uses gate {shown(name)}"
        yield Problem(place, codes.UNUSED_GATE, message, "use it, or remove it")


def measures(facts: Facts) -> Iterator[Problem]:
    """Every measure is built in, or defined in every environment."""
    for gate in facts.all_gates():
        if isinstance(gate.model, SequentialKeys):
            for name in gate.model.criteria:
                yield from _measure(facts, gate, name, "criteria", name)
        else:
            for position, name in enumerate(gate.model.require):
                yield from _measure(facts, gate, name, "require", position)


def _measure(facts: Facts, gate: GateItem, name: str, *path: str | int) -> Iterator[Problem]:
    defined = {
        environment: item.model.workflow_data.measures
        for environment, item in facts.environments.items()
    }
    lacking = sorted(environment for environment, own in defined.items() if name not in own)
    if name in set(Rate) or not lacking or not facts.all_read(Kind.ENVIRONMENT):
        return
    place = gate.key_place(*path)
    if name in set(Total):
        message = f"{shown(name)} is a count, not a rate"
        advice = f"put it under `never`: `never: [{name}]`"
        yield Problem(place, codes.UNKNOWN_MEASURE, message, advice)
    elif len(lacking) == len(defined):
        known = [*Rate, *(own for names in defined.values() for own in names)]
        message = f"there is no measure {shown(name)}"
        yield Problem(place, codes.UNKNOWN_MEASURE, message, did_you_mean(name, known))
    else:
        message = f"measure {shown(name)} is not defined in {listed(lacking)}"
        advice = "define it under `workflow_data.measures` of every environment"
        where = facts.environments[lacking[0]].document.place("workflow_data")
        related = (Related(where, "an environment without it"),)
        yield Problem(place, codes.UNKNOWN_MEASURE, message, advice, related)


def criteria(facts: Facts) -> Iterator[Problem]:
    """Every criterion of a sequential gate is complete and consistent, and one at least decides."""
    for gate in facts.all_gates():
        if not isinstance(gate.model, SequentialKeys):
            continue
        for name, keys in gate.model.criteria.items():
            yield from _parameters(gate, name, keys)
            if keys.floor > keys.target:
                message = f"the floor {keys.floor} is above the target {keys.target}"
                place = gate.place("criteria", name, "floor")
                related = (Related(gate.place("criteria", name, "target"), "the target"),)
                advice = "swap them, or lower the floor"
                yield Problem(place, codes.FLOOR_ABOVE_TARGET, message, advice, related)
        if all(keys.mode is CriterionMode.INFORM for keys in gate.model.criteria.values()):
            message = f"all criteria of gate {shown(gate.name)} only inform"
            advice = "let one decide: remove its `mode: inform`"
            yield Problem(gate.key_place("criteria"), codes.NOTHING_DECIDES, message, advice)


def _parameters(gate: GateItem, name: str, keys: CriterionKeys) -> Iterator[Problem]:
    needed = _NEEDS.get(Rate(name)) if name in set(Rate) else None
    for parameter, value in (("within", keys.within), ("ratio", keys.ratio)):
        if parameter == needed and value is None:
            example = "10m" if parameter == "within" else "0.5"
            message = f"criterion {shown(name)} needs `{parameter}`"
            place = gate.key_place("criteria", name)
            advice = f"add for example `{parameter}: {example}`"
            yield Problem(place, codes.CRITERION_INCOMPLETE, message, advice)
        if parameter != needed and value is not None:
            message = f"criterion {shown(name)} has no `{parameter}`"
            place = gate.key_place("criteria", name, parameter)
            yield Problem(place, codes.CRITERION_OVERLOADED, message, "remove it")


def worst_merchant(facts: Facts) -> Iterator[Problem]:
    """The rule on the worst merchant looks at something that the gate judges."""
    for gate in facts.all_gates():
        rule = gate.model.worst_merchant if isinstance(gate.model, SequentialKeys) else None
        if (
            rule
            and isinstance(gate.model, SequentialKeys)
            and rule.criterion not in gate.model.criteria
        ):
            message = f"the gate does not judge {shown(rule.criterion)}"
            place = gate.place("worst_merchant", "criterion")
            advice = did_you_mean(rule.criterion, gate.model.criteria)
            related = (Related(gate.key_place("criteria"), "what it judges"),)
            yield Problem(place, codes.WORST_MERCHANT_ELSEWHERE, message, advice, related)


def times(facts: Facts) -> Iterator[Problem]:
    """No time makes another one meaningless."""
    for gate in facts.all_gates():
        model = gate.model
        deadline = model.outcome_deadline
        if model.soak_min >= model.max_wait:
            yield _reversed(gate, ("soak_min",), "max_wait", model.soak_min, model.max_wait)
        if deadline >= model.max_wait:
            yield _reversed(gate, ("outcome_deadline",), "max_wait", deadline, model.max_wait)
        if isinstance(model, DeterministicKeys):
            proceed, fix_minor = model.duration.proceed, model.duration.fix_minor
            if proceed > fix_minor:
                yield _reversed(
                    gate, ("duration", "proceed"), "duration.fix_minor", proceed, fix_minor
                )
            if fix_minor > deadline:
                path = ("duration", "fix_minor")
                yield _reversed(gate, path, "outcome_deadline", fix_minor, deadline)
            continue
        for name, keys in model.criteria.items():
            if keys.within and keys.within > deadline:
                within = ("criteria", name, "within")
                yield _reversed(gate, within, "outcome_deadline", keys.within, deadline)


def _reversed(
    gate: GateItem, path: tuple[str, ...], other: str, longer: timedelta, shorter: timedelta
) -> Problem:
    other_path = other.split(".")
    given = gate.document.value_at(*gate.path, *other_path) is not None
    text = f"`{other}`" if given else f"`{other}` is not given here; this is its default"
    related = (Related(gate.place(*other_path), text),)
    return Problem(
        gate.place(*path),
        codes.DURATIONS_REVERSED,
        f"`{'.'.join(path)}` ({format_duration(longer)}) does not fit into `{other}` "
        f"({format_duration(shorter)})",
        f"make `{other}` longer, or this shorter",
        related,
    )


def lists(facts: Facts) -> Iterator[Problem]:
    """Nothing is asked twice."""
    for gate in facts.all_gates():
        for key, what in (("require", "measure"), ("never", "count")):
            yield from _repeated(gate, key, DUPLICATE_ITEM, what)
        if isinstance(gate.model, DeterministicKeys):
            for position, total in enumerate(gate.model.never):
                if total in _COUNTED_APART and "never" in gate.model.model_fields_set:
                    message = f"{shown(total)} has a rule of its own in a deterministic gate"
                    advice = f"write `{total}: {{rollback: 1}}` instead"
                    place = gate.place("never", position)
                    yield Problem(place, codes.NAMED_TWICE, message, advice)


def _repeated(gate: GateItem, key: str, code: Code, what: str) -> Iterator[Problem]:
    return repeated(gate.document, (*gate.path, key), code, what)


CHECKS: Final = (use, measures, criteria, worst_merchant, times, lists)
