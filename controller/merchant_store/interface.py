"""The port to the app's database: what merchants have, and the controller's own ledger.

One implementation, PostgreSQL (`postgres.py`): design.md's choice is one dialect, real locks and
COPY. The port exists so that `controller.reconcile` reads without a word of SQL.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from controller.domain.actual import ActualSchema
from controller.domain.desired import DesiredFlag
from controller.domain.environment import Allowance
from controller.domain.flag_policy import FlagPolicy
from controller.domain.halt import Halt
from controller.domain.ledger import ChangeRecord, Ledger, RunRecord
from controller.domain.merchant import Merchant, MerchantBatch
from controller.domain.plan import ChangeGroup, SchemaStep
from controller.gate.counts import Baseline


class Snapshot(Protocol):
    """One consistent view of the database; nothing that happens later is seen through it."""

    @property
    def now(self) -> datetime:
        """The database's clock at the start of the snapshot. The only clock that decisions use."""

    @property
    def ledger(self) -> Ledger:
        """What was applied, and what is halted."""

    @property
    def schema(self) -> ActualSchema:
        """What tables and columns there are."""

    def batches(self, columns: Sequence[str], *, with_age: bool) -> Iterator[MerchantBatch]:
        """Stream every merchant with its value in each column.

        To be read to its end, or dropped, before anything else is asked of the snapshot.

        Args:
            columns: Columns of `"MerchantConfig"`; the rows of `MerchantBatch.values` follow this
                order. One that does not exist reads as -1.
            with_age: Whether `MerchantBatch.created_at` is needed.

        Raises:
            Refused: There is no merchant at all: an empty table is never taken for "nobody
                desired".
            DatabaseUnreachable: The connection was lost.
        """

    def find_merchants(self, references: Sequence[str]) -> tuple[Merchant, ...]:
        """The merchants whose id or shop domain is among `references`, sorted by id."""

    def similar_merchants(self, reference: str, limit: int) -> tuple[Merchant, ...]:
        """Merchants that a mistyped id or shop domain may mean, the likeliest first.

        A help for the person who typed it, not a search: it may miss some.
        """

    def values_of(self, merchant: str, columns: Sequence[str]) -> tuple[bool | None, ...]:
        """One merchant's value in each column; None without a row or column."""

    def last_changes(self, merchant: str) -> Mapping[str, ChangeRecord]:
        """The newest recorded change of one merchant, by flag."""

    def config_updated_at(self, merchants: Sequence[str]) -> Mapping[str, datetime]:
        """When the app's rows of these merchants were last written, by whoever did it.

        Later than our last change of the merchant means that somebody else has written the row.
        Merchants without a row are left out.
        """


