"""A rollout beside its flag, its gates and the environments."""

from collections.abc import Iterator
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, Item
from controller.config.layout import Kind
from controller.config.problems import Problem, Related, did_you_mean, shown
from controller.config.rollout_file import RolloutFile
from controller.domain.rollout import OFF
from controller.domain.units import format_duration


def flags(facts: Facts) -> Iterator[Problem]:
    """The flag exists and has a value for each merchant."""
    for name, rollout in facts.rollouts.items():
        place = rollout.document.place("flag")
        if name not in facts.names[Kind.FLAG]:
            message = f"there is no flag {shown(name)}"
            advice = did_you_mean(name, sorted(facts.names[Kind.FLAG])) or f"add flags/{name}.yaml"
            yield Problem(place, codes.NO_FLAG, message, advice)
        flag = facts.flags.get(name)
        if flag and flag.model.merchant_config is None:
            message = f"flag {shown(name)} has no value for each merchant, so no phase can apply"
            advice = "add `merchant_config: {column: …}` to the flag, or remove the rollout"
            related = (Related(flag.document.place("key"), "the flag"),)
            yield Problem(place, codes.ROLLOUT_WITHOUT_HOME, message, advice, related)


def phases(facts: Facts) -> Iterator[Problem]:
    """The rollout is in a phase of its ladder, in every environment."""
    for rollout in facts.rollouts.values():
        phase = rollout.model.phase
        if isinstance(phase, dict):
            yield from _environments(facts, rollout, phase)
            for environment, name in phase.items():
                yield from _on_ladder(rollout, name, "phase", environment)
        else:
            yield from _on_ladder(rollout, phase, "phase")


def _on_ladder(rollout: Item[RolloutFile], name: str, *path: str) -> Iterator[Problem]:
    known = (OFF, *rollout.model.phase_names)
    if name not in known:
        place = rollout.document.place(*path)
        related = (Related(rollout.document.place("phases"), "the ladder"),)
        message = f"there is no phase {shown(name)}"
        yield Problem(place, codes.UNKNOWN_PHASE, message, did_you_mean(name, known), related)


def _environments(
    facts: Facts, rollout: Item[RolloutFile], phase: dict[str, str]
) -> Iterator[Problem]:
    known = facts.names[Kind.ENVIRONMENT]
    for name in phase:
        if name not in known:
            place = rollout.document.key_place("phase", name)
            advice = did_you_mean(name, sorted(known)) or f"add rollout/environments/{name}.yaml"
            message = f"there is no environment {shown(name)}"
            yield Problem(place, codes.UNKNOWN_ENVIRONMENT, message, advice)
    for name in sorted(known - phase.keys()):
        item = facts.environments.get(name)
        related = (Related(item.document.place("name"), "the environment"),) if item else ()
        yield Problem(
            rollout.document.place("phase"),
            codes.ENVIRONMENT_LEFT_OUT,
            f"no phase is given for environment {shown(name)}",
            f"add `{name}: {OFF}`, or the phase that it is in",
            related,
        )


def global_value(facts: Facts) -> Iterator[Problem]:
    """A flag is on for everyone only where its rollout is in the last phase."""
    for name, rollout in facts.rollouts.items():
        flag = facts.flags.get(name)
        if flag is None or not flag.model.globally_on:
            continue
        last = rollout.model.phase_names[-1]
        for environment in sorted(facts.names[Kind.ENVIRONMENT]):
            phase = rollout.model.phase_in(environment)
            if phase is not None and phase != last:
                path = ("phase", environment)
                related = (Related(rollout.document.place(*path), "the phase it is in"),)
                yield Problem(
                    flag.document.place("global"),
                    codes.GLOBAL_TOO_EARLY,
                    f"on for everyone, but environment {shown(environment)} is in phase "
                    f"{shown(phase)}, not in {shown(last)}",
                    f"write `global: false` until the rollout has reached {shown(last)}",
                    related,
                )


def gates(facts: Facts) -> Iterator[Problem]:
    """Every gate that a phase names is defined once, and every phase that is left names one."""
    shared = facts.names[Kind.GATE]
    for rollout in facts.rollouts.values():
        known = shared | rollout.model.gates.keys()
        for position, phase in enumerate(rollout.model.phases):
            path = ("phases", position, "gate")
            if phase.gate is not None and phase.gate not in known:
                message = f"gate {shown(phase.gate)} is not defined"
                advice = did_you_mean(phase.gate, sorted(known)) or "define it under `gates`"
                place = rollout.document.place(*path)
                yield Problem(place, codes.UNKNOWN_GATE, message, advice)
            if phase.gate is None and position + 1 < len(rollout.model.phases):
                message = f"phase {shown(phase.name)} can be left without passing a gate"
                place = rollout.document.place(*path)
                yield Problem(place, codes.PHASE_WITHOUT_GATE, message, "add `gate: …`")
        for name in rollout.model.gates.keys() & shared:
            item = facts.gates.get(name)
            related = (Related(item.document.place(), "the shared gate"),) if item else ()
            message = f"gate {shown(name)} is also a shared gate"
            place = rollout.document.key_place("gates", name)
            yield Problem(place, codes.GATE_DEFINED_TWICE, message, "rename one of them", related)


def soaks(facts: Facts) -> Iterator[Problem]:
    """A phase may soak before its gate calls for a person."""
    for rollout in facts.rollouts.values():
        for position, phase in enumerate(rollout.model.phases):
            gate = facts.gate_of(rollout, phase.gate) if phase.gate else None
            if gate and phase.soak >= gate.model.max_wait:
                soak, wait = map(format_duration, (phase.soak, gate.model.max_wait))
                message = f"`soak` ({soak}) does not fit into `max_wait` ({wait}) of the gate"
                related = (Related(gate.place("max_wait"), f"gate {shown(gate.name)}"),)
                place = rollout.document.place("phases", position, "soak")
                advice = "shorten it, or make `max_wait` longer"
                yield Problem(place, codes.DURATIONS_REVERSED, message, advice, related)


def overridden(facts: Facts) -> Iterator[Problem]:
    """Naming a merchant that an override keeps off has no effect."""
    for name, rollout in facts.rollouts.items():
        flag = facts.flags.get(name)
        off = (
            {o.merchant: i for i, o in enumerate(flag.model.overrides) if not o.value}
            if flag
            else {}
        )
        for position, phase in enumerate(rollout.model.phases):
            for index, merchant in enumerate(phase.merchants or ()):
                if flag and merchant in off:
                    override = flag.document.place("overrides", off[merchant])
                    yield Problem(
                        rollout.document.place("phases", position, "merchants", index),
                        codes.NAMED_BUT_OVERRIDDEN,
                        f"merchant {shown(merchant)} is named, but an override keeps it off",
                        "remove one of the two",
                        (Related(override, "the override"),),
                    )


CHECKS: Final = (flags, phases, global_value, gates, soaks, overridden)
