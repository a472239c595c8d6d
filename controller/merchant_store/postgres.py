"""The merchant store in PostgreSQL: what the rest of the controller opens.

Gather through `snapshot`, apply through `commit`; `halt` and `resume` beside them. Every operation
takes a connection of its own and gives it back: a run that waits for a deploy environment holds
none, and nothing depends on a pooler keeping a session.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from controller.domain.environment import Environment
from controller.domain.halt import Halt
from controller.domain.ledger import ChangeRecord, RunRecord
from controller.gate.counts import Baseline
from controller.merchant_store import halts
from controller.merchant_store.app_tables import AppTables
from controller.merchant_store.apply import apply_groups
from controller.merchant_store.commit_outcome import PAUSES, commit
from controller.merchant_store.connection import Connection, Database
from controller.merchant_store.evidence import (
    evidence_of,
    find_evidence,
    keep_baseline,
    keep_evidence,
    newest_evidence,
    read_baseline,
)
from controller.merchant_store.gather import PostgresSnapshot
from controller.merchant_store.history import read_changes, read_newest_runs, read_runs
from controller.merchant_store.interface import Committed, StoredEvidence, Write
from controller.merchant_store.ledger_environment import environment_from_ledger
from controller.merchant_store.ledger_lock import LockedLedger, lock, refuse_other_generation
from controller.merchant_store.ledger_writing import (
    Run,
    RunStory,
    begin_run,
    end_halt,
    finish_run,
    record_evaluation,
    record_flags,
    release_flags,
)
from controller.merchant_store.lock_wait import OnWait, told_of_waits
from controller.merchant_store.plain_text import storable, storable_json, storable_text
from controller.merchant_store.schema_steps import take_schema_steps

__all__ = ["PostgresMerchantStore", "environment_from_ledger"]


class PostgresMerchantStore:
    """The app's merchants and the ledger of one environment; see `interface.py`."""

    def __init__(
        self,
        environment: Environment,
        url: str,
        *,
        pauses: Sequence[float] = PAUSES,
        on_wait: OnWait | None = None,
    ) -> None:
        """Take an environment and its connection string; nothing is opened yet.

        Args:
            environment: As its file describes it, or as `environment_from_ledger` remembers it.
            url: The connection string, Prisma's spelling included.
            pauses: Seconds to wait before each look for the outcome of a lost COMMIT.
            on_wait: Told once a transaction that it waits behind a lock, and for whom.

        Raises:
            UsageError: The connection string is not one.
        """
        self._name = environment.name
        self._database = Database.of(environment.database, url)
        self._tables = AppTables.of(environment.database)
        self._pauses = pauses
        self._on_wait = on_wait

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSnapshot]:
        """Open a read-only view (REPEATABLE READ)."""
        with self._database.reading() as connection:
            yield PostgresSnapshot(connection, self._name, self._tables)

    def commit(self, write: Write) -> Committed:
        """Apply everything of `write`, or nothing."""
        with self._writing() as connection:
            ledger = lock(connection, self._name, self._tables)
            refuse_other_generation(ledger, write.expected_generation)
            run = begin_run(connection, ledger, _story(write))
            take_schema_steps(connection, write.schema_steps, self._tables)
            changed = apply_groups(
                connection, self._tables, run, write.groups, write.columns, write.evaluated_at
            )
            _remember(connection, run, write, self._tables)
            finish_run(connection, run, changed)
            self._commit(connection, ledger, run)
        return Committed(run.generation, changed, run.id)

    def halt(self, flag: str, *, reason: str, actor: str, column: str | None = None) -> Committed:
        """Turn a flag off for everyone and keep it so, in one transaction."""
        order = _order(flag, reason, actor, column)
        with self._writing(patience=halts.PATIENCE) as connection:
            halts.refuse_unknown_environment(connection, self._name)
            ledger = lock(connection, self._name, self._tables)
            run, changed = halts.halt(connection, ledger, order)
            self._commit(connection, ledger, run)
        return Committed(run.generation, changed, run.id)

    def resume(self, flag: str, *, reason: str, actor: str) -> Halt:
        """End a halt. The next reconcile brings back what git says."""
        order = _order(flag, reason, actor, None)
        with self._writing() as connection:
            ledger = lock(connection, self._name, self._tables)
            run, ended = halts.resume(connection, ledger, order)
            self._commit(connection, ledger, run)
        return ended

    def runs(self, *, flag: str | None, limit: int) -> tuple[RunRecord, ...]:
        """The newest runs first, optionally only those that touched a flag."""
        with self._database.reading() as connection:
            return read_runs(connection, self._name, flag=flag, limit=limit)

    def newest_runs(self, flags: Sequence[str], *, limit: int) -> Mapping[str, Sequence[RunRecord]]:
        """At most so many runs that touched each flag, the newest first, by flag."""
        with self._database.reading() as connection:
            return read_newest_runs(connection, self._name, flags, limit)

    def changes(
        self, *, flag: str | None, merchant: str | None, limit: int
    ) -> tuple[ChangeRecord, ...]:
        """The newest changes first."""
        if merchant is not None and not storable(merchant):
            return ()
        with self._database.reading() as connection:
            return read_changes(connection, self._name, flag=flag, merchant=merchant, limit=limit)

    def keep_evidence(self, evidence: StoredEvidence) -> bool:
        """Keep a judgement for good; False where there is no ledger to keep it in."""
        with self._writing() as connection:
            kept = keep_evidence(connection, self._name, evidence)
            connection.commit()
        return kept

    def evidence(self, prefix: str) -> StoredEvidence | None:
        """The evidence whose id begins so; None where there is none."""
        with self._database.reading() as connection:
            return find_evidence(connection, self._name, prefix)

    def evidence_of(
        self, flag: str, *, limit: int, phase: str | None = None
    ) -> tuple[StoredEvidence, ...]:
        """The newest evidence about a flag first, optionally only that about one phase."""
        with self._database.reading() as connection:
            return evidence_of(connection, self._name, flag, limit, phase)

    def newest_evidence(
        self, flags: Iterable[str], *, limit: int = 1
    ) -> tuple[StoredEvidence, ...]:
        """The newest evidence about each flag; flags that have none are left out."""
        with self._database.reading() as connection:
            return newest_evidence(connection, self._name, flags, limit)

    def keep_baseline(self, flag: str, live_since: datetime, baseline: Baseline) -> None:
        """Freeze how it was before a flag left off; where that was frozen already, it stays."""
        with self._writing() as connection:
            keep_baseline(connection, self._name, flag, live_since, baseline)
            connection.commit()

    def baseline(self, flag: str, live_since: datetime) -> Baseline | None:
        """How it was before a flag left off; None where nobody has measured it."""
        with self._database.reading() as connection:
            return read_baseline(connection, self._name, flag, live_since)

    def close(self) -> None:
        """Nothing is held between operations."""

    @contextmanager
    def _writing(self, *, patience: timedelta = timedelta()) -> Iterator[Connection]:
        database = self._database
        with (
            database.writing(patience=patience) as connection,
            told_of_waits(connection, database.connect, self._on_wait),
        ):
            yield connection

    def _commit(self, connection: Connection, ledger: LockedLedger, run: Run) -> None:
        commit(
            connection,
            run_id=run.id,
            transaction=ledger.transaction,
            connect=self._database.connect,
            pauses=self._pauses,
        )


def _order(flag: str, reason: str, actor: str, column: str | None) -> halts.HaltOrder:
    return halts.HaltOrder(storable_text(flag), storable_text(reason), storable_text(actor), column)


def _remember(connection: Connection, run: Run, write: Write, tables: AppTables) -> None:
    record_flags(connection, run, write)
    release_flags(connection, run, write.released)
    for flag, why in write.ended_halts.items():
        end_halt(connection, run, flag, reason=why, actor=storable_text(write.actor))
    record_evaluation(connection, run, write, tables)


def _story(write: Write) -> RunStory:
    flags = {group.flag for group in write.groups} | {desired.key for desired in write.record}
    lifted = [
        {
            **asdict(allowance),
            "guardrail": allowance.guardrail.value,
            "expires": allowance.expires.isoformat() if allowance.expires else None,
        }
        for allowance in write.allowances
    ]
    summary = {**write.summary, **({"allowed": lifted} if lifted else {})}
    return RunStory(
        kind=write.kind,
        actor=storable_text(write.actor),
        flags=flags | {*write.released, *write.ended_halts},
        summary=storable_json(summary),
        revision=write.revision,
        plan_hash=write.plan_hash,
    )
