"""What the gate answered, as far as a plan must know it.

Between the gate, which judges, and the guardrail `advance_without_gate`, which only asks whether it
passed. The whole report is `controller.gate.report.GateReport`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """May this flag leave its phase upwards?

    Attributes:
        phase: The phase being left.
        gate: The gate's name.
        passed: Only a verdict of `proceed` has passed.
        reason: Why, in one sentence that begins with the verdict.
        remedy: What to do next.
    """

    phase: str
    gate: str
    passed: bool
    reason: str
    remedy: str
