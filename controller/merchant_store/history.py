"""Who changed what and when, read back from the ledger.

After the way of a change: for `history`, `explain` and `drift`. The change rows have no sorted
index (400,000 of them are written in one go); the runs say which of them to read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from psycopg.rows import TupleRow

from controller.domain.ledger import ChangeRecord, RunRecord
from controller.merchant_store.connection import Connection
from controller.merchant_store.ledger_schema import CAUSES, version

_RUNS: Final = """
    SELECT id::text, generation, kind, revision, actor, at, plan_hash, summary, changed
    FROM rollout.run
    WHERE environment = %(environment)s AND (%(flag)s::text IS NULL OR %(flag)s = ANY(flags))
    ORDER BY generation DESC LIMIT %(limit)s
"""
_NEWEST_RUNS: Final = """
    SELECT wanted.key, found.* FROM unnest(%(flags)s::text[]) AS wanted (key) CROSS JOIN LATERAL (
        SELECT id::text, generation, kind, revision, actor, at, plan_hash, summary, changed
        FROM rollout.run WHERE environment = %(environment)s AND wanted.key = ANY(flags)
        ORDER BY generation DESC LIMIT %(limit)s
    ) AS found
"""
_RECORDS: Final = """
    SELECT r.generation, f.key, c.merchant_id, c.value, c.cause, r.at
    FROM rollout.change c
    JOIN rollout.run r ON r.seq = c.run
    JOIN rollout.flag f ON f.id = c.flag
    WHERE r.environment = %(environment)s AND (%(flag)s::text IS NULL OR f.key = %(flag)s)
"""
_OF_MERCHANT: Final = " AND c.merchant_id = %(merchant)s"
_OF_RUNS: Final = " AND c.run = ANY(%(runs)s) AND c.run BETWEEN %(first)s AND %(last)s"
_NEWEST: Final = " ORDER BY c.run DESC, f.key, c.merchant_id LIMIT %(limit)s"
_RUNS_NEEDED: Final = """
    SELECT seq FROM (
        SELECT seq, sum(count) OVER (ORDER BY seq DESC) - count AS newer
        FROM rollout.run,
            LATERAL (SELECT coalesce(sum(value::bigint), 0) AS count FROM jsonb_each_text(changed)
                     WHERE %(flag)s::text IS NULL OR key = %(flag)s) AS counts
        WHERE environment = %(environment)s AND count > 0
    ) AS runs
    WHERE newer < %(limit)s
"""


def read_runs(
    connection: Connection, environment: str, *, flag: str | None, limit: int
) -> tuple[RunRecord, ...]:
    """The newest runs first, optionally only those that touched a flag."""
    if version(connection) == 0:
        return ()
    rows = connection.execute(_RUNS, {"environment": environment, "flag": flag, "limit": limit})
    return tuple(RunRecord(*row) for row in rows)


def read_newest_runs(
    connection: Connection, environment: str, flags: Sequence[str], limit: int
) -> Mapping[str, Sequence[RunRecord]]:
    """The newest runs that touched each flag, in one query; flags without one have no entry."""
    if version(connection) == 0:
        return {}
    wanted = {"environment": environment, "flags": list(flags), "limit": limit}
    found: defaultdict[str, list[RunRecord]] = defaultdict(list)
    for flag, *run in connection.execute(_NEWEST_RUNS, wanted):
        found[flag].append(RunRecord(*run))
    return dict(found)


def read_changes(
    connection: Connection,
    environment: str,
    *,
    flag: str | None,
    merchant: str | None,
    limit: int | None,
) -> tuple[ChangeRecord, ...]:
    """The newest changes first; within a run sorted by flag and merchant."""
    if version(connection) == 0:
        return ()
    wanted: dict[str, object] = {
        "environment": environment,
        "flag": flag,
        "merchant": merchant,
        "limit": limit,
    }
    if merchant is not None:
        rows = connection.execute(_RECORDS + _OF_MERCHANT + _NEWEST, wanted)
        return tuple(_record(row) for row in rows)
    runs = [seq for (seq,) in connection.execute(_RUNS_NEEDED, wanted)]
    if not runs:
        return ()
    wanted |= {"runs": runs, "first": min(runs), "last": max(runs)}
    rows = connection.execute(_RECORDS + _OF_RUNS + _NEWEST, wanted)
    return tuple(_record(row) for row in rows)


def read_last_changes(
    connection: Connection, environment: str, merchant: str
) -> Mapping[str, ChangeRecord]:
    """The newest change of one merchant, by flag."""
    newest_first = read_changes(connection, environment, flag=None, merchant=merchant, limit=None)
    return {record.flag: record for record in reversed(newest_first)}


def _record(row: TupleRow) -> ChangeRecord:
    generation, flag, merchant, value, cause, at = row
    return ChangeRecord(generation, flag, merchant, value, CAUSES[cause], at)
