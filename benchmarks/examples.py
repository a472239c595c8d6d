"""Repositories to measure with: any number of flags, each with a ladder of percentages."""

from collections.abc import Sequence
from pathlib import Path

from controller.config.loader import load
from controller.domain.desired import Desired

ENVIRONMENT = "benchmark"
LADDER = (10, 50, 100)
_ENVIRONMENT_FILE = f"""\
name: {ENVIRONMENT}
database: {{schema: managed}}
guardrails: {{max_changed_percent: off, max_changed_count: off, never_to_empty: false}}
"""
_FLAG_FILE = """\
key: {key}
description: Run the purchase-order stages of flag number {number} in sequence.
owner: "@acme/workflow-team"
expires: 2099-12-31
merchant_config: {{column: {column}}}
overrides: []
"""
_ROLLOUT_FILE = """\
flag: {key}
phase: {phase}
bucketing: {{salt: {key}, version: 1}}
eligible: {{min_merchant_age: 30d}}
phases:
{phases}
"""


def column(number: int) -> str:
    """The column of a flag; the first one is the source document's."""
    return "enableSequentialWorkflow" if number == 0 else f"enableFeature{number}"


def write(
    folder: Path, *, flags: int, ladder: Sequence[int] = (), pilot: str = "", phase: str = "off"
) -> None:
    """Write a repository.

    Args:
        folder: Where to; it exists.
        flags: How many flags.
        ladder: The percentages of the phases; no rollouts without them.
        pilot: The merchant of a phase before them; no such phase without one.
        phase: The phase all of them are in.
    """
    environments = folder / "rollout" / "environments"
    environments.mkdir(parents=True, exist_ok=True)
    (folder / "flags").mkdir(exist_ok=True)
    (environments / f"{ENVIRONMENT}.yaml").write_text(_ENVIRONMENT_FILE)
    phases = [f"  - {{name: pilot, merchants: [{pilot}]}}"] if pilot else []
    phases += [f"  - {{name: {percent}%, percent: {percent}}}" for percent in ladder]
    for number in range(flags):
        key = f"feature_{number}"
        flag = _FLAG_FILE.format(key=key, number=number, column=column(number))
        (folder / "flags" / f"{key}.yaml").write_text(flag)
        if ladder:
            rollout = _ROLLOUT_FILE.format(key=key, phase=phase, phases="\n".join(phases))
            (folder / "rollout" / f"{key}.yaml").write_text(rollout)


def desired(
    folder: Path, *, phase: str, pilot: str = "", flags: int = 1, ladder: Sequence[int] = LADDER
) -> Desired:
    """Write a repository, and what it says; see `write`."""
    write(folder, flags=flags, ladder=ladder, pilot=pilot, phase=phase)
    return load(folder).desired(ENVIRONMENT, None)
