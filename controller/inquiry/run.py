"""Gathering for `analyze`: one run, the flags it may have run under, and how others fared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from controller.domain.desired import Desired, DesiredFlag
from controller.domain.ledger import AppliedFlag, ChangeRecord, Ledger
from controller.domain.merchant import Merchant
from controller.errors import UsageError
from controller.gate.counts import Baseline, Uncounted
from controller.gate.single_run import Comparison, RunLimits, RunOutcome, SingleRun, compare
from controller.inquiry.records import run_records
from controller.merchant_store.interface import MerchantStore
from controller.ports import Ports
from controller.workflow_data.interface import RunOwner, RunQuestion, RunRecords

_SUGGESTIONS: Final = 3
_SHORTEST: Final = 4
"""Of a mistyped id, so much of its beginning must be right for a suggestion."""

_MOST_CHANGES: Final = 1_000


@dataclass(frozen=True, slots=True)
class RunFlag:
    """What one flag has to do with a run.

    Attributes:
        phase: The phase that the ledger has as applied.
        since: When the merchant had got it, by the ledger, when the run was created; None where it
            had not.
        gate: The name of the gate by whose times the run is judged; None for the usual times.
        baseline: How it was before the flag left off; None where it is off, or where nobody asks.
    """

    flag: str
    phase: str
    since: datetime | None
    gate: str | None
    limits: RunLimits
    baseline: Baseline | Uncounted | None


@dataclass(frozen=True, slots=True)
class RunAnalysis:
    """One run, analysed.

    Attributes:
        merchant: None where the app does not know it any more.
        now: The database's clock.
        flags: Sorted by key; those that were never applied are left out.
        until: Runs before this moment are the merchant's past: when it got the first of the flags,
            or when the run was created.
        past: The run held against them; an `Uncounted` where they cannot be read.
    """

    environment: str
    now: datetime
    run: SingleRun
    merchant: Merchant | None
    flags: tuple[RunFlag, ...]
    until: datetime | None
    past: Comparison | Uncounted

    @property
    def usual(self) -> RunOutcome:
        """The outcome by the usual times, for a run that no flag has to do with."""
        return self.run.outcomes[RunLimits()]


def analyse(
    ports: Ports, desired: Desired, flags: Sequence[DesiredFlag], reference: str
) -> RunAnalysis:
    """Find out everything about one run. Nothing is written.

    Args:
        ports: The outside world; only read.
        desired: What git says.
        flags: The flags that are of interest.
        reference: The run's id.

    Raises:
        UsageError: There is no such run.
        Refused: The runs cannot be read.
        DatabaseUnreachable: The database did not answer.
    """
    with run_records(ports, desired.environment) as records:
        owner = _owner(records, reference)
        with ports.store.snapshot() as snapshot:
            ledger, now = snapshot.ledger, snapshot.now
            merchants = snapshot.find_merchants([owner.merchant])
        changes = ports.store.changes(flag=None, merchant=owner.merchant, limit=_MOST_CHANGES)
        found = _flags(ports.store, ledger, flags, changes, owner.created)
        since = [flag.since for flag in found if flag.since]
        until = min([*since, owner.created]) if owner.created else None
        limits = tuple(dict.fromkeys((RunLimits(), *(flag.limits for flag in found))))
        run = records.single_run(
            RunQuestion(reference, owner.merchant, owner.created, limits, until, now)
        )
    past = run.past if isinstance(run.past, Uncounted) else compare(run.duration, run.past)
    merchant = next((one for one in merchants if one.id == owner.merchant), None)
    return RunAnalysis(desired.environment.name, now, run, merchant, found, until, past)


def _owner(records: RunRecords, reference: str) -> RunOwner:
    if not _is_an_id(reference):
        raise UsageError("that is no run's id: it has characters that no id has", "")
    owner = records.owner(reference)
    if owner is None:
        raise UsageError(
            f"there is no run with the id {reference}", _suggestion(records, reference)
        )
    return owner


def _is_an_id(reference: str) -> bool:
    return bool(reference) and reference.isprintable()


def _suggestion(records: RunRecords, reference: str) -> str:
    """Runs whose ids begin alike; the less must be alike, the fewer letters are right."""
    for length in range(len(reference), _SHORTEST - 1, -4):
        if found := records.runs_like(reference[:length], _SUGGESTIONS):
            return f"did you mean {', '.join(found)}?"
    return "give the whole id of a run, as the app's table of runs has it"


def _flags(
    store: MerchantStore,
    ledger: Ledger,
    flags: Iterable[DesiredFlag],
    changes: Sequence[ChangeRecord],
    created: datetime | None,
) -> tuple[RunFlag, ...]:
    applied = (ledger.applied[flag.key] for flag in flags if flag.key in ledger.applied)
    return tuple(
        RunFlag(
            flag=one.desired.key,
            phase=one.desired.phase,
            since=_since(changes, one.desired.key, created),
            gate=one.gate.name if one.gate else None,
            limits=RunLimits.of(one.gate),
            baseline=_baseline(store, one),
        )
        for one in applied
    )


def _since(changes: Sequence[ChangeRecord], flag: str, created: datetime | None) -> datetime | None:
    """When a flag had been turned on for the merchant, if it was on when the run was created."""
    if created is None:
        return None
    last = next((c for c in changes if c.flag == flag and c.at <= created), None)
    return last.at if last and last.value else None


def _baseline(store: MerchantStore, applied: AppliedFlag) -> Baseline | Uncounted | None:
    if applied.live_since is None or not applied.has_baseline:
        return None
    try:
        return store.baseline(applied.desired.key, applied.live_since)
    except ValueError as problem:
        return Uncounted(f"the ledger's cannot be read: {problem}")
