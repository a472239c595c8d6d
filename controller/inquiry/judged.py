"""What a gate said once, as the ledger keeps it: for the inquiries that look back."""

from dataclasses import dataclass
from datetime import datetime

from controller.domain.ledger import AppliedFlag
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.evidence import Evidence
from controller.gate.verdict import Verdict
from controller.merchant_store.interface import StoredEvidence


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement, as the ledger keeps it.

    Attributes:
        id: The evidence's, in hexadecimal.
        verdict: As `controller.gate.verdict.Verdict` spells it.
        revision: The commit of whoever asked; None where it is not known.
        evidence: None where it cannot be read.
        problem: Why not; empty where it can.
    """

    id: str
    phase: str
    verdict: str
    judged_at: datetime
    revision: str | None
    actor: str
    evidence: Evidence | None
    problem: str = ""


def read_judged(stored: StoredEvidence) -> Judged:
    """One judgement out of the ledger; evidence that cannot be read is a problem in its place."""
    evidence, problem = None, ""
    try:
        evidence = _of_this_row(stored, evidences.read(stored.text))
    except UsageError as error:
        problem = error.message
    return Judged(
        id=stored.id,
        phase=stored.phase,
        verdict=stored.verdict,
        judged_at=stored.judged_at,
        revision=stored.revision,
        actor=stored.actor,
        evidence=evidence,
        problem=problem,
    )


def _of_this_row(stored: StoredEvidence, evidence: Evidence) -> Evidence:
    """The evidence, if it is what the ledger says that it is."""
    report = evidence.report
    told = report.flag, report.phase, str(report.verdict)
    if told != (stored.flag, stored.phase, stored.verdict):
        raise UsageError("this evidence is of another flag, phase or verdict than its row", "")
    return evidence


def is_of_this_stay(judged: Judged, applied: AppliedFlag) -> bool:
    """Whether a judgement is about the phase that is applied, as it was entered last."""
    return judged.phase == applied.desired.phase and judged.judged_at >= applied.phase_since


def known_verdict(judged: Judged) -> Verdict | None:
    """The verdict of a judgement; None for one that this program does not know."""
    return next((verdict for verdict in Verdict if verdict.value == judged.verdict), None)
