"""Whether what was counted is what was rolled out: the first question of the gate.

The ledger says this phase was applied, the merchants found turned on are the ones it recorded, and
the queries were given exactly those.
"""

from datetime import datetime

from controller.domain.wording import counted
from controller.gate.counts import GateCounts, Identity, Uncounted
from controller.gate.report import Check, CheckName
from controller.gate.verdict import CriterionVerdict


def check_identity(counts: GateCounts, now: datetime) -> Check:
    """An error as soon as anything differs from the ledger."""
    identity = counts.identity
    if isinstance(identity, Uncounted):
        return _error(f"What was rolled out could not be read: {identity.reason.rstrip('.')}.")
    if found := _not_rolled_out(identity, counts, now) or _another_cohort(identity):
        return _error(found)
    merchants = counted(identity.cohort_recorded, "merchant")
    reason = f"Phase `{counts.phase}` is applied to {merchants}, as the ledger records."
    return Check(CheckName.IDENTITY, CriterionVerdict.PASS, reason)


def _error(reason: str) -> Check:
    return Check(CheckName.IDENTITY, CriterionVerdict.ERROR, reason)


def attributable(counts: GateCounts, now: datetime) -> bool:
    """Whether what was counted can be due to the rollout at all.

    Where the ledger knows of no such phase, or nobody has the feature, good runs do not speak for
    it and bad ones not against it. Where single merchants differ from the ledger the verdict is an
    error too, but harm that the others prove still counts.
    """
    identity = counts.identity
    return isinstance(identity, Identity) and _not_rolled_out(identity, counts, now) is None


def since_of(counts: GateCounts) -> datetime | None:
    """When the phase was entered, as far as that is known."""
    return counts.identity.since if isinstance(counts.identity, Identity) else None


def _not_rolled_out(identity: Identity, counts: GateCounts, now: datetime) -> str | None:
    if identity.phase_applied is None:
        return f"The ledger knows nothing of `{counts.flag}`: it was never applied here."
    if identity.phase_applied != counts.phase:
        return f"Phase `{identity.phase_applied}` is applied, not `{counts.phase}`."
    if identity.halted is not None:
        return f"The flag is halted ({identity.halted}): nobody has it until `rolloutctl resume`."
    if identity.since is None or identity.since > now:
        return f"The ledger has no usable beginning of phase `{counts.phase}`."
    if identity.cohort_found == 0:
        return f"Phase `{counts.phase}` is applied, but no merchant has the feature."
    return None


def _another_cohort(identity: Identity) -> str | None:
    if identity.missing or identity.extra:
        return (
            f"The ledger records {counted(identity.cohort_recorded, 'merchant')} as turned on: "
            f"{identity.missing} of them found off, {identity.extra} others found on."
        )
    sizes = {identity.cohort_recorded, identity.cohort_found, identity.cohort_counted}
    if len(sizes) > 1:
        return (
            f"The sizes of the cohort disagree: {identity.cohort_recorded} recorded, "
            f"{identity.cohort_found} found, {identity.cohort_counted} counted."
        )
    return None
