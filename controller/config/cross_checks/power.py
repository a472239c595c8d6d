"""What gates can decide: one that can never pass is wrong, and so is one that holds nothing back.

The arithmetic is the gate's own. Nothing here knows how many merchants there are: what is said of a
percentage is a warning, and only what is certain is an error.
"""

import math
from collections.abc import Iterator
from typing import Final

from controller.config import meaning_codes as codes
from controller.config.facts import Facts, GateItem, Item
from controller.config.gate_file import DeterministicKeys, SequentialKeys, to_gate
from controller.config.problems import Place, Problem, Related, shown
from controller.config.rollout_file import RolloutFile
from controller.domain.gate_policy import CriterionMode, SequentialGate
from controller.domain.measures import Rate
from controller.domain.units import format_duration
from controller.domain.wording import counted
from controller.gate.power import (
    REACHABLE_RUNS,
    chance_to_pass,
    deciding,
    merchants_needed,
    runs_needed,
    runs_to_prove,
)

_BROKEN: Final = 0.2
_HALF_BROKEN: Final = 0.5
_LIKELY: Final = 0.5
_MANY_MERCHANTS: Final = 1_000
"""A company with fewer merchants than this is the usual one."""


def floors(facts: Facts) -> Iterator[Problem]:
    """Every floor that decides can be proven by a number of runs that is to be had."""
    for gate in facts.all_gates():
        policy = _policy(gate)
        for criterion in deciding(policy) if policy else ():
            if policy and runs_to_prove(criterion.floor, policy.alpha_pass) is None:
                yield Problem(
                    gate.place("criteria", criterion.name, "floor"),
                    codes.FLOOR_OUT_OF_REACH,
                    f"even {REACHABLE_RUNS:,} good runs without a single bad one do not prove a "
                    f"floor of {criterion.floor}",
                    "lower it; docs/gates.md lists what each floor costs",
                )


def phases(facts: Facts) -> Iterator[Problem]:
    """Every phase has the merchants that its gate needs, as far as files can tell."""
    for name, rollout in facts.rollouts.items():
        for position, phase in enumerate(rollout.model.phases):
            gate = facts.gate_of(rollout, phase.gate) if phase.gate else None
            policy = _policy(gate) if gate else None
            if gate and policy and name in facts.flags:
                yield from _phase(facts, rollout, position, gate, policy)


def _phase(
    facts: Facts, rollout: Item[RolloutFile], position: int, gate: GateItem, policy: SequentialGate
) -> Iterator[Problem]:
    runs = runs_needed(policy)
    if runs is None:
        return
    phase, named = rollout.model.phases[position], len(_named(facts, rollout, position))
    merchants = merchants_needed(policy, runs)
    place, place_of_need = rollout.document.place("phases", position, "gate"), _need(gate, runs)
    if phase.percent is None:
        if merchants > named:
            yield _never(place, gate, policy, runs, named, place_of_need)
        return
    company = math.ceil((merchants - named) / phase.percent.fraction)
    if company >= _MANY_MERCHANTS:
        message = (
            f"gate {shown(gate.name)} needs {counted(merchants, 'merchant')} here, and "
            f"{phase.percent} are so many only where at least {company:,} are eligible"
        )
        advice = (
            "if there are fewer, widen the phase, raise `runs_per_merchant` or lower the floors"
        )
        yield Problem(place, codes.GATE_HARD_TO_PASS, message, advice, (place_of_need,))


def _never(
    place: Place, gate: GateItem, policy: SequentialGate, runs: int, named: int, need: Related
) -> Problem:
    if policy.min_merchants > named:
        asked = f"`min_merchants` of gate {shown(gate.name)} is {policy.min_merchants}"
        message = f"{asked}, and this phase has at most {counted(named, 'merchant')}"
        need = _asked(gate, "min_merchants")
        advice = "lower it, name more merchants, or use a deterministic gate for so few"
    else:
        reach = named * policy.runs_per_merchant
        message = (
            f"gate {shown(gate.name)} needs {runs:,} good runs, and at most {reach:,} of this "
            f"phase count ({policy.runs_per_merchant} of each of {counted(named, 'merchant')})"
        )
        advice = "name more merchants, raise `runs_per_merchant`, or lower the floors"
    return Problem(place, codes.GATE_NEVER_PASSES, message, advice, (need,))