@dataclass(frozen=True, slots=True)
class Write:
    """Everything that one run commits, in one transaction.

    Attributes:
        expected_generation: The generation the plan was made on; another one in the ledger means
            stale.
        evaluated_at: The snapshot's `now`, at which the decisions were taken; the ledger remembers
            it.
        groups: The values to change.
        record: Flags whose definition and policy the ledger must remember as applied from now on.
        policies: Of each of these flags.
        widened: Those of them that may reach more merchants than before: their soak begins anew.
        released: Flags whose file is gone.
        withheld: Flags about whose values this run decides nothing.
        ended_halts: Halts that a merged retreat makes unnecessary, and why.
        allowances: Guardrails lifted for this run.
        kind: `reconcile` or `halt` or `resume`, as `history` shows it.
        summary: JSON object for `history`; what was lifted is added to it as `allowed`.
    """

    environment: str
    expected_generation: int
    kind: str
    revision: str | None
    actor: str
    plan_hash: str
    evaluated_at: datetime
    groups: tuple[ChangeGroup, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    schema_steps: tuple[SchemaStep, ...] = ()
    record: tuple[DesiredFlag, ...] = ()
    policies: Mapping[str, FlagPolicy] = field(default_factory=dict)
    widened: frozenset[str] = frozenset()
    released: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()
    ended_halts: Mapping[str, str] = field(default_factory=dict)
    allowances: tuple[Allowance, ...] = ()
    summary: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction really did.

    Attributes:
        generation: The generation it made.
        changed: Rows whose value changed, by flag. Merchants deleted since the plan was made are
            not among them.
        run_id: Of the ledger's run row.
    """

    generation: int
    changed: Mapping[str, int]
    run_id: str


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """One judgement of a gate, as the ledger keeps it.

    Attributes:
        id: SHA-256 over what it was computed from, in hexadecimal.
        verdict: As `controller.gate.verdict.Verdict` spells it.
        judged_at: The moment that was judged, by the database's clock.
        revision: The commit of whoever asked; None where it is not known.
        actor: Who asked.
        text: What `controller.gate.evidence.read` reads.
    """

    id: str
    flag: str
    phase: str
    verdict: str
    judged_at: datetime
    revision: str | None
    actor: str
    text: str


class MerchantStore(Protocol):
    """The app's merchants and the ledger of one environment."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open a read-only view (REPEATABLE READ).

        Raises:
            DatabaseUnreachable: No connection.
            Refused: The database lacks the app's `"Merchant"` table.
        """

    def commit(self, write: Write) -> Committed:
        """Apply everything of `write`, or nothing.

        Raises:
            Locked: Another run holds the lock row.
            Stale: The ledger's generation is not the expected one.
            DatabaseUnreachable: The connection was lost before anything was committed.
            OutcomeUnknown: It was lost around COMMIT and could not be looked up.
        """

    def halt(self, flag: str, *, reason: str, actor: str, column: str | None = None) -> Committed:
        """Turn a flag off for everyone and keep it so, in one transaction.

        By what the ledger remembers of the flag and of the app's tables; it waits for a run that is
        writing, and is never stale. A flag that is halted already is swept once more where somebody
        has turned it on by hand since.

        Args:
            flag: Its key.
            reason: For everybody who meets the halt later.
            actor: Who halts.
            column: Where the flag lives, if the ledger does not know it: before its first apply.

        Raises:
            UsageError: The ledger knows no such flag, and no column was given; or it knows only
                other environments.
            Refused: The flag is halted already, and off for everyone.
            Locked: A run that is writing did not finish in time.
            DatabaseUnreachable: The database did not answer; nothing was changed.
            OutcomeUnknown: The connection was lost around COMMIT and could not be looked up.
        """

    def resume(self, flag: str, *, reason: str, actor: str) -> Halt:
        """End a halt; returns the one that was in force. The next reconcile restores the rest.

        Raises:
            UsageError: The flag is not halted.
            Locked: Another run holds the lock row.
            DatabaseUnreachable: The database did not answer; nothing was changed.
            OutcomeUnknown: The connection was lost around COMMIT and could not be looked up.
        """

    def runs(self, *, flag: str | None, limit: int) -> tuple[RunRecord, ...]:
        """The newest runs first, optionally only those that touched a flag."""

    def newest_runs(self, flags: Sequence[str], *, limit: int) -> Mapping[str, Sequence[RunRecord]]:
        """At most so many runs that touched each flag, the newest first, read at once, by flag."""

    def changes(
        self, *, flag: str | None, merchant: str | None, limit: int
    ) -> tuple[ChangeRecord, ...]:
        """The newest changes first; those of one run sorted by flag and merchant."""

    def keep_evidence(self, evidence: StoredEvidence) -> bool:
        """Keep a judgement for good; False where there is no ledger to keep it in.

        Raises:
            Refused: The role may only read.
            DatabaseUnreachable: The database did not answer.
        """

    def evidence(self, prefix: str) -> StoredEvidence | None:
        """The evidence whose id begins so; None where there is none.

        Raises:
            UsageError: Several begin so.
        """

    def evidence_of(
        self, flag: str, *, limit: int, phase: str | None = None
    ) -> tuple[StoredEvidence, ...]:
        """The newest evidence about a flag first, optionally only that about one phase."""

    def newest_evidence(
        self, flags: Iterable[str], *, limit: int = 1
    ) -> tuple[StoredEvidence, ...]:
        """The newest evidence about each flag, read at once; flags that have none are left out.

        Args:
            flags: Their keys.
            limit: At most so many of each; those of one flag stand together, the newest first.
        """

    def keep_baseline(self, flag: str, live_since: datetime, baseline: Baseline) -> None:
        """Freeze how it was before a flag left off; where that was frozen already, it stays."""

    def baseline(self, flag: str, live_since: datetime) -> Baseline | None:
        """How it was before a flag left off; None where nobody has measured it.

        Raises:
            ValueError: What is stored is none.
        """

    def close(self) -> None:
        """Give the connection back."""
