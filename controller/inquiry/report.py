"""Gathering for `report`: what the ledger keeps of one phase, and nothing that is counted now.

The last judgement of the stay in the phase decides; the earlier ones are its history. What is not
kept is None, and said to be missing where it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.domain.desired import Desired
from controller.domain.gate_policy import GatePolicy
from controller.domain.halt import Halt
from controller.domain.ledger import AppliedFlag, Ledger, RunRecord
from controller.domain.rollout import OFF, Phase
from controller.errors import UsageError
from controller.gate import evidence as evidences
from controller.gate.counts import Identity
from controller.gate.evidence import Evidence, Recomputation
from controller.inquiry.judged import Judged, read_judged
from controller.merchant_store.interface import MerchantStore, Snapshot

JUDGEMENTS: Final = 200
"""So many judgements of a phase are read, the newest ones."""
RUNS: Final = 1_000
"""So many runs of a flag are looked through for halts, the newest ones."""
NAMED: Final = 20
"""So many merchants of a phase by name are looked up; the others are counted."""


@dataclass(frozen=True, slots=True)
class Results:
    """One stay in one phase, as the ledger has it.

    Attributes:
        now: The database's clock.
        phase: The phase that is reported on.
        applied: The flag as applied last, maybe in a later phase by now.
        since: When the phase was entered; None where no readable evidence says it.
        entered: The run that entered it; None where the ledger has none of that moment.
        judged: The judgements of this stay, the newest first: the first one decides.
        earlier: So many judgements are of earlier stays in the same phase.
        events: Halts and resumes during the stay, the oldest first.
        halt: The halt in force now.
        named: The merchants that the phase names, at most `NAMED`, with their shop domains of
            today; those that the app does not know any more have none.
        recomputed: What this program makes of the evidence that decides.
    """

    environment: str
    now: datetime
    phase: str
    applied: AppliedFlag
    since: datetime | None
    entered: RunRecord | None
    judged: tuple[Judged, ...]
    earlier: int
    events: tuple[RunRecord, ...]
    halt: Halt | None
    named: Mapping[str, str | None]
    recomputed: Recomputation | None

    @property
    def flag(self) -> str:
        """The flag's key."""
        return self.applied.desired.key

    @property
    def is_present(self) -> bool:
        """Whether the flag is in this phase now."""
        return self.phase == self.applied.desired.phase

    @property
    def step(self) -> Phase | None:
        """The phase as the ladder applied last has it; None where that has lost it."""
        return _step(self.applied, self.phase)

    @property
    def following(self) -> str | None:
        """The next phase up; None where there is none, or nobody knows."""
        rollout, step = self.applied.desired.rollout, self.step
        if rollout is None or step is None or step is rollout.phases[-1]:
            return None
        return rollout.phases[rollout.phases.index(step) + 1].name

    @property
    def deciding(self) -> Judged | None:
        """The last judgement of the stay."""
        return self.judged[0] if self.judged else None

    @property
    def evidence(self) -> Evidence | None:
        """What the last judgement rests on; None where there is none, or it cannot be read."""
        return self.deciding.evidence if self.deciding else None

    @property
    def gate_now(self) -> GatePolicy | None:
        """The phase's gate as applied last."""
        policy, step = self.applied.policy, self.step
        return policy.gates.get(step.gate or "") if policy and step else None