def _named(facts: Facts, rollout: Item[RolloutFile], position: int) -> frozenset[str]:
    """Everyone whom the files turn on by name in this phase; nobody else without a percentage."""
    flag = facts.flags.get(rollout.model.flag)
    overridden = (o.merchant for o in flag.model.overrides if o.value) if flag else ()
    ladder = rollout.model.phases[: position + 1]
    return frozenset(
        (*overridden, *(merchant for phase in ladder for merchant in phase.merchants or ()))
    )


def _need(gate: GateItem, runs: int) -> Related:
    """Where the gate asks for so many runs."""
    keys = gate.model
    if not isinstance(keys, SequentialKeys) or keys.min_runs == runs:
        return _asked(gate, "min_runs")
    deciding = ((n, k.floor) for n, k in keys.criteria.items() if k.mode is CriterionMode.DECIDE)
    highest, _ = max(deciding, key=lambda named: named[1])
    return Related(gate.place("criteria", highest, "floor"), "the floor that takes most runs")


def _asked(gate: GateItem, key: str) -> Related:
    given = gate.document.value_at(*gate.path, key) is not None
    text = "what it asks for" if given else f"`{key}` is not given here; this is its default"
    return Related(gate.place(key), text)


def leniency(facts: Facts) -> Iterator[Problem]:
    """No gate lets a broken release pass."""
    for gate in facts.all_gates():
        policy = _policy(gate)
        if policy is None:
            continue
        place, advice = gate.key_place("criteria"), "raise floors and targets"
        if (chance := chance_to_pass(policy, _BROKEN)) > _LIKELY:
            message = (
                f"a release that fails in 80% of all runs passes gate {shown(gate.name)} with a "
                f"probability of {chance:.2f}"
            )
            yield Problem(place, codes.BROKEN_RELEASE_PASSES, message, advice)
        elif (chance := chance_to_pass(policy, _HALF_BROKEN)) > _LIKELY:
            message = (
                f"a release that fails in half of all runs passes gate {shown(gate.name)} with a "
                f"probability of {chance:.2f}"
            )
            yield Problem(place, codes.HALF_BROKEN_RELEASE_PASSES, message, advice)


def deterministic(facts: Facts) -> Iterator[Problem]:
    """Every rule of a deterministic gate can be kept, and can be broken."""
    for gate in facts.all_gates():
        keys = gate.model
        if isinstance(keys, DeterministicKeys):
            yield from _idle_duration(gate, keys)
            yield from _uncountable(gate, keys)


def _idle_duration(gate: GateItem, keys: DeterministicKeys) -> Iterator[Problem]:
    proceed, deadline = keys.duration.proceed, keys.outcome_deadline
    if proceed == keys.duration.fix_minor == deadline:
        time = format_duration(deadline)
        message = (
            f"every run that is not stuck took at most `outcome_deadline` ({time}), so "
            f"`duration.proceed` ({time}) holds nothing back"
        )
        place = gate.place("duration", "proceed")
        related = (Related(gate.place("outcome_deadline"), "the deadline"),)
        advice = "make `duration.proceed` shorter"
        yield Problem(place, codes.RULE_WITHOUT_EFFECT, message, advice, related)


def _uncountable(gate: GateItem, keys: DeterministicKeys) -> Iterator[Problem]:
    for position, name in enumerate(keys.require):
        if name == Rate.FASTER_THAN_BASELINE:
            message = f"{shown(name)} needs a `ratio`, and `require` has no place for one"
            advice = "remove it here; a sequential gate may have it among its `criteria`"
            yield Problem(
                gate.place("require", position), codes.CRITERION_INCOMPLETE, message, advice
            )


def _policy(gate: GateItem) -> SequentialGate | None:
    """The gate, if it is a sequential one that makes sense otherwise."""
    keys = gate.model
    if isinstance(keys, DeterministicKeys):
        return None
    decide = any(c.mode is CriterionMode.DECIDE for c in keys.criteria.values())
    in_order = all(c.floor <= c.target for c in keys.criteria.values())
    policy = to_gate(gate.name, keys) if decide and in_order else None
    return policy if isinstance(policy, SequentialGate) else None


CHECKS: Final = (floors, phases, leniency, deterministic)
"""All checks of this file."""
