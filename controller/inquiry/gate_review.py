"""Gathering for the review of a gate: what the files' gates would do, and would have done.

Unlike the answer of a gate this is by the files as they are here: it is asked before a policy is
merged.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from controller.activity import busy
from controller.domain.desired import Desired, DesiredFlag
from controller.domain.flag_policy import policy_of
from controller.domain.gate_policy import GatePolicy
from controller.domain.rollout import Phase, Rollout
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.backtest import Replay, backtest
from controller.gate.characteristics import Characteristics, Traffic, characteristics
from controller.gate.counts import Uncounted
from controller.gate.evidence import Evidence
from controller.judging import workflow_data
from controller.merchant_store.interface import StoredEvidence
from controller.ports import Ports


@dataclass(frozen=True, slots=True)
class Preview:
    """What the gate of one phase would do.

    Attributes:
        traffic: What it would have to judge by; None where that is not known.
    """

    phase: str
    gate: str
    traffic: Traffic | None
    characteristics: Characteristics


@dataclass(frozen=True, slots=True)
class PhaseReplays:
    """What the gate of one phase would have said to the judgements of the past, oldest first."""

    phase: str
    gate: str
    replays: tuple[Replay, ...]


def traffic(ports: Ports, desired: Desired, flag: DesiredFlag) -> Traffic | Uncounted:
    """All merchants with runs in the last 30 days, and their runs a day.

    Raises:
        UsageError: The workflow data's address is missing or wrong.
        DatabaseUnreachable: The app's database did not answer.
    """
    with ports.store.snapshot() as snapshot:
        now = snapshot.now
    with (
        busy("counting everybody's runs"),
        workflow_data(ports, desired.environment, policy_of(desired, flag.key)) as data,
    ):
        return data.traffic(now)


def previews(desired: Desired, flag: DesiredFlag, everyone: Traffic | None) -> tuple[Preview, ...]:
    """What the files' gates of a flag would do, phase by phase.

    Args:
        desired: What git says.
        flag: Whose gates.
        everyone: The traffic of the whole company; without it there are no times.

    Raises:
        UsageError: The flag's phases have no gates.
    """
    found = []
    for phase, gate in _gated(desired, flag):
        assert flag.rollout is not None  # noqa: S101 -- only a rollout has phases
        share = traffic_of(phase, flag.rollout, everyone) if everyone else None
        result = characteristics(gate, share, phase_soak=phase.soak)
        found.append(Preview(phase.name, gate.name, share, result))
    return tuple(found)


def traffic_of(phase: Phase, rollout: Rollout, everyone: Traffic) -> Traffic:
    """The share of a phase, as if all merchants were equally busy and eligible."""
    position = rollout.position_of(phase.name)
    named = len(rollout.named_up_to(position))
    percent = phase.percent
    others = max(0, everyone.merchants - named)
    merchants = named + (round(others * percent.fraction) if percent is not None else 0)
    each = everyone.runs_per_day / everyone.merchants if everyone.merchants else 0.0
    return Traffic(merchants, each * merchants)


def replay(
    desired: Desired, flag: DesiredFlag, stored: Iterable[StoredEvidence]
) -> tuple[PhaseReplays, ...]:
    """What the files' gates of a flag would have said to judgements of the past.

    Args:
        desired: What git says.
        flag: Whose gates.
        stored: The ledger's evidence, the newest first.

    Raises:
        UsageError: The flag's phases have no gates, or some evidence cannot be read.
    """
    by_phase: dict[str, list[Evidence]] = {}
    for one in stored:
        by_phase.setdefault(one.phase, []).append(evidences.read(one.text))
    return tuple(
        PhaseReplays(phase.name, gate.name, backtest(gate, reversed(by_phase.get(phase.name, []))))
        for phase, gate in _gated(desired, flag)
    )


def _gated(desired: Desired, flag: DesiredFlag) -> list[tuple[Phase, GatePolicy]]:
    gates = desired.gates.get(flag.key, {})
    phases = flag.rollout.phases if flag.rollout else ()
    gated = [(phase, gates[phase.gate]) for phase in phases if phase.gate in gates]
    if not gated:
        raise UsageError(
            f"no phase of {flag.key} has a gate in these files",
            f"name one at a phase in rollout/{flag.key}.yaml, see docs/gates.md",
        )
    return gated