def gather(
    store: MerchantStore, desired: Desired, flag: str, *, phase: str | None = None
) -> Results:
    """Read what the ledger keeps of a phase. Nothing is counted, nothing is written.

    Args:
        store: The database.
        desired: What git says; only its environment and its flags' names matter here.
        flag: The flag's key.
        phase: The phase to report on; None is the one that the flag is in.

    Raises:
        UsageError: The flag was never applied, is off, or has no such phase.
        DatabaseUnreachable: The database did not answer.
    """
    with store.snapshot() as snapshot:
        ledger, now = snapshot.ledger, snapshot.now
        applied = _applied(ledger, desired, flag)
        wanted = phase or _present(applied)
        named = _named(snapshot, _step(applied, wanted))
    everything = _judgements(store, flag, wanted)
    if _step(applied, wanted) is None and not everything:
        raise _no_such_phase(applied, wanted)
    since = applied.phase_since if wanted == applied.desired.phase else _since(everything)
    stay = tuple(one for one in everything if since is None or one.judged_at >= since)
    runs = store.runs(flag=flag, limit=RUNS)
    evidence = stay[0].evidence if stay else None
    return Results(
        environment=desired.environment.name,
        now=now,
        phase=wanted,
        applied=applied,
        since=since,
        entered=next((run for run in runs if run.at == since), None),
        judged=stay,
        earlier=len(everything) - len(stay),
        events=_events(runs, wanted, since),
        halt=ledger.halts.get(flag),
        named=named,
        recomputed=evidences.recompute(evidence) if evidence else None,
    )


def _applied(ledger: Ledger, desired: Desired, flag: str) -> AppliedFlag:
    applied = ledger.applied.get(flag)
    if applied is not None:
        return applied
    known = sorted({*ledger.applied, *(one.key for one in desired.flags)})
    if flag not in known:
        listed = f"there are: {', '.join(known)}" if known else ""
        raise UsageError(f"neither the files nor the ledger have a flag {flag}", listed)
    raise UsageError(
        f"{flag} was never applied in {desired.environment.name}: there are no results",
        "rolloutctl reconcile",
    )


def _present(applied: AppliedFlag) -> str:
    flag, phase, rollout = applied.desired.key, applied.desired.phase, applied.desired.rollout
    if rollout is None:
        raise UsageError(f"{flag} has no phases: nothing was tried step by step", "")
    if phase == OFF:
        names = ", ".join(step.name for step in rollout.phases)
        raise UsageError(
            f"{flag} is off: there is no phase to report on",
            f"name an earlier one: rolloutctl report {flag} --phase PHASE; it has: {names}",
        )
    return phase


def _step(applied: AppliedFlag, phase: str) -> Phase | None:
    rollout = applied.desired.rollout
    return next((step for step in (rollout.phases if rollout else ()) if step.name == phase), None)


def _named(snapshot: Snapshot, step: Phase | None) -> Mapping[str, str | None]:
    """The first merchants that a phase names, with their shop domains."""
    names = step.merchants[:NAMED] if step else ()
    domains = {merchant.id: merchant.shop_domain for merchant in snapshot.find_merchants(names)}
    return {name: domains.get(name) for name in names}


def _no_such_phase(applied: AppliedFlag, phase: str) -> UsageError:
    rollout = applied.desired.rollout
    names = ", ".join(step.name for step in rollout.phases) if rollout else ""
    return UsageError(
        f"{applied.desired.key} has no phase {phase}, and the ledger no evidence of one",
        f"it has: {names}" if names else "",
    )


def _judgements(store: MerchantStore, flag: str, phase: str) -> tuple[Judged, ...]:
    """The newest moment judged first; of one moment what was kept last."""
    kept = store.evidence_of(flag, limit=JUDGEMENTS, phase=phase)
    return tuple(sorted(map(read_judged, kept), key=lambda one: one.judged_at, reverse=True))


def _since(judged: Sequence[Judged]) -> datetime | None:
    """When the last stay began that was judged."""
    identity = judged[0].evidence.counts.identity if judged and judged[0].evidence else None
    return identity.since if isinstance(identity, Identity) else None


def _events(runs: Sequence[RunRecord], phase: str, since: datetime | None) -> tuple[RunRecord, ...]:
    """The halts and resumes of a stay. While a flag is halted it stays in its phase."""
    return tuple(
        run
        for run in reversed(runs)
        if run.kind in {"halt", "resume"}
        and run.summary.get("phase") == phase
        and (since is None or run.at >= since)
    )
