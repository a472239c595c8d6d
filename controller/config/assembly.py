"""From models without any error to the domain's values, put together."""

from collections.abc import Mapping

from controller.config.configuration import Configuration
from controller.config.document import Document
from controller.config.environment_file import to_environment
from controller.config.facts import Facts, Item
from controller.config.flag_file import to_flag
from controller.config.gate_file import to_gate
from controller.config.problems import Problem
from controller.config.rollout_file import RolloutFile, to_rollout
from controller.config.waiver_file import to_waiver
from controller.domain.gate_policy import GatePolicy
from controller.domain.rollout import OFF, Rollout


def assemble(
    facts: Facts, documents: Mapping[str, Document], warnings: tuple[Problem, ...]
) -> Configuration:
    """The configuration.

    Args:
        facts: Of which no check found an error.
        documents: By file.
        warnings: What was found all the same.
    """
    waivers = [to_waiver(waiver.model) for waiver in facts.waivers.values()]
    return Configuration(
        flags={name: to_flag(flag.model) for name, flag in sorted(facts.flags.items())},
        rollouts={name: _rollouts(facts, name) for name in sorted(facts.environments)},
        gates={name: _gates(facts, rollout) for name, rollout in sorted(facts.rollouts.items())},
        environments={
            name: to_environment(environment.model)
            for name, environment in sorted(facts.environments.items())
        },
        waivers=tuple(sorted(waivers, key=lambda w: (w.flag, w.phase, w.criterion))),
        documents=documents,
        warnings=warnings,
    )


def _rollouts(facts: Facts, environment: str) -> Mapping[str, Rollout]:
    return {
        name: to_rollout(rollout.model, rollout.model.phase_in(environment) or OFF)
        for name, rollout in sorted(facts.rollouts.items())
    }


def _gates(facts: Facts, rollout: Item[RolloutFile]) -> Mapping[str, GatePolicy]:
    named = [phase.gate for phase in rollout.model.phases if phase.gate]
    gates = {name: facts.gate_of(rollout, name) for name in named}
    return {name: to_gate(name, gate.model) for name, gate in gates.items() if gate}
